// SQL of accounts as the installation's operator sees them: all of them, with their own words of each. Never
// reads what an account keeps. Called by the operator's API.
import type { Sql } from '../postgres/database.ts';
import type { AccountStatus } from './account-status-store.ts';

export type OperatedAccount = {
  id: string;
  /** The account id of clients that want a number. */
  number: number;
  externalId: string | null;
  name: string | null;
  labels: Record<string, string>;
  /** Whose APIs it may use; null: all. */
  dialects: string[] | null;
  /** The plan that it is on. */
  plan: string | null;
  status: AccountStatus;
  /** Why it is what it is, in the operator's words. */
  statusReason: string | null;
  statusSince: Date;
  /** When everything of a closed one is deleted. */
  deleteAt: Date | null;
  createdAt: Date;
  modifiedAt: Date;
};

type AccountRow = {
  id: string;
  number: number;
  external_id: string | null;
  name: string | null;
  labels: Record<string, string>;
  dialects: string[] | null;
  plan: string | null;
  status: AccountStatus;
  status_reason: string | null;
  status_since: Date;
  delete_at: Date | null;
  created_at: Date;
  modified_at: Date;
};

const COLUMNS =
  'id, number, external_id, name, labels, dialects, plan, status, status_reason, status_since, delete_at, created_at, modified_at';

export async function findOperatedAccount(sql: Sql, accountId: string): Promise<OperatedAccount | null> {
  const [row] = await sql.query<AccountRow>(`select ${COLUMNS} from accounts where id = $1`, [accountId]);
  return row === undefined ? null : fromRow(row);
}

/** By the operator's key: which account it is, and which request has made it. */
export async function findAccountMade(
  sql: Sql,
  externalId: string,
): Promise<{ id: string; requestHash: Buffer } | null> {
  const [row] = await sql.query<{ id: string; request_hash: Buffer }>(
    'select id, request_hash from accounts where external_id = $1',
    [externalId],
  );
  return row === undefined ? null : { id: row.id, requestHash: row.request_hash };
}

/** null: whichever. */
export type AccountFilter = {
  externalId: string | null;
  status: AccountStatus | null;
  plan: string | null;
  label: { name: string; value: string } | null;
  /** Text in the id, the external id or the name, regardless of case. */
  q: string | null;
};

/** Newest first. `after`: the id of the last one of the page before. */
export async function listOperatedAccounts(
  sql: Sql,
  { externalId, status, plan, label, q }: AccountFilter,
  { limit, after }: { limit: number; after: string | null },
): Promise<OperatedAccount[]> {
  const rows = await sql.query<AccountRow>(
    `select ${COLUMNS} from accounts
     where ($1::text is null or external_id = $1)
       and ($2::jsonb is null or labels @> $2)
       and ($3::text is null or strpos(lower(concat_ws(' ', id, external_id, name)), lower($3)) > 0)
       and ($6::text is null or status = $6)
       and ($7::text is null or plan = $7)
       and ($4::text is null or number < (select last.number from accounts last where last.id = $4))
     order by number desc limit $5`,
    [
      externalId,
      label === null ? null : JSON.stringify({ [label.name]: label.value }),
      q,
      after,
      limit,
      status,
      plan,
    ],
  );
  return rows.map(fromRow);
}

export type AccountWords = Pick<OperatedAccount, 'name' | 'labels'>;

export async function updateAccountWords(
  sql: Sql,
  accountId: string,
  { name, labels }: AccountWords,
): Promise<void> {
  await sql.query('update accounts set name = $2, labels = $3, modified_at = now() where id = $1', [
    ...[accountId, name, JSON.stringify(labels)],
  ]);
}

/** Until the end of the transaction nobody else changes it. */
export async function lockOperatedAccount(sql: Sql, accountId: string): Promise<OperatedAccount | null> {
  const [row] = await sql.query<AccountRow>(
    `select ${COLUMNS} from accounts where id = $1 for no key update`,
    [accountId],
  );
  return row === undefined ? null : fromRow(row);
}

function fromRow(row: AccountRow): OperatedAccount {
  return {
    id: row.id,
    number: row.number,
    externalId: row.external_id,
    name: row.name,
    labels: row.labels,
    dialects: row.dialects,
    plan: row.plan,
    status: row.status,
    statusReason: row.status_reason,
    statusSince: row.status_since,
    deleteAt: row.delete_at,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
