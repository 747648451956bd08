// Ends runs of this node that are to be cancelled, should it have missed that it was told. A background service.
import type { Logger } from 'pino';
import { type Rounds, startRounds } from '../clock/rounds.ts';
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

export function startCancelWatch({ sql, node, going, everyMs, log }: CancelWatchParts): Rounds {
  return startRounds({
    everyMs,
    round: async () => {
      for (const runId of await findCancelled(sql, node())) going.cancel(runId);
    },
    onError: (error) => log.warn({ err: error }, 'cancelled runs could not be looked for'),
  });
}
