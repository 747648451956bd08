// SQL of links that set up the first person. Known by their hash alone; there are some while there is nobody,
// one of each node's start. Called by set-up.ts.
import type { Sql } from '../postgres/database.ts';

/** Those of earlier starts: a node that starts over and over makes no more. */
const MOST_LINKS = 50;

export async function putSetUpLink(sql: Sql, linkHash: Buffer, lifeS: number): Promise<void> {
  await sql.query(
    `insert into setup_links (link_hash, expires_at) values ($1, now() + make_interval(secs => $2))`,
    [linkHash, lifeS],
  );
  await sql.query(
    `delete from setup_links where expires_at < now() or link_hash not in (
       select link_hash from setup_links order by made_at desc limit $1)`,
    [MOST_LINKS],
  );
}

export async function hasSetUpLink(sql: Sql, linkHash: Buffer): Promise<boolean> {
  const rows = await sql.query('select 1 from setup_links where link_hash = $1 and expires_at > now()', [
    linkHash,
  ]);
  return rows.length > 0;
}

export async function deleteSetUpLinks(sql: Sql): Promise<void> {
  await sql.query('delete from setup_links');
}
