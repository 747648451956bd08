// How many mails the installation's server sends for an account: counted in the database, by recipients, over all nodes and both modes.
// Called by mail-sender.ts before it sends.
import type { Sql } from '../postgres/database.ts';

/** What was too much, and how much there may be; null: it is counted, go on. */
export type MailRefusal = { most: number; of: 'hour' | 'day' } | null;

type Held = { per_hour: number; per_day: number; this_hour: number; earlier: number };

const HELD = `select
  coalesce((a.bounds ->> 'mails_per_hour')::bigint, (select most from usual_bounds where name = 'mails_per_hour'), 500) as per_hour,
  coalesce((a.bounds ->> 'mails_per_day')::bigint, (select most from usual_bounds where name = 'mails_per_day'), 2000) as per_day,
  coalesce((select recipients from account_mails where account_id = a.id and hour = date_trunc('hour', now())), 0) as this_hour,
  coalesce((select sum(recipients) from account_mails
    where account_id = a.id and hour > now() - interval '24 hours' and hour < date_trunc('hour', now())), 0) as earlier
from accounts a where a.id = $1`;

export async function takeMails(sql: Sql, accountId: string, recipients: number): Promise<MailRefusal> {
  const [held] = await sql.query<Held>(HELD, [accountId]);
  if (held === undefined) return { most: 0, of: 'hour' };
  const { per_hour: perHour, per_day: perDay, earlier } = held;
  const most = Math.min(perHour, perDay - earlier);
  // Counted and compared in one statement: whoever sends at the same time waits for the row.
  const rows = await sql.query(
    `insert into account_mails as held (account_id, hour, recipients)
     select $1, date_trunc('hour', now()), $2 where $2::bigint <= $3::bigint
     on conflict (account_id, hour) do update set recipients = held.recipients + excluded.recipients
       where held.recipients + excluded.recipients <= $3
     returning recipients`,
    [accountId, recipients, most],
  );
  if (rows.length === 0)
    return perDay - earlier < perHour ? { most: perDay, of: 'day' } : { most: perHour, of: 'hour' };
  await sql.query("delete from account_mails where account_id = $1 and hour < now() - interval '2 days'", [
    accountId,
  ]);
  return null;
}
