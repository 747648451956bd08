// Ends runs of this node that are to be cancelled, should it have missed that it was told. A background service.
import type { Logger } from 'pino';
import type { Sql } from '../postgres/database.ts';
import type { GoingRuns } from '../runs/going-runs.ts';
import { findCancelled } from './cancel-store.ts';

export type CancelWatchParts = {
  sql: Sql;
  node(): string;
  going: Pick<GoingRuns, 'cancel'>;
  everyMs: number;
  log: Logger;
};

export type CancelWatch = { stop(): Promise<unknown> };

export function startCancelWatch({ sql, node, going, everyMs, log }: CancelWatchParts): CancelWatch {
  let looking: Promise<unknown> = Promise.resolve();
  const look = async (): Promise<void> => {
    for (const runId of await findCancelled(sql, node())) going.cancel(runId);
  };
  const timer = setInterval(() => {
    looking = looking
      .then(look)
      .catch((error: unknown) => log.warn({ err: error }, 'cancelled runs could not be looked for'));
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return looking;
    },
  };
}
