// One attempt of a run: takes an instance from the pool, hands the event over, waits for the outcome, gives
// the instance back. A run whose instance ends before the run's code is called goes to another one: that is
// the same attempt. Writes into the run what it learns and records nothing: that is the caller's,
// execute-run.ts or the worker.
import type { RunnableFunction } from '../functions/function.ts';
import type { ExecutionMeter } from '../limits/execution-meter.ts';
import type { LogLines } from '../logs/log-lines.ts';
import type { FirstStart } from '../sandbox/instance-settings.ts';
import type { FinishedInvocation } from '../sandbox/invocation.ts';
import { CANCELLED, type Outcome, type RunError } from '../sandbox/outcome.ts';
import type { Lease, PoolTarget } from '../sandbox/revision-pool.ts';
import type { SandboxPool } from '../sandbox/sandbox-pool.ts';
import { StartFailure } from '../sandbox/start-failure.ts';
import type { ActiveRun, ActiveRuns } from './active-runs.ts';
import type { Run, SandboxStart } from './run.ts';
import { lambdaTraceId } from './trace-context.ts';

export type AttemptParts = {
  pool: SandboxPool;
  active: ActiveRuns;
  /** How instances of a function are made. */
  targetOf(fn: RunnableFunction): PoolTarget;
  functionArn(fn: RunnableFunction): string;
  /** What a function's owner can do about an error: said behind it, and in the log. */
  adviceOn?(error: RunError, fn: RunnableFunction): string | null;
  /** Unix time in ms. */
  clock(): number;
  /** Called with how long a run waited for a place that was not free at once. ms */
  onWaited?: ((ms: number) => void) | undefined;
  /** Counts what runs take of their account's time. */
  meter?: Pick<ExecutionMeter, 'begin' | 'end'>;
  /** Learns which run is in which sandbox: whose outgoing calls they are. */
  calls?: RunCalls | undefined;
};

/** What following a run has begun is known to who follows alone. */
type FollowedRun = Readonly<Record<string, unknown>>;
export type RunCalls = {
  begin(sandboxId: string, run: Run): FollowedRun | null;
  end(followed: FollowedRun): void;
};

export type AttemptedRun = {
  fn: RunnableFunction;
  run: Run;
  /** As JSON text; made when there is an instance, where it describes that moment. */
  event: string | (() => string);
  /** null: the function's own. */
  timeoutMs: number | null;
};

export type Attempt = {
  outcome: Outcome;
  log: LogLines | null;
  /** Resolves when the log is whole. Never rejects. */
  settled: Promise<void>;
  /** Writes into the run what the kernel says; a file is read for that. */
  complete: () => void;
};

/**
 * Instances that may end before the run has begun in them; a function all of whose instances end at once must
 * not go on for ever.
 */
const MOST_MOVES = 4;

/**
 * @returns an attempt; everything that happens inside a run is an outcome
 * @throws Failure (`too_many_runs`, `unavailable`) when no instance was to be had
 */
export async function attemptRun(parts: AttemptParts, attempted: AttemptedRun): Promise<Attempt> {
  const { run } = attempted;
  const active = parts.active.begin(run.id, run.attempts);
  try {
    let attempt = await runInInstance(parts, attempted, active);
    for (let moves = 0; !attempt.hasBegun && !active.isCancelled && moves < MOST_MOVES; moves += 1) {
      await attempt.settled;
      attempt = await runInInstance(parts, attempted, active);
    }
    const wasCut =
      active.isCancelled && attempt.outcome.end !== 'returned' && attempt.outcome.end !== 'threw';
    return wasCut ? { ...attempt, outcome: CANCELLED } : advised(parts, attempted, attempt);
  } finally {
    parts.active.end(run.id, active);
  }
}

function advised(parts: AttemptParts, { fn }: AttemptedRun, attempt: Attempt): Attempt {
  const { outcome, log } = attempt;
  if (outcome.end === 'returned') return attempt;
  const advice = parts.adviceOn?.(outcome.error, fn) ?? null;
  if (advice === null) return attempt;
  const error = { ...outcome.error, message: `${outcome.error.message}\n${advice}` };
  // Behind what the run itself has printed, which may still be on its way.
  const settled = attempt.settled.then(() => log?.addLine(advice, parts.clock()));
  return { ...attempt, outcome: { ...outcome, error }, settled };
}

