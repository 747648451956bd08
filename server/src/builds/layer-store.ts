// Layers in the database: which key's packages lie in which bundle. Nobody's, like the packages themselves.
// Called by build-set.ts, settle-builds.ts and the tidier.
import type { Sql } from '../postgres/database.ts';
import { dropUnusedBundle } from '../versions/bundle-store.ts';

/** @returns the hash of the layer, which stays as long as the transaction; null where there is none */
export async function findLayer(sql: Sql, key: string): Promise<string | null> {
  const [row] = await sql.query<{ hash: string }>(
    'update layers set last_used_at = now() where key = $1 returning hash',
    [key],
  );
  return row?.hash ?? null;
}

/**
 * Keeps a layer whose bundle this transaction holds. @returns the hash that counts: another node may have
 * been quicker
 */
export async function keepLayer(sql: Sql, key: string, hash: string): Promise<string> {
  const [row] = await sql.query<{ hash: string }>(
    `insert into layers (key, hash) values ($1, $2)
     on conflict (key) do update set last_used_at = now() returning hash`,
    [key, hash],
  );
  return (row as { hash: string }).hash;
}

/** Removes one layer that no version has and nobody asked for lately. @returns whether there was one */
export async function dropUnusedLayer(sql: Sql, unusedDays: number): Promise<boolean> {
  const [row] = await sql.query<{ hash: string }>(
    `delete from layers where key = (
       select key from layers l where last_used_at < now() - make_interval(days => $1)
         and not exists (select from versions where versions.layer_hash = l.hash)
         and not exists (select from package_sets s join builds b on b.set_id = s.id
                         where s.layer_key = l.key and b.status = 'building')
       limit 1 for update skip locked
     ) returning hash`,
    [unusedDays],
  );
  if (row !== undefined) await dropUnusedBundle(sql, row.hash);
  return row !== undefined;
}
