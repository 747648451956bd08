// SQL of what the operator has changed of accounts: written in the transaction that changes it, and never
// changed itself; the database holds to that. Never holds a secret. Called by the operator's API, and where
// accounts are deleted.

import type { Sql } from '../postgres/database.ts';
import type { Mode } from './account.ts';

export const AUDIT_ACTIONS = [
  'account.create',
  'account.change',
  'account.suspend',
  'account.resume',
  'account.close',
  'account.restore',
  'account.deleted',
  'resource.create',
  'resource.change',
  'resource.delete',
  'token.create',
  'token.change',
  'token.delete',
  'people.set_up',
  'session.create',
  'session.refused',
  'session.end',
  'password.change',
  'password.link',
  'password.reset',
  'user.invite',
  'user.uninvite',
  'user.join',
  'user.change',
  'user.remove',
  'passkey.add',
  'passkey.remove',
  'portal.link',
  'second_factor.add',
  'second_factor.remove',
  'plan.create',
  'plan.change',
  'plan.delete',
  'keys.rotate',
  'keys.finish',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What an account's owners see of it, too. */
export const OWN_ACTIONS = AUDIT_ACTIONS.filter((action) => !/^(account|plan|keys)\./.test(action));

type Fields = Record<string, unknown>;

export type NewAuditEntry = {
  /** The token that asked for it; null: the platform itself. */
  tokenId: string | null;
  /** Who was signed in, and by which session; null, or left out: nobody. */
  userId?: string | null;
  sessionId?: string | null;
  /** From which it was asked for. */
  address: string | null;
  action: AuditAction;
  /** Of a change by any API: by which route, of what kind, which one, in which mode. */
  route?: string | null;
  resource?: string | null;
  target?: string | null;
  mode?: Mode | null;
  /** The account that it is about; null: a plan, the installation's keys, or a
   * try to sign in as a person whom no account has. */
  accountId: string | null;
  /** What differs. */
  before: Fields | null;
  after: Fields | null;
};
export type AuditEntry = Required<NewAuditEntry> & { id: number; at: Date };

type AuditRow = {
  id: number;
  at: Date;
  token_id: string | null;
  user_id: string | null;
  session_id: string | null;
  address: string | null;
  action: AuditAction;
  route: string | null;
  resource: string | null;
  target: string | null;
  mode: Mode | null;
  subject_id: string | null;
  before: Fields | null;
  after: Fields | null;
};

export async function addAuditEntry(sql: Sql, entry: NewAuditEntry): Promise<void> {
  await sql.query(
    `insert into operator_audit (token_id, user_id, session_id, address, action, subject_id, route, resource, target,
       mode, before, after)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[entry.tokenId, entry.userId ?? null, entry.sessionId ?? null],
      ...[entry.address, entry.action, entry.accountId, entry.route ?? null, entry.resource ?? null],
      ...[entry.target ?? null, entry.mode ?? null],
      ...[entry.before, entry.after].map((fields) => (fields === null ? null : JSON.stringify(fields))),
    ],
  );
}

/** The words of an account that is deleted: that something was done stays, what it said goes. */
export async function emptyAuditEntries(sql: Sql, accountId: string): Promise<void> {
  await sql.query(
    'update operator_audit set before = null, after = null, target = null where subject_id = $1',
    [accountId],
  );
}

/** How long entries are kept; 0: for good. */
export type AuditRetention = { days: number; signInDays: number };

/** The database lets go of what is older, and of nothing else. */
export async function writeAuditRetention(sql: Sql, { days, signInDays }: AuditRetention): Promise<void> {
  await sql.query(
    `insert into audit_retention (days, sign_in_days) values ($1, $2)
     on conflict (is_only) do update set days = excluded.days, sign_in_days = excluded.sign_in_days`,
    [days, signInDays],
  );
}

/** @returns how many */
export async function sweepAudit(
  sql: Sql,
  { days, signInDays }: AuditRetention,
  batch: number,
): Promise<number> {
  const rows = await sql.query(
    `delete from operator_audit where id in (
       select id from operator_audit
       where case when action like 'session.%' then at < now() - make_interval(days => $2)
         else $1 > 0 and at < now() - make_interval(days => $1) end
         and at < now() - make_interval(days => case when $1 > 0 then least($1, $2) else $2 end)
       order by at limit $3)
     returning id`,
    [days, signInDays, batch],
  );
  return rows.length;
}

/** null: whichever. */
export type AuditFilter = {
  accountId: string | null;
  actions: readonly AuditAction[] | null;
  resource: string | null;
  target: string | null;
  tokenId: string | null;
  userId: string | null;
  since: Date | null;
  until: Date | null;
  /** Those alone that are for no account: plans, keys, tries to sign in. */
  isOfInstallation: boolean;
};

type AuditPage = { limit: number; after: string | null; order: 'newest' | 'oldest' };

/** `after`: the id of the last one of the page before. */
export async function listAuditEntries(
  sql: Sql,
  filter: AuditFilter,
  { limit, after, order }: AuditPage,
): Promise<AuditEntry[]> {
  const [beyond, direction] = order === 'newest' ? ['<', 'desc'] : ['>', 'asc'];
  const rows = await sql.query<AuditRow>(
    `select id, at, token_id, user_id, session_id, address, action, route, resource, target, mode, subject_id, before, after
     from operator_audit
     where ($1::text is null or subject_id = $1) and ($2::text[] is null or action = any ($2))
       and ($3::bigint is null or id ${beyond} $3)
       and ($5::text is null or resource = $5) and ($6::text is null or target = $6)
       and ($7::text is null or token_id = $7) and ($8::text is null or user_id = $8)
       and ($9::timestamptz is null or at >= $9) and ($10::timestamptz is null or at < $10)
       and (not $11::boolean or subject_id is null)
     order by id ${direction} limit $4`,
    [
      ...[filter.accountId, filter.actions, after, limit, filter.resource, filter.target, filter.tokenId],
      ...[filter.userId, filter.since, filter.until, filter.isOfInstallation],
    ],
  );
  return rows.map(fromRow);
}

function fromRow(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    tokenId: row.token_id,
    userId: row.user_id,
    sessionId: row.session_id,
    address: row.address,
    action: row.action,
    route: row.route,
    resource: row.resource,
    target: row.target,
    mode: row.mode,
    accountId: row.subject_id,
    before: row.before,
    after: row.after,
  };
}
