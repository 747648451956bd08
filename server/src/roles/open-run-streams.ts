// Opens what streams of runs are made of: what has become of runs, over all nodes, and what those print that
// readers follow; and Millrace's own API of it.

import type { ApiEndpoint } from '../api/millrace-api.ts';
import { streamEndpoints } from '../api/stream-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import type { Database } from '../postgres/database.ts';
import { FOLLOW_CHANNEL, LINES_CHANNEL, LineRelay } from '../run-streams/line-relay.ts';
import { OpenStreams } from '../run-streams/open-streams.ts';
import { CHANGES_CHANNEL, INTEREST_CHANNEL, RunChanges } from '../run-streams/run-changes.ts';
import type { Platform } from './platform.ts';

const LIMITS = { bufferBytes: 512 * 1024, lifeMs: 5 * 60_000 };
/** All streams of a node, as a multiple of those of one account. */
const ACCOUNTS = 10;

type Hearing = Pick<Platform, 'log' | 'endings' | 'hearing'> & { database: Database };

/** Before anything writes a run. */
export function openRunChanges({ database, log, endings, hearing }: Hearing): RunChanges {
  const changes = new RunChanges({
    sql: database,
    clock: systemClock,
    onError: (error) => log.warn({ err: error }, 'changes of runs could not be announced or read'),
  });
  endings.push(async () => changes.close());
  hearing.on(
    INTEREST_CHANNEL,
    (accountId) => changes.heardInterest(accountId),
    () => {},
  );
  hearing.on(
    CHANGES_CHANNEL,
    (message) => changes.heardChanges(message),
    () => changes.missedSome(),
  );
  return changes;
}

type Parts = Hearing &
  Pick<Platform, 'config' | 'active' | 'recorder' | 'stopping'> & { changes: RunChanges };

export function openRunStreams(parts: Parts): ApiEndpoint[] {
  const { config, database: sql, log, endings, hearing, active, recorder, stopping, changes } = parts;
  const onError = (error: unknown): void => log.warn({ err: error }, 'a stream of runs could not go on');
  const relay = new LineRelay({ sql, active, clock: systemClock, onError });
  hearing.on(
    FOLLOW_CHANNEL,
    (runId) => relay.heardFollowing(runId),
    () => {},
  );
  hearing.on(
    LINES_CHANNEL,
    (message) => relay.heardLines(message),
    () => {},
  );
  const perAccount = config.limits.streamsPerAccount;
  const streams = new OpenStreams({ limits: LIMITS, perAccount, atAll: perAccount * ACCOUNTS, onError });
  stopping.addEventListener('abort', () => streams.endAll());
  endings.push(async () => {
    streams.endAll();
    relay.close();
  });
  return streamEndpoints({ sql, recorder, streams, changes, relay, clock: systemClock, onError });
}
