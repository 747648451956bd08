// Gives a webhook or a function URL another address: the old one is nobody's from then on. SQL and rule of
// one endpoint.
import { randomUUID } from 'node:crypto';
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { getTrigger, type StoredTrigger } from './trigger-store.ts';

/** @throws Failure `not_found`, or `invalid_state` for a trigger without an address */
export async function renewAddress(sql: Sql, world: World, id: string): Promise<StoredTrigger> {
  await sql.query(
    `update triggers set address = $4, modified_at = now()
     where id = $1 and account_id = $2 and mode = $3 and kind in ('webhook', 'function_url')`,
    [id, world.accountId, world.mode, randomUUID()],
  );
  const trigger = await getTrigger(sql, world, id);
  if (trigger === null) return fail('not_found', { message: 'there is no such trigger' });
  if (trigger.kind === 'webhook' || trigger.kind === 'function_url') return trigger;
  return fail('invalid_state', { message: `a trigger of kind ${trigger.kind} has no address` });
}
