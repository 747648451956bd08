// SQL of events that nobody has matched yet: what callers of millrace_publish_event have kept, and the
// platform's own; and of those that were set aside, back to the router. Over all accounts: the router is the
// installation's. Called by event-router.ts inside its transaction, and by the API, which names a world.
import type { World } from '../accounts/account.ts';
import { shareOf, turnsOverAccounts } from '../accounts/turns-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { PublishedEvent } from './account-event.ts';
import { EVENT_COLUMNS, type EventRow, fromRow } from './event-store.ts';

/** Notified when there is something for the router. */
export const EVENTS_CHANNEL = 'millrace_events';

export type UnmatchedEvent = PublishedEvent & {
  /** How often something came between. */
  tries: number;
  /** The function that its runs have reached, in the order of ids; null: none was started yet. */
  routedTo: string | null;
};

/**
 * Those that are tried again, the elder ones as a rule, take a share and no more: however many they are, new
 * ones don't wait for them. In turns over accounts, of each in the order in which it was kept; other nodes
 * pass these by until the transaction ends.
 */
export async function claimUnmatched(sql: Sql, limit: number): Promise<UnmatchedEvent[]> {
  const again = await claim(sql, 'retry_at <= now()', Math.ceil(limit / AGAIN_PART));
  return [...again, ...(await claim(sql, 'retry_at is null', limit - again.length))];
}

/** One of so many is tried again. */
const AGAIN_PART = 4;

async function claim(
  sql: Sql,
  which: 'retry_at <= now()' | 'retry_at is null',
  limit: number,
): Promise<UnmatchedEvent[]> {
  const turns = turnsOverAccounts({
    ...{ table: 'events', key: 'position', order: 'position', ofAccount: shareOf('$1') },
    ...{ waits: 'matched_at is null', isDue: which },
  });
  const rows = await sql.query<EventRow & { routed_to: string | null }>(
    `with recursive ${turns}, chosen as (select account_id as owner, key, turn from turns order by turn, place limit $1)
     select ${EVENT_COLUMNS}, routed_to from events join chosen on chosen.owner = events.account_id and chosen.key = events.position
     -- Locked once more: as it is now, not as it was when this statement began.
     where events.matched_at is null and ${which}
     order by chosen.turn, events.position for update of events skip locked`,
    [limit],
  );
  return rows.map((row) => {
    const { createdAt: _, matchedAt: __, fault: ___, ...event } = fromRow(row);
    return { ...event, routedTo: row.routed_to };
  });
}

type Key = World & { id: string };

export async function markMatched(sql: Sql, events: readonly PublishedEvent[]): Promise<void> {
  await sql.query(
    `update events e set matched_at = now(), type = n.type, notations = n.notations
     from jsonb_to_recordset($1::jsonb) as n("accountId" text, mode mode, id text, type text, notations text[])
     where e.account_id = n."accountId" and e.mode = n.mode and e.id = n.id`,
    [
      JSON.stringify(
        events.map(({ accountId, mode, id, type, notations }) => ({ accountId, mode, id, type, notations })),
      ),
    ],
  );
}

/** Where its next portion begins; in the transaction that starts the runs so far. */
export async function noteReached(sql: Sql, { accountId, mode, id }: Key, functionId: string): Promise<void> {
  await sql.query(
    `update events set routed_to = $4 where account_id = $1 and mode = $2 and id = $3 and matched_at is null`,
    [accountId, mode, id, functionId],
  );
}

/**
 * Nobody tries it again by themselves.
 * @param fault why nothing could follow from it, for its publisher
 * @returns whether it was; another node may have routed it meanwhile
 */
export async function setAside(
  sql: Sql,
  event: PublishedEvent,
  { tries, fault }: { tries: number; fault: string },
): Promise<boolean> {
  const { accountId, mode, id, type, notations } = event;
  const rows = await sql.query(
    `update events set matched_at = now(), tries = $4, fault = $5, type = $6, notations = $7
     where account_id = $1 and mode = $2 and id = $3 and matched_at is null returning id`,
    [accountId, mode, id, tries, fault, type, notations],
  );
  return rows.length > 0;
}

export async function putOff(
  sql: Sql,
  { accountId, mode, id }: Key,
  { tries, afterS }: { tries: number; afterS: number },
): Promise<void> {
  await sql.query(
    `update events set tries = $4, retry_at = now() + make_interval(secs => $5)
     where account_id = $1 and mode = $2 and id = $3 and matched_at is null`,
    [accountId, mode, id, tries, afterS],
  );
}

/**
 * Gives an event that was set aside, or waits for its next try, back to the router, who goes on where it was.
 * @returns whether it was one
 */
export async function routeAgain(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    `update events set matched_at = null, fault = null, tries = 0, retry_at = null
     where account_id = $1 and mode = $2 and id = $3 and (matched_at is null or fault is not null) returning id`,
    [world.accountId, world.mode, id],
  );
  if (rows.length > 0) await notifyRouters(sql);
  return rows.length > 0;
}

/** For the transaction's commit. */
export async function notifyRouters(sql: Sql): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [EVENTS_CHANNEL, '']);
}
