// Changes that must not overlap with others of the same name, on whatever node: each holds a lock in the
// database until it is done. Few at a time, because each takes a connection that others need, and in turns
// over accounts. Built by roles/, used by entity-tags.ts.
import { fail } from '../errors/failure.ts';
import { TurnsQueue } from '../memory/turns-queue.ts';
import { lockNamed } from '../postgres/advisory-locks.ts';
import type { Database } from '../postgres/database.ts';
import type { Exclusively } from './entity-tags.ts';

const AT_ONCE = 2;
/** Of one account, and of all together. */
const MOST_OF_ACCOUNT = 100;
const MOST_WAITING = 2_000;

type Waiting = { accountId: string; begin(): void };

export function createExclusiveChanges(database: Pick<Database, 'transaction'>): Exclusively {
  const waiting = new TurnsQueue<Waiting>();
  let going = 0;
  const enter = async (accountId: string): Promise<void> => {
    if (waiting.sizeOf(accountId) >= MOST_OF_ACCOUNT || waiting.size >= MOST_WAITING) {
      fail('too_many_requests', {
        message: 'too many changes with If-Match are going on: try again in a moment',
        facts: { limit: MOST_OF_ACCOUNT, retryAfterS: 1 },
      });
    }
    if (going >= AT_ONCE) await new Promise<void>((begin) => waiting.push({ accountId, begin }));
    else going += 1;
  };
  /** Its place goes on to the account whose turn it is. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) going -= 1;
    else next.begin();
  };
  return async ({ accountId, name }, work) => {
    await enter(accountId);
    try {
      return await database.transaction(async (sql) => {
        await lockNamed(sql, 'exclusive_changes', name);
        return await work();
      });
    } finally {
      leave();
    }
  };
}
