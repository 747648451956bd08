// SQL of passkeys and of the challenges that they answer. Called by passkeys.ts.
import type { Sql } from '../postgres/database.ts';

export type NewPasskey = {
  id: string;
  personId: string;
  /** base64url */
  credentialId: string;
  publicKey: Buffer;
  counter: number;
  name: string;
};
export type Passkey = NewPasskey & { createdAt: Date; lastUsedAt: Date | null };

type PasskeyRow = {
  id: string;
  person_id: string;
  credential_id: string;
  public_key: Buffer;
  counter: number;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
};

export async function putChallenge(
  sql: Sql,
  hash: Buffer,
  { personId, lifeS }: { personId: string | null; lifeS: number },
): Promise<void> {
  await sql.query(
    `insert into passkey_challenges (challenge_hash, person_id, expires_at)
     values ($1, $2, now() + make_interval(secs => $3))`,
    [hash, personId, lifeS],
  );
}

/** @returns whether it was there, for this person, or with null to sign in */
export async function takeChallenge(sql: Sql, hash: Buffer, personId: string | null): Promise<boolean> {
  const rows = await sql.query(
    `delete from passkey_challenges
     where challenge_hash = $1 and person_id is not distinct from $2 and expires_at > now() returning person_id`,
    [hash, personId],
  );
  return rows.length > 0;
}

/** @returns null where the credential is a person's already, or the person has as many as they may */
export async function insertPasskey(sql: Sql, passkey: NewPasskey, most: number): Promise<Passkey | null> {
  const { id, personId, credentialId, publicKey, counter, name } = passkey;
  const [row] = await sql.query<PasskeyRow>(
    `insert into passkeys (id, person_id, credential_id, public_key, counter, name)
     select $1, $2, $3, $4, $5, $6 where (select count(*) from passkeys where person_id = $2) < $7
     on conflict (credential_id) do nothing returning *`,
    [id, personId, credentialId, publicKey, counter, name, most],
  );
  return row === undefined ? null : fromRow(row);
}

export async function findPasskey(sql: Sql, credentialId: string): Promise<Passkey | null> {
  const [row] = await sql.query<PasskeyRow>('select * from passkeys where credential_id = $1', [
    credentialId,
  ]);
  return row === undefined ? null : fromRow(row);
}

export async function listPasskeys(sql: Sql, personId: string): Promise<Passkey[]> {
  const rows = await sql.query<PasskeyRow>(
    'select * from passkeys where person_id = $1 order by created_at desc, id',
    [personId],
  );
  return rows.map(fromRow);
}

/** @returns whether it is still there */
export async function notePasskeyUse(sql: Sql, id: string, counter: number): Promise<boolean> {
  const rows = await sql.query(
    'update passkeys set counter = $2, last_used_at = now() where id = $1 returning id',
    [id, counter],
  );
  return rows.length > 0;
}

export async function deletePasskeys(sql: Sql, personId: string): Promise<void> {
  await sql.query('delete from passkeys where person_id = $1', [personId]);
}

/** @returns whether there was one */
export async function deletePasskey(sql: Sql, personId: string, id: string): Promise<boolean> {
  const rows = await sql.query('delete from passkeys where person_id = $1 and id = $2 returning id', [
    personId,
    id,
  ]);
  return rows.length > 0;
}

export async function sweepChallenges(sql: Sql, batch: number): Promise<number> {
  const rows = await sql.query(
    `delete from passkey_challenges where challenge_hash in (
       select challenge_hash from passkey_challenges where expires_at < now() limit $1) returning person_id`,
    [batch],
  );
  return rows.length;
}

function fromRow(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    personId: row.person_id,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: row.counter,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
