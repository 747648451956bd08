// How many bytes an account has in the database, near enough to refuse what is too much: what this node
// writes is counted in memory and added to the account's days every few seconds, which says in return what
// there is over all nodes. Events, runs with their input, return and log, flow runs, mails, deliveries; what
// an account has of other things is bounded by number. Built by roles/; asked by the doors and the queue of
// runs.

import type { Logger } from 'pino';
import { HOURLY_MS, startRounds } from '../clock/rounds.ts';
import { fail } from '../errors/failure.ts';
import { LatelyUsed } from '../memory/lately-used.ts';
import type { Sql } from '../postgres/database.ts';
import { addBytes, deleteOldDays } from './kept-bytes-store.ts';

export type KeptBytes = {
  /** So many are written. */
  add(accountId: string, bytes: number): void;
  isFull(accountId: string): boolean;
  /** @throws Failure `too_many_runs` */
  require(accountId: string): void;
};

export type KeptBytesParts = {
  sql: Sql;
  /** Of an account that has no bound of its own. */
  usual: number;
  /** After so many, all of it is gone. */
  keptDays: number;
  log: Logger;
};

/** What a row takes besides what it holds, with its indexes. */
export const ROW_BYTES = 1_024;
const FLUSH_EVERY_MS = 2_000;
/** Accounts whose number is kept; the oldest goes. */
const CAPACITY = 10_000;

export function startKeptBytes(
  parts: KeptBytesParts,
): KeptBytes & { flush(): Promise<void>; stop(): Promise<void> } {
  const { sql, usual, keptDays, log } = parts;
  const known = new LatelyUsed<{ bytes: number; limit: number }>(CAPACITY);
  let added = new Map<string, number>();
  const failed = (error: unknown): void => log.warn({ err: error }, 'bytes of accounts could not be counted');

  async function flush(): Promise<void> {
    if (added.size === 0) return;
    const given = added;
    added = new Map();
    for (const { accountId, bytes, limit } of await addBytes(sql, given, keptDays)) {
      known.set(accountId, { bytes, limit: limit ?? usual });
    }
  }

  const timer = setInterval(() => flush().catch(failed), FLUSH_EVERY_MS);
  const sweep = startRounds({
    everyMs: HOURLY_MS,
    round: () => deleteOldDays(sql, keptDays),
    onError: failed,
  });
  const kept: KeptBytes = {
    add(accountId, bytes) {
      added.set(accountId, (added.get(accountId) ?? 0) + bytes);
    },
    isFull(accountId) {
      const account = known.peek(accountId);
      return account !== undefined && account.bytes + (added.get(accountId) ?? 0) >= account.limit;
    },
    require(accountId) {
      if (!kept.isFull(accountId)) return;
      // Whether there is room by now is asked with the next flush.
      kept.add(accountId, 0);
      const limit = known.peek(accountId)?.limit ?? usual;
      fail('too_many_runs', {
        message: `the account has as many bytes of events, inputs and logs as it may: ${limit} (kept_bytes)`,
        facts: { limit, bound: 'kept_bytes' },
      });
    },
  };
  return {
    ...kept,
    flush,
    stop: async () => {
      clearInterval(timer);
      await sweep.stop();
      await flush().catch(failed);
    },
  };
}
