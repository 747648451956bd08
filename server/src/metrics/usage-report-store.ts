// SQL of days whose usage is published. Over all accounts: it is the platform's affair.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';

export type Unreported = World & { day: Date };

/** Days that are made up for, and for how long a day waits for what is written late. */
const MOST_DAYS = 7;
const GRACE_MINUTES = 10;

/** Notes days that are over as published. @returns them, at most `limit` */
export async function takeUnreported(sql: Sql, limit: number): Promise<Unreported[]> {
  const rows = await sql.query<{ account_id: string; mode: World['mode']; day: Date }>(
    `insert into usage_reports (account_id, mode, day)
     select distinct account_id, mode, at from run_metrics m
     where grain = 'day' and at < date_trunc('day', now() - make_interval(mins => $2), 'UTC')
       and at >= date_trunc('day', now(), 'UTC') - make_interval(days => $3)
       and not exists (
         select from usage_reports r where r.day = m.at and r.account_id = m.account_id and r.mode = m.mode)
     limit $1
     on conflict do nothing returning account_id, mode, day`,
    [limit, GRACE_MINUTES, MOST_DAYS],
  );
  return rows.map(({ account_id: accountId, mode, day }) => ({ accountId, mode, day }));
}

export async function deleteOldReports(sql: Sql): Promise<void> {
  await sql.query('delete from usage_reports where day < now() - make_interval(days => $1)', [MOST_DAYS * 2]);
}
