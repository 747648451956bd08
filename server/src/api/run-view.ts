// What the API shows of a run. Pure. Also answered by doors that accept runs.
import type { z } from 'zod';
import { inMs } from '../clock/in-ms.ts';
import type { StoredRun } from '../runs/run.ts';
import { traceIdOf } from '../runs/trace-context.ts';
import type { runSchema } from './api-schemas.ts';
import { withoutAddress } from './hidden-address.ts';

export type RunView = z.input<typeof runSchema>;

export function runView(run: StoredRun): RunView {
  const at = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    id: run.id,
    function_id: run.functionId,
    version: run.version,
    trigger: run.trigger,
    cause: shownCause(run.cause),
    status: run.status,
    created_at: new Date(run.createdAtMs).toISOString(),
    started_at: at(run.startedAtMs),
    ended_at: at(run.endedAtMs),
    duration_ms: run.durationMs === null ? null : inMs(run.durationMs),
    init_ms: run.initMs === null ? null : inMs(run.initMs),
    memory_mb: run.memoryMb,
    memory_peak_bytes: run.memoryPeakBytes,
    attempts: run.attempts,
    engine: run.engine,
    response_status: run.responseStatus,
    error: run.error,
    due_at: at(run.dueAtMs),
    held: run.isHeld,
    trigger_id: run.triggerId,
    event_id: run.eventId,
    trace_id: traceIdOf(run),
    test: run.cause.test === true,
    replay_of: run.replayOf,
    dead_letter: run.status === 'dead' ? (run.deadLetter ?? 'open') : null,
    input_kept: run.isInputKept,
    result_kept: run.isResultKept,
    history: run.history,
  };
}

/** Its trigger is named; where that is reached, the trigger's own document says to those who may know. */
function shownCause(cause: StoredRun['cause']): StoredRun['cause'] {
  return typeof cause.path === 'string' ? { ...cause, path: withoutAddress(cause.path) } : cause;
}

/** Address of a run in the API. @param publicUrl without a trailing slash */
export function runUrl(publicUrl: string, runId: string): string {
  return `${publicUrl}/millrace/v1/runs/${runId}`;
}
