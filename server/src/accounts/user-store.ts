// The users table: the people of an account, on whose behalf tokens act.
import type { Sql } from '../postgres/database.ts';

export type NewUser = {
  id: string;
  accountId: string;
  name: string;
  email: string;
  isAccountOwner: boolean;
};

export type StoredUser = NewUser & {
  /** BCP 47. */
  language: string;
  locale: string;
  createdAt: Date;
  modifiedAt: Date;
};

type UserRow = {
  id: string;
  account_id: string;
  name: string;
  email: string;
  language: string;
  locale: string;
  is_account_owner: boolean;
  created_at: Date;
  modified_at: Date;
};

export async function insertUser(sql: Sql, user: NewUser): Promise<void> {
  await sql.query(
    'insert into users (id, account_id, name, email, is_account_owner) values ($1, $2, $3, $4, $5)',
    [user.id, user.accountId, user.name, user.email, user.isAccountOwner],
  );
}

export async function findUser(sql: Sql, accountId: string, id: string): Promise<StoredUser | null> {
  const rows = await sql.query<UserRow>('select * from users where account_id = $1 and id = $2', [
    accountId,
    id,
  ]);
  return rows[0] === undefined ? null : userOf(rows[0]);
}

/** @returns the id of the account's owner; null where it has none */
export async function findOwnerId(sql: Sql, accountId: string): Promise<string | null> {
  const rows = await sql.query<{ id: string }>(
    'select id from users where account_id = $1 and is_account_owner order by created_at limit 1',
    [accountId],
  );
  return rows[0]?.id ?? null;
}

/** @returns the changed user, or null where there is none of that id */
export async function setUserLanguage(
  sql: Sql,
  user: { accountId: string; id: string },
  language: string,
): Promise<StoredUser | null> {
  const rows = await sql.query<UserRow>(
    'update users set language = $3, modified_at = now() where account_id = $1 and id = $2 returning *',
    [user.accountId, user.id, language],
  );
  return rows[0] === undefined ? null : userOf(rows[0]);
}

function userOf(row: UserRow): StoredUser {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    email: row.email,
    language: row.language,
    locale: row.locale,
    isAccountOwner: row.is_account_owner,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
