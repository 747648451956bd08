// Looks for queued runs that are held although nothing is paused any more, and releases them. A background service of every
// node; several at a time share the work.
import type { Logger } from 'pino';
import type { Sql } from '../postgres/database.ts';
import { releaseForgottenRuns } from './function-pause-store.ts';

const BATCH_RUNS = 1_000;

export type HeldRunsParts = { sql: Sql; everyMs: number; wake(): void; log: Logger };

export type HeldRuns = { stop(): Promise<unknown> };

export function watchHeldRuns({ sql, everyMs, wake, log }: HeldRunsParts): HeldRuns {
  let looking: Promise<unknown> = Promise.resolve();
  const look = async (): Promise<void> => {
    let released: number;
    do {
      released = await releaseForgottenRuns(sql, BATCH_RUNS);
      if (released > 0) wake();
    } while (released === BATCH_RUNS);
  };
  const timer = setInterval(() => {
    looking = looking
      .then(look)
      .catch((error: unknown) => log.warn({ err: error }, 'held runs could not be looked for'));
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return looking;
    },
  };
}
