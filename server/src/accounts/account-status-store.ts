// SQL of whether accounts are served. A change is announced inside the transaction that makes it, so that
// every node goes by it. Work that waits is claimed with {@link isActive} in its condition: exact on every
// node, whatever a node has heard.
import { refuseStopped } from '../http/served-accounts.ts';
import type { Sql } from '../postgres/database.ts';

export const ACCOUNT_STATUSES = ['active', 'suspended', 'closed'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** PostgreSQL channel; the payload is the account's id. */
export const STATUS_CHANNEL = 'millrace_account_status';

/**
 * As a condition of a statement; looks into an index of stopped accounts alone. @param accountId as it stands
 * there
 */
export function isActive(accountId: string): string {
  return `not exists (select from accounts stopped where stopped.id = ${accountId} and stopped.status <> 'active')`;
}

export type StoppedAccount = { id: string; status: Exclude<AccountStatus, 'active'>; reason: string | null };

/** Of every account: this is what the whole node goes by. */
export async function listStoppedAccounts(sql: Sql): Promise<StoppedAccount[]> {
  return await sql.query<StoppedAccount>(
    `select id, status, status_reason as reason from accounts where status <> 'active'
     union all
     -- What nodes remember of it outlives it for a while.
     select account_id, 'closed', null from account_deletions where ended_at > now() - interval '1 day'`,
  );
}

/** Accounts that may not use the API of every dialect. */
export async function listDialects(sql: Sql): Promise<{ id: string; dialects: string[] }[]> {
  return await sql.query('select id, dialects from accounts where dialects is not null');
}

/** @param dialects null: all */
export async function setDialects(sql: Sql, accountId: string, dialects: string[] | null): Promise<void> {
  await sql.query('update accounts set dialects = $2, modified_at = now() where id = $1', [
    accountId,
    dialects,
  ]);
  await sql.query('select pg_notify($1, $2)', [STATUS_CHANNEL, accountId]);
}

/** Of a locked account. */
export async function setAccountStatus(
  sql: Sql,
  accountId: string,
  { status, reason }: { status: AccountStatus; reason: string | null },
): Promise<void> {
  await sql.query(
    `update accounts set status = $2, status_reason = $3, modified_at = now(),
       status_since = case when status = $2 then status_since else now() end
     where id = $1`,
    [accountId, status, reason],
  );
  await sql.query('select pg_notify($1, $2)', [STATUS_CHANNEL, accountId]);
}

/**
 * Of a locked account that isn't closed, or is: then it is only the time that changes.
 * @param graceDays until everything of it is deleted
 */
export async function closeAccount(
  sql: Sql,
  accountId: string,
  { graceDays, reason }: { graceDays: number; reason: string | null },
): Promise<void> {
  await sql.query(
    `update accounts set status = 'closed', status_reason = $3, delete_at = now() + make_interval(days => $2),
       status_before = case when status = 'closed' then status_before else status end,
       reason_before = case when status = 'closed' then reason_before else status_reason end,
       status_since = case when status = 'closed' then status_since else now() end, modified_at = now()
     where id = $1`,
    [accountId, graceDays, reason],
  );
  await sql.query('select pg_notify($1, $2)', [STATUS_CHANNEL, accountId]);
}

/** Of a locked account that is closed, and whose deletion hasn't begun. It is what it was before. */
export async function restoreAccount(sql: Sql, accountId: string): Promise<void> {
  await sql.query(
    `update accounts set status = status_before, status_reason = reason_before, delete_at = null, status_before = null,
       reason_before = null, status_since = now(), modified_at = now()
     where id = $1`,
    [accountId],
  );
  await sql.query('select pg_notify($1, $2)', [STATUS_CHANNEL, accountId]);
}

/**
 * Until the end of the transaction the account stays what it is. @throws Failure `account_suspended` for one
 * that is served nothing
 */
export async function requireActiveAccount(sql: Sql, accountId: string): Promise<void> {
  const [row] = await sql.query<{ status: AccountStatus; reason: string | null }>(
    'select status, status_reason as reason from accounts where id = $1 for share',
    [accountId],
  );
  const { status, reason } = row ?? { status: 'closed', reason: null };
  if (status !== 'active') refuseStopped(status, reason);
}

/** Has every node look at once for what waits. @param channels of those who claim it */
export async function announceResumed(sql: Sql, channels: readonly string[]): Promise<void> {
  await sql.query(`select pg_notify(channel, '') from unnest($1::text[]) as channel`, [channels]);
}