type TriedInstance = Attempt & { /** False: the run's code was certainly not called. */ hasBegun: boolean };

async function runInInstance(
  parts: AttemptParts,
  { fn, run, event, timeoutMs }: AttemptedRun,
  active: ActiveRun,
): Promise<TriedInstance> {
  const target = targetFor(parts, fn);
  const askedAt = performance.now();
  let lease: Lease;
  try {
    lease = parts.pool.tryAcquire(target) ?? (await waitForPlace(parts, target));
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    run.memoryPeakBytes = error.memoryPeakBytes;
    run.durationMs = 0;
    return withoutInstance(error.outcomeOf(run.id), error.log);
  }
  if (active.isCancelled) {
    parts.pool.release(lease);
    return withoutInstance(CANCELLED, null);
  }
  const eventText = readyEvent(parts, lease, event);
  const { instance } = lease;
  active.instance = instance;
  run.version = instance.version;
  run.engine = instance.engine;
  const start = sandboxStart(instance.takeStart(), performance.now() - askedAt);
  run.initMs = start.initMs;
  run.facts = { in: Buffer.byteLength(eventText), out: 0, start };
  const metered = parts.meter?.begin(run.accountId);
  const followed = parts.calls?.begin(instance.id, run) ?? null;
  try {
    const finished = await instance.run({
      runId: run.id,
      functionArn: parts.functionArn(fn),
      traceId: lambdaTraceId(run) ?? undefined,
      timeoutMs: Math.min(timeoutMs ?? fn.timeoutMs, fn.timeoutMs),
      event: eventText,
      onLog: (log) => {
        active.log = log;
      },
    });
    return afterRun(parts, run, lease, finished);
  } finally {
    if (metered !== undefined) parts.meter?.end(metered);
    if (followed !== null) parts.calls?.end(followed);
  }
}

async function waitForPlace({ pool, onWaited }: AttemptParts, target: PoolTarget): Promise<Lease> {
  const since = performance.now();
  const lease = await pool.acquire(target);
  onWaited?.(performance.now() - since);
  return lease;
}

/** One that was started long before it was asked for had no run yet all the same. */
function sandboxStart(first: FirstStart | null, waitedMs: number): SandboxStart {
  if (first === null) return { sandbox: 'warm', waitedMs, initMs: null };
  const { initMs, isFromStock } = first;
  const sandbox = waitedMs < initMs / 2 ? 'ahead' : isFromStock ? 'stock' : 'cold';
  return { sandbox, waitedMs, initMs };
}

/** An instance whose use can't be read is ended. */
function readyEvent(parts: AttemptParts, lease: Lease, event: AttemptedRun['event']): string {
  if (typeof event === 'string') return event;
  try {
    return event();
  } catch (error) {
    parts.pool.release(lease);
    throw error;
  }
}

/** Instances of a pinned version stand beside those of the active one, whose place they don't take. */
function targetFor(parts: AttemptParts, fn: RunnableFunction): PoolTarget {
  const target = parts.targetOf(fn);
  return fn.isPinned === true ? { ...target, functionId: `${fn.id}@${fn.version}` } : target;
}

function afterRun(parts: AttemptParts, run: Run, lease: Lease, finished: FinishedInvocation): TriedInstance {
  run.startedAtMs = finished.startedAtMs;
  run.durationMs = finished.durationMs;
  if (finished.lingers) parts.pool.linger(lease);
  const settled = finished.settled.then(() => parts.pool.release(lease));
  const endedAt = performance.now();
  const complete = (): void => {
    run.memoryPeakBytes = peakSince(lease, endedAt);
  };
  const { outcome, log, hasBegun } = finished;
  if (outcome.end === 'returned' && run.facts !== undefined) run.facts.out = outcome.result.length;
  return { outcome, log, hasBegun, settled, complete };
}

/** Read once for all runs that had ended by then: it takes a system call. */
function peakSince({ member, instance }: Lease, endedAt: number): number | null {
  if (member.peak.readAt < endedAt)
    member.peak = { bytes: instance.memoryPeakBytes(), readAt: performance.now() };
  return member.peak.bytes;
}

/** There is nothing to move: it could not be loaded, or wasn't wanted any more. */
function withoutInstance(outcome: Outcome, log: LogLines | null): TriedInstance {
  return { outcome, log, hasBegun: true, settled: Promise.resolve(), complete: () => {} };
}
