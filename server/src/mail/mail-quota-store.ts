// How many mails the installation's server sends for an account: counted in the database, by recipients, over
// all nodes and both modes. Called by mail-sender.ts before it sends.
import type { Sql } from '../postgres/database.ts';

/**
 * The quota that the mail is over; null: it is counted and may go. `afterMs`: when there is room again, by
 * what was sent until now; null: the mail alone is more than the quota.
 */
export type MailRefusal = { most: number; of: 'hour' | 'day'; afterMs: number | null } | null;

type Bounds = { per_hour: number; per_day: number };
type Held = Bounds & { earlier: number };

const BOUNDS = `coalesce(account_bound(a.id, 'mails_per_hour'), 500) as per_hour,
  coalesce(account_bound(a.id, 'mails_per_day'), 2000) as per_day`;
const HELD = `select ${BOUNDS},
  coalesce((select sum(recipients) from account_mails
    where account_id = a.id and hour > now() - interval '24 hours' and hour < date_trunc('hour', now())), 0) as earlier
from accounts a where a.id = $1`;
/** The next hour, where this one is full; and the hour's end without which the day isn't. */
const ROOM = `with held as (select ${BOUNDS} from accounts a where a.id = $1),
  sent as (
    select hour, recipients, sum(recipients) over (order by hour desc) as since from account_mails
    where account_id = $1 and hour > now() - interval '24 hours')
select extract(epoch from greatest(
  now(),
  (select hour + interval '1 hour' from sent, held
    where hour = date_trunc('hour', now()) and recipients + $2::bigint > per_hour),
  (select max(hour) + interval '24 hours' from sent, held where since + $2::bigint > per_day)) - now())::float8 * 1000 as ms`;

export async function takeMails(sql: Sql, accountId: string, recipients: number): Promise<MailRefusal> {
  const [held] = await sql.query<Held>(HELD, [accountId]);
  if (held === undefined) return { most: 0, of: 'hour', afterMs: null };
  const { per_hour: perHour, per_day: perDay, earlier } = held;
  const most = Math.min(perHour, perDay - earlier);
  // Counted and compared in one statement: a sender at the same time waits for the row.
  const rows = await sql.query(
    `insert into account_mails as held (account_id, hour, recipients)
     select $1, date_trunc('hour', now()), $2 where $2::bigint <= $3::bigint
     on conflict (account_id, hour) do update set recipients = held.recipients + excluded.recipients
       where held.recipients + excluded.recipients <= $3
     returning recipients`,
    [accountId, recipients, most],
  );
  if (rows.length === 0) {
    const refusal =
      perDay - earlier < perHour
        ? ({ most: perDay, of: 'day' } as const)
        : ({ most: perHour, of: 'hour' } as const);
    if (recipients > Math.min(perHour, perDay)) return { ...refusal, afterMs: null };
    const [room] = await sql.query<{ ms: number }>(ROOM, [accountId, recipients]);
    return { ...refusal, afterMs: room?.ms ?? 0 };
  }
  await sql.query("delete from account_mails where account_id = $1 and hour < now() - interval '2 days'", [
    accountId,
  ]);
  return null;
}
