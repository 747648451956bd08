// What accounts deny their functions on the network. Every change is announced on EGRESS_CHANNEL inside the
// transaction that makes it; a row is never deleted, so that a node that missed the announcement finds it by
// its time.
import type { Sql } from '../postgres/database.ts';

/** Its payload is an account's id. */
export const EGRESS_CHANNEL = 'millrace_egress_changed';

/** @returns the networks as they were written, none where nothing was ever denied */
export async function findEgressDeny(sql: Sql, accountId: string): Promise<string[]> {
  const rows = await sql.query<{ deny: string[] }>('select deny from account_egress where account_id = $1', [
    accountId,
  ]);
  return rows[0]?.deny ?? [];
}

export async function putEgressDeny(sql: Sql, accountId: string, deny: readonly string[]): Promise<void> {
  await sql.query(
    `insert into account_egress (account_id, deny) values ($1, $2)
     on conflict (account_id) do update set deny = excluded.deny, modified_at = now()`,
    [accountId, deny],
  );
  await sql.query('select pg_notify($1, $2)', [EGRESS_CHANNEL, accountId]);
}

/** Whether outgoing calls of the account's runs are recorded: they are where nothing was said. */
export async function recordsCalls(sql: Sql, accountId: string): Promise<boolean> {
  const [row] = await sql.query<{ records: boolean }>(
    'select records_calls as records from account_egress where account_id = $1',
    [accountId],
  );
  return row?.records ?? true;
}

/** What has been recorded stays. */
export async function setRecordsCalls(sql: Sql, accountId: string, records: boolean): Promise<void> {
  await sql.query(
    `insert into account_egress (account_id, deny, records_calls, records_changed_at) values ($1, '{}', $2, now())
     on conflict (account_id) do update set records_calls = excluded.records_calls, records_changed_at = now()
     where account_egress.records_calls <> excluded.records_calls`,
    [accountId, records],
  );
}

/** Of every account: a node asks what it has missed. */
export async function accountsWithChangedEgress(sql: Sql, withinSeconds: number): Promise<string[]> {
  const rows = await sql.query<{ account_id: string }>(
    'select account_id from account_egress where modified_at > now() - make_interval(secs => $1)',
    [withinSeconds],
  );
  return rows.map((row) => row.account_id);
}
