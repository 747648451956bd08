// Says that an account has used most of what it may: `limit.near`, of a limit of a minute once a minute, of
// another once in ten, over all nodes.
import type { Logger } from 'pino';
import { claimAlert } from '../limits/alert-store.ts';
import type { NearUse } from '../limits/near-use.ts';
import { SAY_EVERY_MS, type StandingUse } from '../limits/near-watch.ts';
import type { Database } from '../postgres/database.ts';
import type { OwnEvent, PublishOwn } from './own-events.ts';

type Parts = { database: Database; publishOwn: PublishOwn; log: Logger };

export type ReportNearLimit = (accountId: string, use: NearUse) => void;

/** Nobody waits for it: the run that came near the limit is let in meanwhile. */
export function createNearLimitReporter({ database, publishOwn, log }: Parts): ReportNearLimit {
  return (accountId, data) => {
    database
      .transaction((sql) =>
        publishOwn(sql, { accountId, mode: 'live' }, [
          { type: 'limit.near', itemId: accountId, data, causeEventId: null },
        ]),
      )
      .catch((error: unknown) =>
        log.warn({ err: error, account: accountId }, 'limit.near was not published'),
      );
  };
}

export type ReportNearStandingLimit = (accountId: string, use: StandingUse) => void;

/**
 * Of limits that are of no minute. Each node sees only its own runs: the database decides which one
 * publishes.
 */
export function createNearStandingLimitReporter({
  database,
  publishOwn,
  log,
}: Parts): ReportNearStandingLimit {
  return (accountId, data) => {
    database
      .transaction(async (sql) => {
        const { limit } = data;
        if (!(await claimAlert(sql, accountId, { limit, everyMs: SAY_EVERY_MS }))) return;
        const event: OwnEvent = { type: 'limit.near', itemId: accountId, data, causeEventId: null };
        await publishOwn(sql, { accountId, mode: 'live' }, [event]);
      })
      .catch((error: unknown) =>
        log.warn({ err: error, account: accountId }, 'limit.near was not published'),
      );
  };
}
