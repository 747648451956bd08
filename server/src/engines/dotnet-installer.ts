// Makes .NET engines ready for jails: what a function needs of a runtime of the machine, copied into the
// engines folder, the host of runtimes/dotnet compiled for exactly that runtime, and the Node that serves
// functions which bring their own program. An engine appears there whole and tried, or not at all. Several
// processes may share the folder. Called when a function first asks for an engine.
import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { hostSources } from '../../../contract/dotnet-host.ts';
import type { FoundDotnet, FoundDotnets } from '../../../contract/dotnets.ts';
import { DOTNET_HOST, homeDir } from '../../../contract/paths.ts';
import { Failure } from '../errors/failure.ts';
import { PREFIX, removeStale } from './engine-installer.ts';
import { runToEnd } from './run-to-end.ts';

export type DotnetInstaller = {
  /**
   * Makes the engine unless it is there. Concurrent calls share the work.
   * @throws Failure `unavailable` with the reason
   */
  ensure(engine: FoundDotnet): Promise<void>;
  /** Ends what is under way and waits for it. */
  close(): Promise<void>;
};

const COMPILE_TIMEOUT_MS = 5 * 60_000;
const TRY_TIMEOUT_MS = 60_000;
/** For debuggers and crash dumps, which a jail has no use for. */
const LEFT_OUT = new Set([
  'createdump',
  'libmscordaccore.so',
  'libmscordbi.so',
  'libcoreclrtraceptprovider.so',
]);
/** Nothing is asked of the home, the network or the user. */
const ENVIRONMENT = {
  ...{ DOTNET_EnableDiagnostics: '0', DOTNET_NOLOGO: '1', DOTNET_CLI_TELEMETRY_OPTOUT: '1' },
  ...{ DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', PATH: '/usr/bin:/bin' },
};

export function openDotnetInstaller(parts: {
  enginesDir: string;
  dotnets: FoundDotnets;
  log: Logger;
}): DotnetInstaller {
  const { enginesDir, log } = parts;
  const underway = new Map<string, Promise<void>>();
  const closing = new AbortController();

  async function make(engine: FoundDotnet): Promise<void> {
    const startedAt = performance.now();
    log.info(`making the .NET ${engine.exact} engine ready (about 200 MB, once)`);
    const temporaryDir = path.join(enginesDir, `${PREFIX}dotnet-${randomUUID()}`);
    try {
      await mkdir(temporaryDir, { recursive: true });
      await removeStale(enginesDir);
      await copyParts(engine, temporaryDir);
      await copyFile(process.execPath, path.join(temporaryDir, 'node'), constants.COPYFILE_FICLONE);
      await compileHost({ ...parts, engine, into: temporaryDir, signal: closing.signal });
      await tryHost(temporaryDir, closing.signal);
      await publish(temporaryDir, path.join(enginesDir, engine.folder));
    } catch (error) {
      const reason = (error as Error).message;
      const message = `The engine .NET ${engine.exact} can't be made ready: ${reason}`;
      throw new Failure('unavailable', { message, facts: { engine: engine.exact }, cause: error });
    } finally {
      await rm(temporaryDir, { recursive: true, force: true });
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    log.info(`the .NET ${engine.exact} engine is ready after ${seconds} s`);
  }

  return {
    ensure(engine) {
      if (existsSync(path.join(enginesDir, engine.folder))) return Promise.resolve();
      const running = underway.get(engine.folder);
      if (running !== undefined) return running;
      const making = make(engine).finally(() => underway.delete(engine.folder));
      underway.set(engine.folder, making);
      return making;
    },
    async close() {
      closing.abort();
      await Promise.allSettled(underway.values());
    },
  };
}

async function copyParts({ root, parts }: FoundDotnet, into: string): Promise<void> {
  for (const part of parts) {
    await mkdir(path.dirname(path.join(into, part)), { recursive: true });
    await cp(path.join(root, part), path.join(into, part), {
      ...{ recursive: true, dereference: true },
      filter: (file) => !LEFT_OUT.has(path.basename(file)),
    });
  }
}

type Compilation = { engine: FoundDotnet; dotnets: FoundDotnets; into: string; signal: AbortSignal };

/** Against the runtime's own assemblies: it runs on no other. */
async function compileHost({ engine, dotnets, into, signal }: Compilation): Promise<void> {
  const { compiler } = dotnets;
  if (compiler === null)
    throw new Error('there is no .NET SDK on this machine, whose compiler is needed once');
  const framework = path.join(into, 'shared/Microsoft.NETCore.App', engine.exact);
  const references = (await readdir(framework)).filter((name) =>
    /^(System|Microsoft|mscorlib|netstandard).*\.dll$/.test(name),
  );
  await mkdir(path.join(into, path.dirname(DOTNET_HOST)), { recursive: true });
  const { status, stdout, stderr } = await runToEnd({
    command: path.join(compiler.root, 'dotnet'),
    args: [
      ...['exec', path.join(compiler.root, compiler.file)],
      ...['-nologo', '-noconfig', '-nostdlib', '-optimize+', '-deterministic', '-unsafe', '-target:exe'],
      ...[`-out:${path.join(into, DOTNET_HOST)}`, `-pathmap:${homeDir()}=/`],
      ...references.map((name) => `-reference:${path.join(framework, name)}`),
      ...hostSources(path.join(homeDir(), 'runtimes/dotnet')),
    ],
    env: ENVIRONMENT,
    cwd: into,
    timeoutMs: COMPILE_TIMEOUT_MS,
    signal,
  });
  if (status !== 0) throw new Error(`its host doesn't compile: ${(stdout + stderr).trim().slice(-500)}`);
  await writeFile(path.join(into, DOTNET_HOST.replace(/dll$/, 'runtimeconfig.json')), runtimeConfig(engine));
}

function runtimeConfig({ version, exact }: FoundDotnet): string {
  return JSON.stringify({
    runtimeOptions: {
      tfm: `net${version}.0`,
      framework: { name: 'Microsoft.NETCore.App', version: exact },
      // One thread less in each sandbox, and no code that measures itself.
      configProperties: { 'System.GC.Concurrent': false, 'System.Runtime.TieredPGO': false },
    },
  });
}

/** Without a server the host ends at once: then everything that it needs is there. */
async function tryHost(dir: string, signal: AbortSignal): Promise<void> {
  const { status, stderr } = await runToEnd({
    ...{ command: path.join(dir, 'dotnet'), args: [path.join(dir, DOTNET_HOST), 'try'], env: ENVIRONMENT },
    ...{ cwd: dir, timeoutMs: TRY_TIMEOUT_MS, signal },
  });
  if (status !== 0)
    throw new Error(`it doesn't run here: ${stderr.trim().slice(0, 500) || `exit status ${status}`}`);
}

async function publish(temporaryDir: string, dir: string): Promise<void> {
  try {
    await rename(temporaryDir, dir);
  } catch (error) {
    // Another process was faster.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
