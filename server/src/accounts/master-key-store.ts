// SQL of the rotation of the master key: which key takes the place of which, and how far the accounts' keys
// have been sealed anew. Holds master keys sealed by each other alone. Called by environment/key-rotation.ts.
import { lockWhole, shareWhole } from '../postgres/advisory-locks.ts';
import type { Sql } from '../postgres/database.ts';

export type StoredRotation = {
  newByOld: Buffer;
  oldByNew: Buffer;
  begunAt: Date;
  /** Id of the last account whose key has been sealed anew; empty: none. */
  resealedTo: string;
  resealedAt: Date | null;
};

type Row = {
  new_by_old: Buffer;
  old_by_new: Buffer;
  begun_at: Date;
  resealed_to: string;
  resealed_at: Date | null;
};

export async function findRotation(sql: Sql): Promise<StoredRotation | null> {
  const [row] = await sql.query<Row>(
    'select new_by_old, old_by_new, begun_at, resealed_to, resealed_at from master_key_rotation',
  );
  if (row === undefined) return null;
  return {
    ...{ newByOld: row.new_by_old, oldByNew: row.old_by_new, begunAt: row.begun_at },
    ...{ resealedTo: row.resealed_to, resealedAt: row.resealed_at },
  };
}

/** Nodes that live and were started with another master key, or don't say with which. */
export async function countNodesOfOtherKeys(sql: Sql, keyMark: string): Promise<number> {
  const [row] = await sql.query<{ nodes: number }>(
    'select count(*) as nodes from nodes where lease_until > now() and key_mark is distinct from $1',
    [keyMark],
  );
  return row?.nodes ?? 0;
}

/** Until the end of the transaction no rotation begins or ends, and none goes on. */
export async function lockRotation(sql: Sql): Promise<void> {
  await lockWhole(sql, 'master_key');
}

/** The same, beside others who only need to know. */
export async function holdRotation(sql: Sql): Promise<void> {
  await shareWhole(sql, 'master_key');
}

export async function insertRotation(
  sql: Sql,
  { newByOld, oldByNew }: Pick<StoredRotation, 'newByOld' | 'oldByNew'>,
): Promise<void> {
  await sql.query('insert into master_key_rotation (new_by_old, old_by_new) values ($1, $2)', [
    newByOld,
    oldByNew,
  ]);
}

export async function noteResealed(sql: Sql, to: string, isAll: boolean): Promise<void> {
  await sql.query(
    'update master_key_rotation set resealed_to = $1, resealed_at = case when $2 then now() end',
    [to, isAll],
  );
}

export async function deleteRotation(sql: Sql): Promise<void> {
  await sql.query('delete from master_key_rotation');
}

/** Of every account: the master key is the installation's. One that is being deleted has none any more. */
export async function lockSealedKeys(
  sql: Sql,
  after: string,
  most: number,
): Promise<{ id: string; sealedKey: Buffer }[]> {
  const rows = await sql.query<{ id: string; sealed_key: Buffer }>(
    `select id, sealed_key from accounts where id > $1 order by id limit $2 for update`,
    [after, most],
  );
  return rows.map(({ id, sealed_key }) => ({ id, sealedKey: sealed_key }));
}

export async function setSealedKeys(sql: Sql, resealed: ReadonlyMap<string, Buffer>): Promise<void> {
  await sql.query(
    `update accounts set sealed_key = n.sealed_key from unnest($1::text[], $2::bytea[]) as n(id, sealed_key)
     where accounts.id = n.id`,
    [[...resealed.keys()], [...resealed.values()]],
  );
}
