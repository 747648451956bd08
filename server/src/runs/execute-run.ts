// The spine: one function does one thing for one cause. Gateway, worker and console test-run all go through here:
// a run is begun, an instance taken, the event handed over, the outcome interpreted, the run recorded. Decides nothing
// about who may call; speaks no HTTP and no dialect.
import type { RunnableFunction } from '../functions/function.ts';
import type { LogLines } from '../logs/log-lines.ts';
import { type FinishedInvocation, type Instance, StartFailure } from '../sandbox/instance.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';
import type { PoolTarget, SandboxPool } from '../sandbox/sandbox-pool.ts';
import { type Run, type RunCause, statusOf } from './run.ts';
import type { RunRecorder } from './run-recorder.ts';

export type RunRequest<Response> = {
  fn: RunnableFunction;
  /** What kind of thing started it: `http`, ... */
  trigger: string;
  cause: RunCause;
  /** The event as JSON text; called once, when the run's id is known. */
  event(runId: string): string;
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

export type RunParts = {
  pool: SandboxPool;
  recorder: RunRecorder;
  /** How instances of a function are made. */
  targetOf(fn: RunnableFunction): PoolTarget;
  functionArn(fn: RunnableFunction): string;
  newRunId(nowMs: number): string;
  /** Unix time in ms. */
  clock(): number;
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
      attempt = await attemptRun(parts, request, run);
    } catch (error) {
      parts.recorder.finish(refused(run, parts.clock(), error), null);
      throw error;
    }
    const interpretation = request.interpret(attempt.outcome, run.id);
    settle(parts, run, attempt, interpretation);
    return interpretation.response;
  };
}

type Attempt = {
  outcome: Outcome;
  log: LogLines;
  settled: Promise<void>;
  /** Writes into the run what the kernel says; a file is read for that. */
  complete: () => void;
};

function newRun<Response>(parts: RunParts, request: RunRequest<Response>): Run {
  const { fn } = request;
  const nowMs = parts.clock();
  return {
    id: parts.newRunId(nowMs),
    accountId: fn.accountId,
    mode: fn.mode,
    functionId: fn.id,
    version: fn.version,
    trigger: request.trigger,
    cause: request.cause,
    status: 'running',
    attempts: 1,
    memoryMb: fn.memoryMb,
    createdAtMs: nowMs,
    startedAtMs: null,
    endedAtMs: null,
    durationMs: null,
    initMs: null,
    memoryPeakBytes: null,
    error: null,
    engine: null,
    responseStatus: null,
  };
}

async function attemptRun<Response>(
  parts: RunParts,
  request: RunRequest<Response>,
  run: Run,
): Promise<Attempt> {
  for (;;) {
    const attempt = await attemptOnce(parts, request, run);
    if (attempt.outcome.end !== 'platform_fault' || run.attempts >= MOST_ATTEMPTS) return attempt;
    run.attempts += 1;
  }
}

async function attemptOnce<Response>(
  parts: RunParts,
  request: RunRequest<Response>,
  run: Run,
): Promise<Attempt> {
  const target = parts.targetOf(request.fn);
  let instance: Instance;
  try {
    instance = parts.pool.tryAcquire(target) ?? (await parts.pool.acquire(target));
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    run.memoryPeakBytes = error.memoryPeakBytes;
    run.durationMs = 0;
    return { outcome: error.outcome, log: error.log, settled: Promise.resolve(), complete: () => {} };
  }
  run.version = instance.version;
  run.engine = instance.engine;
  run.initMs = instance.takeInitMs();
  const finished = await instance.run({
    runId: run.id,
    functionArn: parts.functionArn(request.fn),
    timeoutMs: request.fn.timeoutMs,
    event: request.event(run.id),
  });
  return afterRun(parts, run, instance, finished);
}

function afterRun(parts: RunParts, run: Run, instance: Instance, finished: FinishedInvocation): Attempt {
  run.startedAtMs = finished.startedAtMs;
  run.durationMs = finished.durationMs;
  const settled = finished.settled.then(() => parts.pool.release(instance));
  const complete = (): void => {
    run.memoryPeakBytes = instance.memoryPeakBytes();
  };
  return { outcome: finished.outcome, log: finished.log, settled, complete };
}

/** Writes the outcome into the run and records it as soon as its log is whole; nobody waits for that. */
function settle<Response>(
  parts: RunParts,
  run: Run,
  attempt: Attempt,
  interpretation: Interpretation<Response>,
): void {
  const { outcome } = attempt;
  run.endedAtMs = parts.clock();
  run.responseStatus = interpretation.responseStatus;
  run.error = outcome.end === 'returned' ? interpretation.fault : outcome.error;
  const status = outcome.end === 'returned' && interpretation.fault !== null ? 'failed' : statusOf(outcome);
  void attempt.settled.then(() => {
    run.status = status;
    parts.recorder.finish(run, attempt.log, attempt.complete);
  });
}

/** A run that never got an instance: it stands in the list with the reason. */
function refused(run: Run, nowMs: number, error: unknown): Run {
  run.status = 'failed';
  run.endedAtMs = nowMs;
  const code = (error as { code?: unknown }).code;
  run.error = {
    type: typeof code === 'string' ? `Platform.${code}` : 'Platform.internal',
    message: error instanceof Error ? error.message : String(error),
    stack: '',
  };
  return run;
}
