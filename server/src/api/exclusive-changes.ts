// Changes that must not overlap with others of the same name, on whatever node: each holds a lock in the database until it is done. Few at a
// time, because each takes a connection that others need. Built by roles/, used by entity-tags.ts.
import { fail } from '../errors/failure.ts';
import { lockNamed } from '../postgres/advisory-locks.ts';
import type { Database } from '../postgres/database.ts';
import type { Exclusively } from './entity-tags.ts';

const AT_ONCE = 2;
const MOST_WAITING = 200;

export function createExclusiveChanges(database: Pick<Database, 'transaction'>): Exclusively {
  const waiting: (() => void)[] = [];
  let going = 0;
  const enter = async (): Promise<void> => {
    if (waiting.length >= MOST_WAITING) {
      fail('too_many_requests', {
        message: 'too many changes with If-Match are going on: try again in a moment',
        facts: { limit: MOST_WAITING, retryAfterS: 1 },
      });
    }
    if (going >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else going += 1;
  };
  /** Its place goes on to who waits longest. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) going -= 1;
    else next();
  };
  return async (name, work) => {
    await enter();
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
