// What the ending of a run is for the caller of its outcome, where it was not a frame that the run goes on
// after. Pure; called by instance.ts, which has waited for what the ending brings with it.

import type { SandboxExit } from '../../../contract/sandbox.ts';
import type { Ending } from './awaited-endings.ts';
import { type ExitFacts, outcomeOfExit } from './exit-outcome.ts';
import { type Fellows, outcomeAmongFellows } from './fellow-runs.ts';
import { CANCELLED, exitError, type Outcome, timeoutError } from './outcome.ts';
import { outcomeOfFrame } from './runtime-words.ts';

/** A socket that was closed says nothing: the exit of the sandbox does. */
export type ToldEnding = Exclude<Ending, { how: 'closed' }> | { how: 'gone'; exit: SandboxExit };

export type EndedRun = ExitFacts & {
  runId: string;
  timeoutMs: number;
  fellows: Fellows;
  /** Unix time in ms. */
  nowMs: number;
};

export function outcomeOfEnding(end: ToldEnding, run: EndedRun): Outcome {
  const { runId, timeoutMs, fellows, nowMs } = run;
  const among = (outcome: Outcome, exit: SandboxExit | null): Outcome =>
    outcomeAmongFellows(outcome, fellows, { runId, exit });
  switch (end.how) {
    case 'timeout':
      return { end: 'timed_out', error: timeoutError(runId, timeoutMs, nowMs) };
    case 'cancelled':
      return CANCELLED;
    case 'exited':
      return { end: 'crashed', error: exitError(runId, { code: end.exitCode, signal: null }) };
    case 'frame':
      return among(outcomeOfFrame(end.type, end.body, end.head), null);
    case 'garbage':
      return among(badFrame(end.message), null);
    case 'gone':
      return among(outcomeOfExit(end.exit, run), end.exit);
  }
}

function badFrame(message: string): Outcome {
  return { end: 'crashed', error: { type: 'Runtime.BadFrame', message, stack: '' } };
}
