// Ends runs of this node that are to be cancelled, should it have missed the notification. A background
// service.
import type { Logger } from 'pino';
import { type Rounds, startRounds } from '../clock/rounds.ts';
import type { Sql } from '../postgres/database.ts';
import type { ActiveRuns } from '../runs/active-runs.ts';
import { findCancelled } from './cancel-store.ts';

export type CancelWatchParts = {
  sql: Sql;
  node(): string;
  active: Pick<ActiveRuns, 'cancel'>;
  everyMs: number;
  log: Logger;
};

export function startCancelWatch({ sql, node, active, everyMs, log }: CancelWatchParts): Rounds {
  return startRounds({
    everyMs,
    round: async () => {
      for (const runId of await findCancelled(sql, node())) active.cancel(runId);
    },
    onError: (error) => log.warn({ err: error }, 'cancelled runs could not be looked for'),
  });
}
