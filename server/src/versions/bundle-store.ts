// The bundles in the database: uploaded zips, addressed by the SHA-256 of their bytes, shared by every
// version (of any account) that holds the same bytes; so these statements alone know no account. Called by
// deployment.ts and bundle-cache.ts.
import type { Sql } from '../postgres/database.ts';

export type Bundle = { hash: string; zip: Buffer; unpackedBytes: number };

/**
 * Keeps a bundle, or does nothing where its bytes are there already. Either way the row is locked until the
 * transaction ends, so that {@link dropUnusedBundle} can't take it away before the version that needs it is
 * in.
 */
export async function keepBundle(sql: Sql, bundle: Bundle): Promise<void> {
  await sql.query(
    `insert into bundles (hash, zip, size_bytes, unpacked_bytes) values ($1, $2, $3, $4)
     on conflict (hash) do update set hash = excluded.hash`,
    [bundle.hash, bundle.zip, bundle.zip.length, bundle.unpackedBytes],
  );
}

/** @returns the zip's bytes, or null where no version holds it any more */
export async function readBundle(sql: Sql, hash: string): Promise<Buffer | null> {
  const [row] = await sql.query<{ zip: Buffer }>('select zip from bundles where hash = $1', [hash]);
  return row?.zip ?? null;
}

/** Removes a bundle that no version, layer or build holds. Must run inside a transaction. */
export async function dropUnusedBundle(sql: Sql, hash: string): Promise<void> {
  // In a statement of its own: the next one sees what was committed by the transaction that held the lock
  // before us.
  await sql.query('select from bundles where hash = $1 for update', [hash]);
  await sql.query(
    `delete from bundles
     where hash = $1 and not exists (
       select from versions where versions.bundle_hash = bundles.hash or versions.layer_hash = bundles.hash
     ) and not exists (select from layers where layers.hash = bundles.hash)
       and not exists (select from builds where builds.code_hash = bundles.hash)`,
    [hash],
  );
}

/** @returns those of `hashes` that the database knows */
export async function knownBundles(sql: Sql, hashes: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ hash: string }>('select hash from bundles where hash = any ($1)', [hashes]);
  return new Set(rows.map(({ hash }) => hash));
}
