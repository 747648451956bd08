// SQL of people: who signs in, by which e-mail address and password. Belongs to no account; which accounts a
// person has is in users. Called by people/.
import { lockNamed } from '../postgres/advisory-locks.ts';
import type { Sql } from '../postgres/database.ts';

/** PostgreSQL channel; the payload is the person's id. */
export const PEOPLE_CHANNEL = 'millrace_people_changed';

export type NewPerson = {
  id: string;
  email: string;
  emailFolded: string;
  name: string;
  /** Whether mail to the address has reached them. */
  emailProved: boolean;
  /** In PHC form; null: they sign in another way. */
  passwordHash: string | null;
};
export type Person = NewPerson;

type PersonRow = {
  id: string;
  email: string;
  email_folded: string;
  name: string;
  email_proved: boolean;
  password_hash: string | null;
};

const COLUMNS = 'id, email, email_folded, name, email_proved, password_hash';

export async function insertPerson(sql: Sql, person: NewPerson): Promise<void> {
  await sql.query(`insert into people (${COLUMNS}) values ($1, $2, $3, $4, $5, $6)`, [
    ...[person.id, person.email, person.emailFolded, person.name, person.emailProved, person.passwordHash],
  ]);
}

export async function findPerson(sql: Sql, id: string): Promise<Person | null> {
  return one(await sql.query<PersonRow>(`select ${COLUMNS} from people where id = $1`, [id]));
}

export async function findPersonByEmail(sql: Sql, emailFolded: string): Promise<Person | null> {
  return one(
    await sql.query<PersonRow>(`select ${COLUMNS} from people where email_folded = $1`, [emailFolded]),
  );
}

/** Until the end of the transaction nobody else makes a person, or finds that there is none. */
export async function lockPeople(sql: Sql): Promise<void> {
  await lockNamed(sql, 'adding', 'people');
}

export async function isThereAnybody(sql: Sql): Promise<boolean> {
  return (await sql.query('select from people limit 1')).length > 0;
}

/** Most accounts of one person. */
const MOST_ACCOUNTS = 100;

/** In the order of the accounts' ids, as every change of several accounts. */
export async function listUsersOf(sql: Sql, personId: string): Promise<{ id: string; accountId: string }[]> {
  return await sql.query(
    `select id, account_id as "accountId" from users where person_id = $1 order by account_id limit $2`,
    [personId, MOST_ACCOUNTS],
  );
}

export async function noteSignIn(sql: Sql, id: string): Promise<void> {
  await sql.query('update people set last_signed_in_at = now() where id = $1', [id]);
}

/** Until the end of the transaction nobody changes it. @returns whether it is still that one */
export async function holdPassword(sql: Sql, id: string, hash: string): Promise<boolean> {
  const rows = await sql.query('select from people where id = $1 and password_hash = $2 for no key update', [
    id,
    hash,
  ]);
  return rows.length > 0;
}

/** Links for another one are over with it. */
export async function setPasswordHash(sql: Sql, id: string, hash: string): Promise<void> {
  await sql.query('delete from password_resets where person_id = $1', [id]);
  await sql.query('update people set password_hash = $2, modified_at = now() where id = $1', [id, hash]);
}

/** Mail to the address has reached the person. */
export async function proveEmail(sql: Sql, id: string): Promise<void> {
  await sql.query('update people set email_proved = true where id = $1 and not email_proved', [id]);
}

/** Of accounts that are deleted, people stay. @returns how many are gone */
export async function sweepPeople(sql: Sql, batch: number): Promise<number> {
  const rows = await sql.query(
    `delete from people where id in (
       select id from people where not exists (select from users where users.person_id = people.id) limit $1)
     returning id`,
    [batch],
  );
  return rows.length;
}

/** Nodes that know sessions of the person ask again. */
export async function announcePerson(sql: Sql, id: string): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [PEOPLE_CHANNEL, id]);
}

function one(rows: readonly PersonRow[]): Person | null {
  const [row] = rows;
  if (row === undefined) return null;
  return {
    id: row.id,
    email: row.email,
    emailFolded: row.email_folded,
    name: row.name,
    emailProved: row.email_proved,
    passwordHash: row.password_hash,
  };
}
