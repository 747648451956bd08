// Which Javas the conformance suite runs over: every one of this machine. Compiles the handlers of
// java-handlers/ once. Used by the tests of this folder alone.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { encodeTwoPartFrame, FRAME } from '../../contract/frames.cjs';
import type { FoundJava } from '../../contract/javas.ts';
import { openJavaInstaller } from '../../server/src/engines/java-installer.ts';
import { compileJava, javas, noJava } from './compile-java.ts';
import { RuntimeProcess, type Settings } from './runtime-process.ts';

const sourcesDir = fileURLToPath(new URL('./java-handlers', import.meta.url));
const buildDir = fileURLToPath(new URL('../../build', import.meta.url));
const enginesDir = process.env.MILLRACE_ENGINES_DIR ?? path.join(buildDir, 'engines');
const installer = openJavaInstaller({ enginesDir, javas, log: pino({ level: 'silent' }) });

export type StartJava = (handler: string, settings?: Settings) => RuntimeProcess;

/**
 * Declares a test for each Java; without one it is skipped, and says so. What is started is ended when the
 * test is.
 */
export function testOnJavas(title: string, body: (start: StartJava) => Promise<void>): void {
  if (noJava) test(title, { skip: noJava });
  for (const java of noJava ? [] : javas.engines) {
    test(`Java ${java.exact}: ${title}`, { timeout: 60_000 }, async (t) => {
      const started: RuntimeProcess[] = [];
      t.signal.addEventListener('abort', () => {
        for (const runtime of started) void runtime.kill();
      });
      const launch = await prepared(java);
      const start: StartJava = (handler, settings = {}) => {
        const runtime = new RuntimeProcess(handler, { ...launch, language: 'java', ...settings });
        started.push(runtime);
        return runtime;
      };
      try {
        await body(start);
      } finally {
        await Promise.all(started.map((runtime) => runtime.kill()));
      }
    });
  }
}

async function prepared(java: FoundJava): Promise<{ engine: string; taskRoot: string }> {
  await installer.ensure(java);
  return { engine: path.join(enginesDir, java.folder, 'bin/java'), taskRoot: compiledHandlers() };
}

/** @returns folder with the handlers' classes, as a zip has them at its root */
export function compiledHandlers(): string {
  const folder = path.join(sourcesDir, 'zoo');
  const files = readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  const classes = path.join(buildDir, `java-zoo-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(classes)) return classes;
  const incoming = `${classes}.${process.pid}`;
  mkdirSync(incoming, { recursive: true });
  compileJava(incoming, files);
  rmSync(path.join(incoming, 'zoo/Missing.class'));
  writeFileSync(path.join(incoming, 'settings.txt'), 'of the code\n');
  try {
    renameSync(incoming, classes);
  } catch {
    // Another test's process was faster.
    rmSync(incoming, { recursive: true, force: true });
  }
  return classes;
}

/** The result of a run as it was sent, to the byte. @param event JSON, sent to the byte as well */
export async function resultText(runtime: RuntimeProcess, event: string): Promise<string> {
  const head = JSON.stringify({ requestId: 'r', deadlineMs: Date.now() + 60_000, functionArn: '' });
  runtime.sendBytes(encodeTwoPartFrame(FRAME.INVOKE, Buffer.alloc(8, 1), head, event));
  const { payload } = (await runtime.nextFrame()) ?? { payload: Buffer.alloc(4) };
  return payload.subarray(4 + payload.readUInt32LE(0)).toString();
}
