// Which engines the conformance suite runs over, and the ways in which its tests hold a runtime. Used by the
// tests of this folder alone.
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { type Outcome, RuntimeProcess, type Settings } from './runtime-process.ts';

/** Starts a runtime whose handler loads; it is ended when the test is. */
export type StartRuntime = (handler: string, settings?: Settings) => Promise<RuntimeProcess>;

const engines = (process.env.MILLRACE_CONFORMANCE_ENGINES ?? process.execPath).split(',');
const versions = new Map(
  engines.map((engine) => [engine, execFileSync(engine, ['--version']).toString().trim()]),
);

/** Declares a test for each engine; `major` lets a test know which one it is on. */
export function testOnEngines(
  title: string,
  body: (start: StartRuntime, engine: string, major: number) => Promise<void>,
): void {
  for (const [engine, version] of versions) {
    test(`${version}: ${title}`, { timeout: 20_000 }, async (t) => {
      const started: RuntimeProcess[] = [];
      t.signal.addEventListener('abort', () => {
        for (const runtime of started) void runtime.kill();
      });
      const start = async (handler: string, settings: Settings = {}): Promise<RuntimeProcess> => {
        const runtime = new RuntimeProcess(handler, { engine, ...settings });
        started.push(runtime);
        const ready = await runtime.ready();
        if (ready.engine === undefined) throw new Error(`not loaded: ${JSON.stringify(ready)}`);
        return runtime;
      };
      try {
        await body(start, engine, Number.parseInt(version.slice(1), 10));
      } finally {
        await Promise.all(started.map((runtime) => runtime.kill()));
      }
    });
  }
}

/** One run in a runtime of its own. */
export async function runOnce(start: StartRuntime, handler: string, event?: unknown): Promise<Outcome> {
  const runtime = await start(handler);
  return runtime.run(event);
}
