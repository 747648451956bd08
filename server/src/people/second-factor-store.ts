// SQL of second factors: a sealed secret each, the step of the code used last, hashes of recovery codes.
// Using one is one statement, so that of two at once one counts. Called by second-factors.ts.
import type { Sql } from '../postgres/database.ts';

export type SecondFactor = { sealedSecret: Buffer; isConfirmed: boolean; lastStep: number };

/** Replaces one that isn't confirmed. @returns whether it did: one that is stays */
export async function putSecondFactor(sql: Sql, personId: string, sealedSecret: Buffer): Promise<boolean> {
  const rows = await sql.query(
    `insert into second_factors (person_id, sealed_secret) values ($1, $2)
     on conflict (person_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0
       where second_factors.confirmed_at is null
     returning person_id`,
    [personId, sealedSecret],
  );
  return rows.length > 0;
}

export async function findSecondFactor(sql: Sql, personId: string): Promise<SecondFactor | null> {
  const [row] = await sql.query<{ sealed_secret: Buffer; confirmed_at: Date | null; last_step: number }>(
    'select sealed_secret, confirmed_at, last_step from second_factors where person_id = $1',
    [personId],
  );
  if (row === undefined) return null;
  return {
    sealedSecret: row.sealed_secret,
    isConfirmed: row.confirmed_at !== null,
    lastStep: row.last_step,
  };
}

/** @returns whether it was not confirmed before */
export async function confirmSecondFactor(
  sql: Sql,
  personId: string,
  { step, recoveryHashes }: { step: number; recoveryHashes: Buffer[] },
): Promise<boolean> {
  const rows = await sql.query(
    `update second_factors set confirmed_at = now(), last_step = $2, recovery_hashes = $3
     where person_id = $1 and confirmed_at is null returning person_id`,
    [personId, step, recoveryHashes],
  );
  return rows.length > 0;
}

/** @returns whether no code of this step, or a later one, was used before */
export async function useStep(sql: Sql, personId: string, step: number): Promise<boolean> {
  const rows = await sql.query(
    'update second_factors set last_step = $2 where person_id = $1 and last_step < $2 returning person_id',
    [personId, step],
  );
  return rows.length > 0;
}

/** @returns whether there was such a recovery code, which is gone */
export async function useRecovery(sql: Sql, personId: string, hash: Buffer): Promise<boolean> {
  const rows = await sql.query(
    `update second_factors set recovery_hashes = array_remove(recovery_hashes, $2)
     where person_id = $1 and confirmed_at is not null and $2 = any (recovery_hashes) returning person_id`,
    [personId, hash],
  );
  return rows.length > 0;
}

/** @returns whether there was one */
export async function deleteSecondFactor(sql: Sql, personId: string): Promise<boolean> {
  const rows = await sql.query('delete from second_factors where person_id = $1 returning person_id', [
    personId,
  ]);
  return rows.length > 0;
}
