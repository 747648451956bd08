// SQL of what the operator has changed of accounts: written in the transaction that changes it, and never
// changed itself; the database holds to that. Never holds a secret. Called by the operator's API, and where
// accounts are deleted.
import type { Sql } from '../postgres/database.ts';

export const AUDIT_ACTIONS = [
  'account.create',
  'account.change',
  'account.suspend',
  'account.resume',
  'account.close',
  'account.restore',
  'account.deleted',
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

/** Of an account's people: its owners see them, too. */
export const PEOPLE_ACTIONS = AUDIT_ACTIONS.filter((action) => !/^(account|token|plan|keys)\./.test(action));

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
  subject_id: string | null;
  before: Fields | null;
  after: Fields | null;
};

export async function addAuditEntry(sql: Sql, entry: NewAuditEntry): Promise<void> {
  await sql.query(
    `insert into operator_audit (token_id, user_id, session_id, address, action, subject_id, before, after)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[entry.tokenId, entry.userId ?? null, entry.sessionId ?? null],
      ...[entry.address, entry.action, entry.accountId],
      ...[entry.before, entry.after].map((fields) => (fields === null ? null : JSON.stringify(fields))),
    ],
  );
}

/** The words of an account that is deleted: that something was done stays, what it said goes. */
export async function emptyAuditEntries(sql: Sql, accountId: string): Promise<void> {
  await sql.query('update operator_audit set before = null, after = null where subject_id = $1', [accountId]);
}

/** Sign-ins of more than 90 days ago: the one thing that the database lets go. @returns how many */
export async function sweepOldSignIns(sql: Sql, batch: number): Promise<number> {
  const rows = await sql.query(
    `delete from operator_audit where id in (
       select id from operator_audit where action like 'session.%' and at < now() - interval '90 days' limit $1)
     returning id`,
    [batch],
  );
  return rows.length;
}

/** null: whichever. */
export type AuditFilter = { accountId: string | null; actions: readonly AuditAction[] | null };

/** Newest first. `after`: the id of the last one of the page before. */
export async function listAuditEntries(
  sql: Sql,
  { accountId, actions }: AuditFilter,
  { limit, after }: { limit: number; after: string | null },
): Promise<AuditEntry[]> {
  const rows = await sql.query<AuditRow>(
    `select id, at, token_id, user_id, session_id, address, action, subject_id, before, after from operator_audit
     where ($1::text is null or subject_id = $1) and ($2::text[] is null or action = any ($2)) and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [accountId, actions, after, limit],
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
    accountId: row.subject_id,
    before: row.before,
    after: row.after,
  };
}
