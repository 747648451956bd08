// SQL of when accounts were notified that a standing limit is near: over all nodes it is said once in a
// while.
import type { Sql } from '../postgres/database.ts';
import type { StandingLimit } from './near-watch.ts';

/** @returns whether it is this caller's to say; then nobody else says it for so long */
export async function claimAlert(
  sql: Sql,
  accountId: string,
  { limit, everyMs }: { limit: StandingLimit; everyMs: number },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into account_alerts as a (account_id, limit_name, told_at)
     select id, $2, now() from accounts where id = $1
     on conflict (account_id, limit_name) do update set told_at = now()
       where a.told_at <= now() - make_interval(secs => $3::float8 / 1000)
     returning account_id`,
    [accountId, limit, everyMs],
  );
  return rows.length > 0;
}
