// SQL of events that nobody has matched yet: what callers of millrace_publish_event have kept, and the platform's own. Over
// all accounts: the router is the installation's. Called by event-router.ts inside its transaction.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { PublishedEvent } from './account-event.ts';
import { EVENT_COLUMNS, type EventRow, fromRow } from './event-store.ts';

/** Notified when there is something for the router. */
export const EVENTS_CHANNEL = 'millrace_events';

/** In the order in which they were kept; other nodes pass these by until the transaction ends. */
export async function claimUnmatched(sql: Sql, limit: number): Promise<PublishedEvent[]> {
  const rows = await sql.query<EventRow>(
    `select ${EVENT_COLUMNS} from events
     where matched_at is null and (retry_at is null or retry_at <= now())
     order by position limit $1 for update skip locked`,
    [limit],
  );
  return rows.map((row) => {
    const { createdAt: _, matchedAt: __, fault: ___, ...event } = fromRow(row);
    return event;
  });
}

type Key = World & { id: string };

/** @param fault why nothing could follow from them; null: all did */
export async function markMatched(
  sql: Sql,
  events: readonly PublishedEvent[],
  fault: string | null,
): Promise<void> {
  await sql.query(
    `update events e set matched_at = now(), fault = $2, type = n.type, notations = n.notations
     from jsonb_to_recordset($1::jsonb) as n("accountId" text, mode mode, id text, type text, notations text[])
     where e.account_id = n."accountId" and e.mode = n.mode and e.id = n.id`,
    [
      JSON.stringify(
        events.map(({ accountId, mode, id, type, notations }) => ({ accountId, mode, id, type, notations })),
      ),
      fault,
    ],
  );
}

export async function putOff(sql: Sql, { accountId, mode, id }: Key, afterS: number): Promise<void> {
  await sql.query(
    `update events set retry_at = now() + make_interval(secs => $4) where account_id = $1 and mode = $2 and id = $3`,
    [accountId, mode, id, afterS],
  );
}

/** For the transaction's commit. */
export async function tellRouters(sql: Sql): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [EVENTS_CHANNEL, '']);
}
