// Few places for what holds a connection to the database while it lasts, given in turns over accounts. Called
// by exclusive-changes.ts and idempotent-requests.ts.
import { fail } from '../errors/failure.ts';
import { TurnsQueue } from '../memory/turns-queue.ts';

/** @throws Failure `too_many_requests` */
export type AccountTurns = <T>(accountId: string, work: () => Promise<T>) => Promise<T>;

/** Of one account, and of all together. */
const MOST_OF_ACCOUNT = 100;
const MOST_WAITING = 2_000;

type Waiting = { accountId: string; begin(): void };

/** @param what as in "too many changes with If-Match are going on" */
export function createAccountTurns({ atOnce, what }: { atOnce: number; what: string }): AccountTurns {
  const waiting = new TurnsQueue<Waiting>();
  let going = 0;
  const enter = async (accountId: string): Promise<void> => {
    if (waiting.sizeOf(accountId) >= MOST_OF_ACCOUNT || waiting.size >= MOST_WAITING) {
      fail('too_many_requests', {
        message: `too many ${what} are going on: try again in a moment`,
        facts: { limit: MOST_OF_ACCOUNT, retryAfterS: 1 },
      });
    }
    if (going >= atOnce) await new Promise<void>((begin) => waiting.push({ accountId, begin }));
    else going += 1;
  };
  /** Its place goes on to the account whose turn it is. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) going -= 1;
    else next.begin();
  };
  return async (accountId, work) => {
    await enter(accountId);
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
