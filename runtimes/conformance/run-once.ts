// One run in a runtime of its own, whichever language it is of. Called by the conformance suites.
import type { Outcome, RuntimeProcess } from './runtime-process.ts';

type Start<Settings> = (handler: string, settings?: Settings) => RuntimeProcess;

/** Starts a runtime whose handler loads. */
export async function loaded<Settings>(
  start: Start<Settings>,
  handler: string,
  settings?: Settings,
): Promise<RuntimeProcess> {
  const runtime = start(handler, settings);
  const ready = await runtime.ready();
  if (ready.engine === undefined) throw new Error(`not loaded: ${JSON.stringify(ready)}`);
  return runtime;
}

/** One run in a runtime of its own. */
export async function runOnce<Settings>(
  start: Start<Settings>,
  handler: string,
  event?: unknown,
  settings?: Settings,
): Promise<Outcome & { stdout: string; stderr: string }> {
  const runtime = await loaded(start, handler, settings);
  const outcome = await runtime.run(event);
  const stdout = await runtime.stdoutUpTo(outcome.head.stdoutBytes);
  return { ...outcome, stdout, stderr: runtime.stderr };
}
