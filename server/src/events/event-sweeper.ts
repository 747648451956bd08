// Deletes events that are older than the retention of runs. A background service.
import type { Logger } from 'pino';
import { HOURLY_MS, type Rounds, startRounds, sweepInBatches } from '../clock/rounds.ts';
import type { Sql } from '../postgres/database.ts';
import { deleteOldEvents } from './event-store.ts';

const BATCH_EVENTS = 5_000;

export function startEventSweeper(parts: { sql: Sql; retentionDays: number; log: Logger }): Rounds {
  return startRounds({
    everyMs: HOURLY_MS,
    round: (stopping) => sweepEvents(parts.sql, parts.retentionDays, stopping),
    onError: (error) => parts.log.error({ err: error }, 'old events could not be deleted'),
  });
}

/** @returns how many events were deleted */
export function sweepEvents(sql: Sql, retentionDays: number, stopping: AbortSignal): Promise<number> {
  return sweepInBatches((batch) => deleteOldEvents(sql, retentionDays, batch), BATCH_EVENTS, stopping);
}
