// Forgets receipts of webhooks that have expired, a little at a time. Built by roles/mount-doors.ts.
import type { Logger } from 'pino';
import { type Rounds, startRounds, sweepInBatches } from '../clock/rounds.ts';
import type { Sql } from '../postgres/database.ts';
import { deleteExpiredReceipts } from './receipt-store.ts';

const EVERY_MS = 60_000;
const BATCH = 10_000;

export function startReceiptSweeper({ sql, log }: { sql: Sql; log: Logger }): Rounds {
  return startRounds({
    everyMs: EVERY_MS,
    round: (stopping) => sweepInBatches((batch) => deleteExpiredReceipts(sql, batch), BATCH, stopping),
    onError: (error) => log.warn({ err: error }, 'expired receipts of webhooks could not be deleted'),
  });
}
