// Forgets accepted deliveries that have expired, a little at a time. Built by roles/mount-doors.ts.
import type { Logger } from 'pino';
import type { Sql } from '../postgres/database.ts';
import { deleteExpiredDeliveries } from './delivery-store.ts';

const EVERY_MS = 60_000;
const BATCH = 10_000;

export type DeliverySweeper = { stop(): Promise<void> };

export function startDeliverySweeper({ sql, log }: { sql: Sql; log: Logger }): DeliverySweeper {
  let isStopped = false;
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    while (!isStopped && (await deleteExpiredDeliveries(sql, BATCH)) === BATCH);
  };
  const timer = setInterval(() => {
    sweeping = sweeping
      .then(sweep)
      .catch((error: unknown) => log.warn({ err: error }, 'expired deliveries could not be deleted'));
  }, EVERY_MS);
  return {
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await sweeping;
    },
  };
}
