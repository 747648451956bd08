// SQL of nodes and their leases, all on the database's clock. A node lives as long as its row: the node that
// takes its runs deletes the row first, so that a node which comes back finds that its life is over.
import type { Sql } from '../postgres/database.ts';

export type NodeRow = {
  id: string;
  /** What a life has in common with its successor. */
  place: string;
  roles: readonly string[];
  /** Of the master key that it was started with. */
  keyMark?: string;
};

export async function insertNode(sql: Sql, node: NodeRow, leaseMs: number): Promise<void> {
  await sql.query(
    `insert into nodes (id, place, roles, lease_until, key_mark)
     values ($1, $2, $3, now() + $4 * interval '1 millisecond', $5)`,
    [node.id, node.place, node.roles, leaseMs, node.keyMark ?? null],
  );
}

/**
 * Also revives a lease that has passed, if nobody has taken the runs yet.
 * @returns how many others execute queued runs; null when the node's life is over
 */
export async function renewLease(sql: Sql, nodeId: string, leaseMs: number): Promise<number | null> {
  const [row] = await sql.query<{ others: number }>(
    `update nodes set lease_until = now() + $2 * interval '1 millisecond' where id = $1
     returning (select count(*) from nodes other
       where other.id <> $1 and other.lease_until > now() and 'worker' = any(other.roles)) as others`,
    [nodeId, leaseMs],
    'renew lease',
  );
  return row?.others ?? null;
}

/** A node that ends in order. */
export async function deleteNode(sql: Sql, nodeId: string): Promise<void> {
  await sql.query('delete from nodes where id = $1', [nodeId]);
}

/** Ends former lives of a place, whose successor has begun: no lease need pass. */
export async function deleteFormerLives(sql: Sql, node: Pick<NodeRow, 'id' | 'place'>): Promise<void> {
  await sql.query('delete from nodes where place = $1 and id <> $2', [node.place, node.id]);
}

/**
 * Ends the lives whose lease has passed, but not one's own: who comes back from a pause and finds that nobody
 * has taken its runs goes on. @returns their ids
 */
export async function deleteLostNodes(sql: Sql, ownId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    'delete from nodes where lease_until < now() and id <> $1 returning id',
    [ownId],
  );
  return rows.map((row) => row.id);
}
