// SQL of people who come by the operator's provider: who they are there, and the roles that its claims give.
// Called by openid-sign-on.ts.
import type { Sql } from '../postgres/database.ts';
import type { Role } from './roles.ts';

export async function findIdentity(sql: Sql, issuer: string, subject: string): Promise<string | null> {
  const [row] = await sql.query<{ person_id: string }>(
    'select person_id from openid_identities where issuer = $1 and subject = $2',
    [issuer, subject],
  );
  return row?.person_id ?? null;
}

export async function putIdentity(
  sql: Sql,
  { issuer, subject, personId }: { issuer: string; subject: string; personId: string },
): Promise<void> {
  await sql.query('insert into openid_identities (issuer, subject, person_id) values ($1, $2, $3)', [
    issuer,
    subject,
    personId,
  ]);
}

/** Whatever else opened the person: nobody has shown that it was theirs. */
export async function dropCredentials(sql: Sql, personId: string): Promise<void> {
  await sql.query('update people set password_hash = null, email_proved = true where id = $1', [personId]);
  for (const table of ['sessions', 'second_factors', 'passkeys', 'password_resets'])
    await sql.query(`delete from ${table} where person_id = $1`, [personId]);
}

/** Of accounts that are there. `name`: an id, or with `@` the operator's own. */
export async function findNamedAccounts(
  sql: Sql,
  names: readonly string[],
): Promise<{ name: string; accountId: string }[]> {
  return await sql.query(
    `select given.word as name, accounts.id as "accountId" from unnest($1::text[]) as given (word) join accounts
       on accounts.id = given.word or (left(given.word, 1) = '@' and accounts.external_id = substr(given.word, 2))
     order by accounts.id`,
    [names],
  );
}

export type ClaimedRole = { accountId: string; role: Role };

/** Those that were given by hand stay as they are. */
export async function putClaimedRole(
  sql: Sql,
  id: string,
  person: { id: string; email: string; name: string },
  { accountId, role }: ClaimedRole,
): Promise<void> {
  await sql.query(
    `insert into users (id, account_id, person_id, email, name, role, sees_inputs, by_openid)
     values ($1, $2, $3, $4, $5, $6, false, true)
     on conflict (account_id, person_id) do update set role = excluded.role, modified_at = now()
       where users.by_openid and users.role <> excluded.role`,
    [id, accountId, person.id, person.email, person.name, role],
  );
}

/** Roles that came by claims and aren't claimed any more. */
export async function listUnclaimed(
  sql: Sql,
  personId: string,
  claimed: readonly string[],
): Promise<{ id: string; accountId: string }[]> {
  return await sql.query(
    `select id, account_id as "accountId" from users
     where person_id = $1 and by_openid and not (account_id = any ($2)) order by account_id`,
    [personId, claimed],
  );
}
