// A run as it begins: nothing is known of it yet but who runs, why, and since when. Pure.
import type { RunnableFunction } from '../functions/function.ts';
import type { Run } from './run.ts';

/** @param facts `nowMs`: Unix time in ms */
export function begunRun(
  fn: RunnableFunction,
  { id, trigger, cause, nowMs }: Pick<Run, 'id' | 'trigger' | 'cause'> & { nowMs: number },
): Run {
  return {
    id,
    accountId: fn.accountId,
    mode: fn.mode,
    functionId: fn.id,
    version: fn.version,
    trigger,
    cause,
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
