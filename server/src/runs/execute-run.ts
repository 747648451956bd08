// The spine for runs that somebody waits for: a run is begun, tried (attempt-run.ts), its outcome interpreted, the run recorded
// behind the answer. Runs that nobody waits for take the same attempt from the worker. Decides nothing about who may call;
// speaks no HTTP and no dialect.
import type { RunnableFunction } from '../functions/function.ts';
import { maskOf } from '../logs/secret-mask.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';
import { type Attempt, type AttemptParts, attemptRun } from './attempt-run.ts';
import { begunRun } from './begun-run.ts';
import { type Run, type RunCause, statusOf } from './run.ts';
import type { RunInput } from './run-input.ts';
import type { RunRecorder } from './run-recorder.ts';

export type RunRequest<Response> = {
  fn: RunnableFunction;
  /** What kind of thing started it: `http`, ... */
  trigger: string;
  cause: RunCause;
  /** Shorter than the function's own limit. */
  timeoutMs?: number;
  /** What is kept of its cause, to be shown and replayed; asked behind the answer. Holds no secret of the platform's. */
  input?: () => RunInput;
  /** The result is kept, too. */
  keepsResult?: true;
  /** The event as JSON text; called at most once, when there is an instance that is about to run it. */
  event(runId: string, fn: RunnableFunction): string;
  /** Turns the outcome into what the cause gets back; a `fault` makes a run that returned a failed one. */
  interpret(outcome: Outcome, runId: string): Interpretation<Response>;
};

export type Interpretation<Response> = {
  response: Response;
  /** HTTP status that the caller gets, where one waits. */
  responseStatus: number | null;
  /** What is wrong with a result that the function returned. */
  fault: RunError | null;
};

export type RunParts = AttemptParts & {
  recorder: RunRecorder;
  newRunId(nowMs: number): string;
  /** Unix time in ms. */
  clock(): number;
  /** Largest input and result that are kept, as JSON. */
  kept: { inputBytes: number; resultBytes: number };
};

export type RunExecutor = <Response>(request: RunRequest<Response>) => Promise<Response>;

/** Attempts that a platform fault may cost: it is retried once, on another sandbox. */
const MOST_ATTEMPTS = 2;

/**
 * @returns the executor. It throws a Failure (`too_many_runs`, `unavailable`) when the run could not be started at all;
 *   everything that happens inside a run is an outcome.
 */
export function runExecutor(parts: RunParts): RunExecutor {
  return async (request) => {
    const run = newRun(parts, request);
    parts.recorder.begin(run);
    let attempt: Attempt;
    try {
      attempt = await attemptTwice(parts, request, run);
    } catch (error) {
      refuse(parts, request, run, error);
      throw error;
    }
    const { response, ...told } = interpreted(parts, request, { run, attempt });
    settle(parts, request, { run, attempt, ...told });
    return response;
  };
}

function newRun<Response>(parts: RunParts, { fn, trigger, cause }: RunRequest<Response>): Run {
  const nowMs = parts.clock();
  return begunRun(fn, { id: parts.newRunId(nowMs), trigger, cause, nowMs });
}

async function attemptTwice<Response>(
  parts: RunParts,
  request: RunRequest<Response>,
  run: Run,
): Promise<Attempt> {
  const { fn, timeoutMs = null } = request;
  let text: string | null = null;
  const event = (): string => {
    text ??= request.event(run.id, fn);
    return text;
  };
  for (;;) {
    const attempt = await attemptRun(parts, { fn, run, event, timeoutMs });
    if (attempt.outcome.end !== 'platform_fault' || run.attempts >= MOST_ATTEMPTS) return attempt;
    run.attempts += 1;
  }
}

type Tried = { run: Run; attempt: Attempt };

/** A result that can't be made sense of ends its run all the same. */
function interpreted<Response>(
  parts: RunParts,
  request: RunRequest<Response>,
  tried: Tried,
): Interpretation<Response> {
  try {
    return request.interpret(tried.attempt.outcome, tried.run.id);
  } catch (error) {
    settle(parts, request, { ...tried, responseStatus: null, fault: platformError(error) });
    throw error;
  }
}

type Ended = Tried & Omit<Interpretation<unknown>, 'response'>;

/** Writes the outcome into the run and records it as soon as its log is whole; nobody waits for that. */
function settle<Response>(
  parts: RunParts,
  request: RunRequest<Response>,
  { run, attempt, responseStatus, fault }: Ended,
): void {
  const { outcome } = attempt;
  run.endedAtMs = parts.clock();
  run.responseStatus = responseStatus;
  run.error = outcome.end === 'returned' ? fault : outcome.error;
  const status = outcome.end === 'returned' && fault !== null ? 'failed' : statusOf(outcome);
  void attempt.settled.then(() => {
    run.status = status;
    const result = request.keepsResult === true ? keptResult(request.fn, outcome) : null;
    parts.recorder.finish(run, attempt.log, {
      complete: attempt.complete,
      input: inputKeeper(parts, request),
      countsFaults: request.fn.disableAfterFaults > 0,
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
function refuse<Response>(parts: RunParts, request: RunRequest<Response>, run: Run, error: unknown): void {
  run.status = 'failed';
  run.endedAtMs = parts.clock();
  run.error = platformError(error);
  parts.recorder.finish(run, null, { input: inputKeeper(parts, request) });
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
function inputKeeper<Response>(
  parts: RunParts,
  { input }: RunRequest<Response>,
): (() => Buffer | null) | null {
  if (input === undefined) return null;
  return () => {
    const kept = Buffer.from(JSON.stringify(input()));
    return kept.length <= parts.kept.inputBytes ? kept : null;
  };
}
