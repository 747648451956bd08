// Makes Java engines ready for jails: what a function needs of a JDK or JRE of the machine, copied into the
// engines folder, and the runtime of runtimes/java compiled. An engine appears there whole and tried, or not
// at all. Several processes may share the folder. Called when a function first asks for an engine.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Logger } from 'pino';
import { ZipFile } from 'yazl';
import { type FoundJava, type FoundJavas, OLDEST_JAVA, runtimeSources } from '../../../contract/javas.ts';
import { homeDir, JAVA_RUNTIME } from '../../../contract/paths.ts';
import { Failure } from '../errors/failure.ts';
import { runToEnd } from './run-to-end.ts';

export type JavaInstaller = {
  /**
   * Makes the engine unless it is there. Concurrent calls share the work.
   * @throws Failure `unavailable` with the reason
   */
  ensure(engine: FoundJava): Promise<void>;
  /** Ends what is under way and waits for it. */
  close(): Promise<void>;
};

const TIMEOUT_MS = 5 * 60_000;
const PARTS = ['bin/java', 'lib', 'conf', 'release'];
/**
 * For compilers, debuggers and tools, which a jail has no use for; archives for other ways to lay memory out.
 */
const LEFT_OUT = [
  ...['src.zip', 'ct.sym', 'jfr', 'libattach.so', 'libsaproc.so', 'libjdwp.so', 'libdt_socket.so'],
  ...['classes_nocoops.jsa', 'classes_coh.jsa', 'classes_nocoops_coh.jsa'],
];
/**
 * Java opens no descriptor by its number, and changes no variable of its process: the runtime reaches into
 * these packages.
 */
const MANIFEST = `Manifest-Version: 1.0
Main-Class: millrace.runtime.Main
Add-Opens: java.base/java.io java.base/java.lang java.base/sun.nio.ch

`;

export function openJavaInstaller(parts: {
  enginesDir: string;
  javas: FoundJavas;
  log: Logger;
}): JavaInstaller {
  const { enginesDir, javas, log } = parts;
  const underway = new Map<string, Promise<void>>();
  const closing = new AbortController();

  async function make(engine: FoundJava): Promise<void> {
    const startedAt = performance.now();
    log.info(`making the Java ${engine.exact} engine ready (about 180 MB, once)`);
    const temporaryDir = path.join(enginesDir, `.incoming-java-${randomUUID()}`);
    try {
      await copyParts(engine.home, temporaryDir);
      await makeRuntime({ javas, into: temporaryDir, signal: closing.signal });
      await tryRuntime(temporaryDir, closing.signal);
      await publish(temporaryDir, path.join(enginesDir, engine.folder));
      await removeFormer(enginesDir, engine);
    } catch (error) {
      const message = `The engine Java ${engine.exact} can't be made ready: ${(error as Error).message}`;
      throw new Failure('unavailable', { message, facts: { engine: engine.exact }, cause: error });
    } finally {
      await rm(temporaryDir, { recursive: true, force: true });
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    log.info(`the Java ${engine.exact} engine is ready after ${seconds} s`);
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

/** Files in place of links: distributions keep settings and roots elsewhere, where no jail has them. */
async function copyParts(home: string, into: string): Promise<void> {
  for (const part of PARTS.filter((name) => existsSync(path.join(home, name)))) {
    await mkdir(path.dirname(path.join(into, part)), { recursive: true });
    await cp(path.join(home, part), path.join(into, part), {
      ...{ recursive: true, dereference: true },
      filter: (file) => !LEFT_OUT.includes(path.basename(file)) && existsSync(file),
    });
  }
}

type Making = { javas: FoundJavas; into: string; signal: AbortSignal };

async function makeRuntime({ javas, into, signal }: Making): Promise<void> {
  const { compilerHome } = javas;
  if (compilerHome === null)
    throw new Error('there is no JDK on this machine, whose compiler is needed once');
  const classesDir = path.join(into, 'classes');
  const { status, stdout, stderr } = await runToEnd({
    command: path.join(compilerHome, 'bin/javac'),
    args: [
      ...[
        '--release',
        String(OLDEST_JAVA),
        '-XDstringConcat=inline',
        '-J-XX:TieredStopAtLevel=1',
        '-J-XX:-UsePerfData',
      ],
      ...['-Xlint:-options', '-encoding', 'UTF-8', '-d', classesDir],
      ...runtimeSources(path.join(homeDir(), 'runtimes/java')),
    ],
    ...{ env: {}, cwd: into, timeoutMs: TIMEOUT_MS, signal },
  });
  if (status !== 0) throw new Error(`its runtime doesn't compile: ${(stdout + stderr).trim().slice(-500)}`);
  await writeFile(path.join(into, JAVA_RUNTIME), await packJar(classesDir));
  await rm(classesDir, { recursive: true });
}

async function packJar(classesDir: string): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(MANIFEST), 'META-INF/MANIFEST.MF');
  for (const entry of await readdir(classesDir, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) zip.addBuffer(await readFile(file), path.relative(classesDir, file));
  }
  zip.end();
  return await buffer(zip.outputStream);
}

/** Without a server the runtime says that there is none: then everything that it needs is there. */
async function tryRuntime(dir: string, signal: AbortSignal): Promise<void> {
  const { status, stderr } = await runToEnd({
    command: path.join(dir, 'bin/java'),
    args: ['-XX:-UsePerfData', '-jar', path.join(dir, JAVA_RUNTIME), 'try'],
    ...{ env: {}, cwd: dir, timeoutMs: TIMEOUT_MS, signal },
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

/** What an earlier patch of this Java, or an earlier runtime, has left: nothing here starts it again. */
async function removeFormer(enginesDir: string, { version, folder }: FoundJava): Promise<void> {
  const former = new RegExp(`^java-${version}(\\.[0-9.]+)?-[0-9a-f]{12}$`);
  for (const name of await readdir(enginesDir)) {
    if (name !== folder && former.test(name))
      await rm(path.join(enginesDir, name), { recursive: true, force: true });
  }
}
