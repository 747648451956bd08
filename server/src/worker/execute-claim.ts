// Executes one claimed run: finds the function and the run's input, makes the dialect's event, tries it by
// the same spine as calls (runs/attempt-run.ts), and says what is to be written. Claims and writes nothing
// itself.
import { Failure } from '../errors/failure.ts';
import { versionFor } from '../functions/canary.ts';
import type { RunnableFunction } from '../functions/function.ts';
import type { FunctionDirectory } from '../functions/function-directory.ts';
import type { Sql } from '../postgres/database.ts';
import type { ClaimedRun, ClaimKey } from '../queue/claimed-run.ts';
import { planRetry } from '../queue/retry-plan.ts';
import type { SettledAttempt } from '../queue/settle-store.ts';
import type { Settlement } from '../queue/settler.ts';
import { adapterOf } from '../runs/adapter-of.ts';
import { type Attempt, type AttemptParts, attemptRun } from '../runs/attempt-run.ts';
import { begunRun } from '../runs/begun-run.ts';
import { concludeRun } from '../runs/conclude-run.ts';
import { keptResult, platformError } from '../runs/execute-run.ts';
import { functionEnding } from '../runs/function-ending.ts';
import type { Run } from '../runs/run.ts';
import type { RunAdapters } from '../runs/run-adapter.ts';
import type { RunInput } from '../runs/run-input.ts';
import { findSealed } from '../runs/run-store.ts';
import { openInput, type Seals } from '../runs/sealed-contents.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';

export type ExecuteParts = {
  attempts: AttemptParts;
  functions: Pick<FunctionDirectory, 'find' | 'findVersion'>;
  adapters: RunAdapters;
  keys: Seals;
  sql: Sql;
  /** Unix time in ms. */
  clock(): number;
  /** Uniformly random in [0, 1). */
  chance(): number;
};

/** A run that found no instance is looked at again after this. ms */
const NO_ROOM_PAUSE_MS = 500;

/** Never rejects: whatever goes wrong is written into the run. */
export async function executeClaim(parts: ExecuteParts, claimed: ClaimedRun): Promise<Settlement> {
  try {
    const fn = await functionOf(parts, claimed);
    const obstacle = obstacleOf(fn, claimed);
    if (fn === null || obstacle !== null) return cancelled(parts, claimed, obstacle ?? GONE);
    // Paused since it was claimed: it waits with the others.
    if (fn.pausedAt !== null) return handBack(parts, claimed, 0);
    return await attemptClaim(parts, claimed, fn);
  } catch (error) {
    const isNoRoom = error instanceof Failure && error.code === 'too_many_runs';
    return isNoRoom
      ? handBack(parts, claimed, NO_ROOM_PAUSE_MS)
      : spoiled(parts, claimed, platformError(error));
  }
}

/** Puts a run back as if it had not been claimed. */
export function handBack(
  { clock }: Pick<ExecuteParts, 'clock'>,
  claimed: ClaimKey,
  queuedAfterMs: number,
): Settlement {
  const { id, accountId, claims } = claimed;
  return {
    settled: { id, accountId, claims, attempt: null, next: { queuedAfterMs } },
    ...{ atMs: clock(), recorded: null, result: null, faults: null },
  };
}

async function functionOf(parts: ExecuteParts, claimed: ClaimedRun): Promise<RunnableFunction | null> {
  const { id, functionId, pinnedVersion } = claimed;
  if (pinnedVersion !== null) return await parts.functions.findVersion(functionId, pinnedVersion);
  const fn = await parts.functions.find(functionId);
  return fn === null ? null : versionFor(fn, id);
}

const GONE: RunError = {
  type: 'Platform.FunctionGone',
  message: 'the function, or the version that the run asks for, was deleted before the run could begin',
  stack: '',
};
const DISABLED: RunError = {
  type: 'Platform.FunctionDisabled',
  message: 'the function was disabled before the run could begin',
  stack: '',
};

function obstacleOf(fn: RunnableFunction | null, claimed: ClaimedRun): RunError | null {
  if (fn === null || fn.accountId !== claimed.accountId || fn.mode !== claimed.mode) return GONE;
  return fn.enabled ? null : DISABLED;
}

