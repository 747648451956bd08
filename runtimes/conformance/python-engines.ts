// Which Pythons the conformance suite runs over: every one of this machine. Used by the tests of this folder
// alone.
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findPythons } from '../../launcher/find-pythons.ts';
import { loaded } from './run-once.ts';
import { RuntimeProcess, type Settings } from './runtime-process.ts';

const taskRoot = fileURLToPath(new URL('./python-handlers', import.meta.url));
const pythons = await findPythons(process.env);

export type StartPython = (handler: string, settings?: Settings) => RuntimeProcess;

/**
 * Declares a test for each Python; without one it is skipped, and says so. What is started is ended when the
 * test is.
 */
export function testOnPythons(
  title: string,
  body: (start: StartPython, minor: number) => Promise<void>,
): void {
  if (pythons.length === 0) test(title, { skip: 'there is no Python 3.8 or later on this machine' });
  for (const { prefix, binary, exact, version } of pythons) {
    test(`Python ${exact}: ${title}`, { timeout: 30_000 }, async (t) => {
      const started: RuntimeProcess[] = [];
      t.signal.addEventListener('abort', () => {
        for (const runtime of started) void runtime.kill();
      });
      const engine = path.join(prefix, binary);
      const start: StartPython = (handler, settings = {}) => {
        const runtime = new RuntimeProcess(handler, { engine, language: 'python', taskRoot, ...settings });
        started.push(runtime);
        return runtime;
      };
      try {
        await body(start, Number(version.split('.')[1]));
      } finally {
        await Promise.all(started.map((runtime) => runtime.kill()));
      }
    });
  }
}

/** The result of one run as it was sent, to the byte. */
export async function resultText(
  start: StartPython,
  handler: string,
  event: unknown,
  settings: Settings = {},
): Promise<string> {
  const runtime = await loaded(start, handler, settings);
  runtime.invoke(event);
  const { payload } = (await runtime.nextFrame()) ?? { payload: Buffer.alloc(4) };
  return payload.subarray(4 + payload.readUInt32LE(0)).toString();
}
