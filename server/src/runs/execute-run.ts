// The spine for synchronous runs: a run is begun, tried (attempt-run.ts), concluded (conclude-run.ts),
// answered, and recorded behind the answer. Asynchronous runs take the same steps from the worker. Decides
// nothing about permissions call; speaks no HTTP and no dialect.
import { versionFor } from '../functions/canary.ts';
import type { RunnableFunction } from '../functions/function.ts';
import { maskOf } from '../logs/secret-mask.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';
import { adapterOf } from './adapter-of.ts';
import { type Attempt, type AttemptParts, attemptRun } from './attempt-run.ts';
import { begunRun } from './begun-run.ts';
import type { CallResult, FunctionCall } from './call-function.ts';
import { type Conclusion, concludeRun } from './conclude-run.ts';
import type { Run } from './run.ts';
import type { ResultReader, RunAdapter, RunAdapters } from './run-adapter.ts';
import type { RunInput } from './run-input.ts';
import type { RunRecorder } from './run-recorder.ts';
import { causeWithTrace } from './trace-context.ts';

type Call = Omit<FunctionCall, 'world' | 'functionId'>;

export type RunParts = AttemptParts & {
  adapters: RunAdapters;
  recorder: Pick<RunRecorder, 'begin' | 'finish'>;
  newRunId(nowMs: number): string;
  /** Unix time in ms. */
  clock(): number;
  /** Largest input and result that are kept, as JSON. */
  kept: { inputBytes: number; resultBytes: number };
};

/** Of a function that is found and whose account may run it. */
export type RunExecutor = (fn: RunnableFunction, call: Call) => Promise<CallResult>;

/** Attempts that a platform fault may cost: it is retried once, on another sandbox. */
const MOST_ATTEMPTS = 2;

/**
 * @returns the executor. It throws a Failure (`too_many_runs`, `unavailable`) when the run could not be
 * started at all;
 *   everything that happens inside a run is an outcome.
 */
export function runExecutor(parts: RunParts): RunExecutor {
  return async (target, call) => {
    const { input, cause, adapter = adapterOf(parts.adapters, target) } = call;
    const nowMs = parts.clock();
    const id = parts.newRunId(nowMs);
    const fn = versionFor(target, id, input.request?.rawHeaders);
    const traced = causeWithTrace(cause, input.request?.rawHeaders);
    const run = begunRun(fn, { id, trigger: input.trigger, cause: traced, nowMs });
    parts.recorder.begin(run);
    let attempt: Attempt;
    try {
      attempt = await attemptTwice(parts, call, { fn, run, adapter });
    } catch (error) {
      refuse(parts, call, run, error);
      throw error;
    }
    const reader = readerOf(input);
    const conclusion = concluded(parts, call, { fn, run, attempt, adapter, reader });
    const handedOver = settle(parts, call, { fn, run, attempt, reader, conclusion });
    return { runId: run.id, outcome: conclusion.outcome, answer: conclusion.answer, handedOver };
  };
}

/** Calls over HTTP are answered; the one who calls otherwise judges what comes back. */
function readerOf({ trigger }: RunInput): ResultReader {
  return trigger === 'http' || trigger === 'function_url' ? 'http_caller' : 'noun';
}

async function attemptTwice(
  parts: RunParts,
  { input, timeoutMs }: Call,
  { fn, run, adapter }: { fn: RunnableFunction; run: Run; adapter: RunAdapter },
): Promise<Attempt> {
  let text: string | null = null;
  // When there is an instance that is about to run it, and once.
  const event = (): string => {
    text ??= adapter.eventOf(input, { runId: run.id, fn, attempt: 1 });
    return text;
  };
  for (;;) {
    const attempt = await attemptRun(parts, { fn, run, event, timeoutMs: timeoutMs ?? null });
    if (attempt.outcome.end !== 'platform_fault' || run.attempts >= MOST_ATTEMPTS) return attempt;
    run.attempts += 1;
  }
}

type Tried = { fn: RunnableFunction; run: Run; attempt: Attempt; reader: ResultReader };

/** A result that can't be made sense of ends its run all the same. */
function concluded(
  parts: RunParts,
  call: Call,
  { adapter, ...tried }: Tried & { adapter: RunAdapter },
): Conclusion {
  const { run, attempt, reader } = tried;
  try {
    const facts = { runId: run.id, trigger: call.input.trigger, reader };
    return concludeRun(adapter, attempt.outcome, facts);
  } catch (error) {
    const conclusion = { status: 'failed', error: platformError(error), answer: null } as const;
    void settle(parts, call, { ...tried, conclusion });
    throw error;
  }
}

type Ended = Tried & { conclusion: Omit<Conclusion, 'outcome'> };

/** Writes the end into the run and records it as soon as its log is whole; who shows the run waits for it. */
function settle(parts: RunParts, call: Call, { fn, run, attempt, reader, conclusion }: Ended): Promise<void> {
  run.endedAtMs = parts.clock();
  run.responseStatus = conclusion.answer?.status ?? null;
  run.error = conclusion.error;
  return attempt.settled.then(() => {
    run.status = conclusion.status;
    // What a caller over HTTP was answered went to the caller.
    const result = reader === 'noun' ? keptResult(fn, attempt.outcome) : null;
    parts.recorder.finish(run, attempt.log, {
      complete: attempt.complete,
      input: inputKeeper(parts, call),
      countsFaults: fn.disableAfterFaults > 0,
      result: result !== null && result.length <= parts.kept.resultBytes ? result : null,
    });
  });
}

/** What a run returned, as it may be kept: without the function's secrets. */
export function keptResult(fn: RunnableFunction, outcome: Outcome): Buffer | null {
  if (outcome.end !== 'returned') return null;
  return maskOf(fn)?.json(outcome.result) ?? outcome.result;
}

/** A run that never got an instance: it stands in the list with the reason. */
function refuse(parts: RunParts, call: Call, run: Run, error: unknown): void {
  run.status = 'failed';
  run.endedAtMs = parts.clock();
  run.error = platformError(error);
  parts.recorder.finish(run, null, { input: inputKeeper(parts, call) });
}

/** What is wrong with the platform, in the words of a run. */
export function platformError(error: unknown): RunError {
  const code = (error as { code?: unknown }).code;
  return {
    type: typeof code === 'string' ? `Platform.${code}` : 'Platform.internal',
    message: error instanceof Error ? error.message : String(error),
    stack: '',
  };
}

/** Asked when the recorder has time: making text of a cause costs as much as answering. */
function inputKeeper(parts: RunParts, { input }: Call): () => Buffer | null {
  return () => {
    const json = Buffer.from(JSON.stringify(input));
    return json.length <= parts.kept.inputBytes ? json : null;
  };
}
