// Changes that must not overlap with others of the same name, on whatever node: each holds a lock in the
// database until it is done. Few at a time, because each takes a connection that others need, and in turns
// over accounts. Built by roles/, used by entity-tags.ts.
import { lockNamed } from '../postgres/advisory-locks.ts';
import type { Database } from '../postgres/database.ts';
import { createAccountTurns } from './account-turns.ts';
import type { Exclusively } from './entity-tags.ts';

const AT_ONCE = 2;

export function createExclusiveChanges(database: Pick<Database, 'transaction'>): Exclusively {
  const turns = createAccountTurns({ atOnce: AT_ONCE, what: 'changes with If-Match' });
  return ({ accountId, name }, work) =>
    turns(accountId, () =>
      database.transaction(async (sql) => {
        await lockNamed(sql, 'exclusive_changes', name);
        return await work();
      }),
    );
}