async function attemptClaim(
  parts: ExecuteParts,
  claimed: ClaimedRun,
  fn: RunnableFunction,
): Promise<Settlement> {
  const input = await inputOf(parts, claimed);
  const adapter = adapterOf(parts.adapters, fn);
  const event = adapter.eventOf(input, { runId: claimed.id, fn, attempt: claimed.attempt });
  const { trigger } = input;
  const { id, cause, createdAtMs: nowMs, attempt: attempts } = claimed;
  const run: Run = { ...begunRun(fn, { id, trigger, cause, nowMs }), attempts };
  const attempt = await attemptRun(parts.attempts, { fn, run, event, timeoutMs: null });
  run.endedAtMs = parts.clock();
  const { status, error } = concludeRun(adapter, attempt.outcome, { runId: id, trigger, reader: 'nobody' });
  run.status = status;
  run.error = error;
  await attempt.settled;
  attempt.complete();
  return settlementOf(parts, { claimed, fn, run, attempt });
}

async function inputOf({ keys, sql }: ExecuteParts, claimed: ClaimedRun): Promise<RunInput> {
  const sealed = claimed.sealedInput ?? (await findSealed(sql, claimed, claimed.id))?.input ?? null;
  if (sealed === null) throw new Error('the input of the run is gone');
  return await openInput(keys, { accountId: claimed.accountId, runId: claimed.id }, sealed);
}

type Tried = { claimed: ClaimedRun; fn: RunnableFunction; run: Run; attempt: Attempt };

function settlementOf(parts: ExecuteParts, { claimed, fn, run, attempt }: Tried): Settlement {
  const { outcome, log } = attempt;
  const blame = blameOf(outcome, run);
  const plan = planRetry(
    fn.retry,
    { ...claimed, status: run.status, isPlatformFault: blame === 'platform' },
    parts.chance(),
  );
  const endedAtMs = run.endedAtMs ?? parts.clock();
  const { id, accountId, claims } = claimed;
  const { status, error, version, durationMs, initMs, memoryPeakBytes, engine } = run;
  const startedAgoMs = run.startedAtMs === null ? null : endedAtMs - run.startedAtMs;
  const told = { status, error, version, durationMs, initMs, memoryPeakBytes, engine, blame, startedAgoMs };
  const counts = fn.disableAfterFaults > 0 && blame !== 'platform' && status !== 'cancelled';
  return {
    settled: { id, accountId, claims, attempt: { ...told, endedAgoMs: 0 }, next: nextOf(plan) },
    atMs: endedAtMs,
    recorded: { run, lines: log?.lines ?? [], truncated: (log?.droppedBytes ?? 0) > 0 },
    result: keptResult(fn, outcome),
    faults: counts ? functionEnding(run, blame === 'function') : null,
  };
}

function nextOf(plan: ReturnType<typeof planRetry>): SettledAttempt['next'] {
  return plan.next === 'end' ? { final: plan.status } : { queuedAfterMs: plan.afterMs };
}

function blameOf(outcome: Outcome, { status }: Run): 'function' | 'platform' | 'nobody' {
  if (outcome.end === 'platform_fault') return 'platform';
  return status === 'succeeded' || status === 'cancelled' ? 'nobody' : 'function';
}

/** The run never began, and never will. */
function cancelled(parts: ExecuteParts, claimed: ClaimedRun, error: RunError): Settlement {
  return withoutAttempt(parts, claimed, { status: 'cancelled', blame: 'nobody', error });
}

/** The platform could not try it. */
function spoiled(parts: ExecuteParts, claimed: ClaimedRun, error: RunError): Settlement {
  return withoutAttempt(parts, claimed, { status: 'crashed', blame: 'platform', error });
}

function withoutAttempt(
  parts: ExecuteParts,
  claimed: ClaimedRun,
  end: Pick<NonNullable<SettledAttempt['attempt']>, 'status' | 'blame' | 'error'>,
): Settlement {
  const plan = planRetry(
    { preset: 'none' },
    { ...claimed, status: end.status, isPlatformFault: end.blame === 'platform' },
    parts.chance(),
  );
  const unknown = { version: null, durationMs: null, initMs: null, memoryPeakBytes: null, engine: null };
  const { id, accountId, claims } = claimed;
  return {
    settled: {
      ...{ id, accountId, claims },
      attempt: { ...end, ...unknown, startedAgoMs: null, endedAgoMs: 0 },
      next: nextOf(plan),
    },
    ...{ atMs: parts.clock(), recorded: null, result: null, faults: null },
  };
}
