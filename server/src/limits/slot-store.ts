// SQL of places for runs that nodes hold of an account's limit. A node that is lost holds none: its rows go
// with it.
import { lockNamed } from '../postgres/advisory-locks.ts';
import type { Database } from '../postgres/database.ts';

export type SlotChange = {
  accountId: string;
  /** This life of this node. */
  node: string;
  /** Of the account, over all nodes. */
  limit: number;
  /** What this node has by its own count; the row says the same, unless the node was taken for dead. */
  held: number;
  /** How many more, or less. */
  change: number;
};

/** `held`: by this node now. `others`: by all others together. */
export type Slots = { held: number; others: number };

export async function changeSlots(database: Database, wanted: SlotChange): Promise<Slots> {
  const { accountId, node, limit, held, change } = wanted;
  return await database.transaction(async (sql) => {
    // One node at a time: what others hold is summed up after they have written it.
    await lockNamed(sql, 'slots', accountId);
    const [row] = await sql.query<{ slots: number; others: number }>(
      `with others as (
         select coalesce(sum(slots), 0)::integer as taken from account_slots where account_id = $1 and node <> $2
       )
       insert into account_slots (account_id, node, slots)
       select $1, $2, case when $4::integer <= 0 then greatest(0, $3::integer + $4)
         else greatest($3::integer, least($3 + $4, $5::integer - taken)) end from others
       on conflict (account_id, node) do update set slots = excluded.slots
       returning slots, (select taken from others) as others`,
      [accountId, node, held, change, limit],
    );
    return { held: row?.slots ?? held, others: row?.others ?? 0 };
  });
}
