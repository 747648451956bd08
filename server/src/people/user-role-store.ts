// SQL of the people of an account: users with their roles, and who of them can sign in. Every statement names
// the account. Called by people/ and its API.
import { lockNamed } from '../postgres/advisory-locks.ts';
import type { Sql } from '../postgres/database.ts';
import type { RoleHolder } from './roles.ts';

export type AccountUser = RoleHolder & {
  id: string;
  /** null: nobody has claimed it. Tokens act for it all the same. */
  personId: string | null;
  email: string;
  name: string;
  createdAt: Date;
  /** Of one who has a role elsewhere, too, it isn't said: it may have been for that account. */
  lastSignedInAt: Date | null;
};

type UserRow = {
  id: string;
  person_id: string | null;
  email: string;
  name: string;
  role: AccountUser['role'];
  sees_inputs: boolean;
  created_at: Date;
  last_signed_in_at: Date | null;
};

const SELECT = `select u.id, u.person_id, coalesce(p.email, u.email) as email, coalesce(p.name, u.name) as name, u.role,
    u.sees_inputs, u.created_at, case when exists (
      select from users other where other.person_id = u.person_id and other.account_id <> u.account_id
    ) then null else p.last_signed_in_at end as last_signed_in_at
  from users u left join people p on p.id = u.person_id`;

export type NewRole = RoleHolder & { accountId: string; personId: string; email: string; name: string };

/**
 * Gives a person a role in an account. The account's first user, whom nobody has claimed yet, becomes its
 * first owner.
 * @param id of the user, where one is made
 * @returns the id of the user; null where the person has a role there already
 */
export async function giveRole(sql: Sql, id: string, given: NewRole): Promise<string | null> {
  const { accountId, personId, email, name, role, seesInputs } = given;
  const values = [accountId, personId, email, name, role, seesInputs];
  const [claimed] = await sql.query<{ id: string }>(
    `update users set person_id = $2, email = $3, name = $4, role = $5, sees_inputs = $6, modified_at = now()
     where account_id = $1 and $5 in ('owner', 'operator') and is_account_owner and person_id is null
       and not exists (select from users where account_id = $1 and person_id = $2)
     returning id`,
    values,
  );
  if (claimed !== undefined) return claimed.id;
  const [made] = await sql.query<{ id: string }>(
    `insert into users (account_id, person_id, email, name, role, sees_inputs, id) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (account_id, person_id) do nothing returning id`,
    [...values, id],
  );
  return made?.id ?? null;
}

/** Newest first. `after`: the id of the last one of the page before. */
export async function listAccountUsers(
  sql: Sql,
  accountId: string,
  { limit, after }: { limit: number; after: string | null },
): Promise<AccountUser[]> {
  const rows = await sql.query<UserRow>(
    `${SELECT} where u.account_id = $1 and ($2::text is null or (u.created_at, u.id) < (
       select last.created_at, last.id from users last where last.account_id = $1 and last.id = $2))
     order by u.created_at desc, u.id desc limit $3`,
    [accountId, after, limit],
  );
  return rows.map(fromRow);
}

export async function findAccountUser(sql: Sql, accountId: string, id: string): Promise<AccountUser | null> {
  const [row] = await sql.query<UserRow>(`${SELECT} where u.account_id = $1 and u.id = $2`, [accountId, id]);
  return row === undefined ? null : fromRow(row);
}

export async function hasRole(sql: Sql, accountId: string, personId: string): Promise<boolean> {
  const rows = await sql.query('select from users where account_id = $1 and person_id = $2', [
    accountId,
    personId,
  ]);
  return rows.length > 0;
}

/** Whether the person has a role elsewhere, too. */
export async function hasOtherAccount(sql: Sql, accountId: string, personId: string): Promise<boolean> {
  const rows = await sql.query('select from users where account_id <> $1 and person_id = $2 limit 1', [
    accountId,
    personId,
  ]);
  return rows.length > 0;
}

/** Until the end of the transaction nobody else changes who has which role in the account. */
export async function lockRoles(sql: Sql, accountId: string): Promise<void> {
  await lockNamed(sql, 'adding', `roles of ${accountId}`);
}

/** Whether anybody else can sign in there as an owner, or operator. */
export async function hasOtherOwner(sql: Sql, accountId: string, id: string): Promise<boolean> {
  const rows = await sql.query(
    `select from users where account_id = $1 and id <> $2 and person_id is not null and role in ('owner', 'operator')
     limit 1`,
    [accountId, id],
  );
  return rows.length > 0;
}

export async function setRole(
  sql: Sql,
  accountId: string,
  id: string,
  { role, seesInputs }: RoleHolder,
): Promise<void> {
  await sql.query(
    'update users set role = $3, sees_inputs = $4, modified_at = now() where account_id = $1 and id = $2',
    [accountId, id, role, seesInputs],
  );
}

/**
 * Takes a person's role away. The user stays where tokens act for it, and is nobody's; a person who has no
 * account left is deleted, with its sessions.
 */
export async function takeRole(
  sql: Sql,
  accountId: string,
  user: { id: string; personId: string },
): Promise<void> {
  const [kept] = await sql.query<{ kept: boolean }>(
    `select exists (select from tokens where account_id = $1 and user_id = $2)
       or (select is_account_owner from users where account_id = $1 and id = $2) as kept`,
    [accountId, user.id],
  );
  if (kept?.kept === true) {
    await sql.query(
      `update users set person_id = null, email = id || '@nobody.localhost', modified_at = now()
       where account_id = $1 and id = $2`,
      [accountId, user.id],
    );
  } else await sql.query('delete from users where account_id = $1 and id = $2', [accountId, user.id]);
  await sql.query(
    'delete from people where id = $1 and not exists (select from users where person_id = $1)',
    [user.personId],
  );
}

function fromRow(row: UserRow): AccountUser {
  return {
    id: row.id,
    personId: row.person_id,
    email: row.email,
    name: row.name,
    role: row.role,
    seesInputs: row.sees_inputs,
    createdAt: row.created_at,
    lastSignedInAt: row.last_signed_in_at,
  };
}
