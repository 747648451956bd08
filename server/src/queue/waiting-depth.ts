// Counts what accounts have waiting besides runs, as queue-depth.ts counts runs: flow runs, mails of
// templates, deliveries. Built by roles/.
import { ACCOUNT_BOUNDS, type AccountBounds } from '../config/account-bounds.ts';
import { type KeptBytes, ROW_BYTES } from '../limits/kept-bytes.ts';
import { measureWaiting, type WaitingKind } from '../limits/waiting-store.ts';
import type { Sql } from '../postgres/database.ts';
import { QueueDepth } from './queue-depth.ts';

export type WaitingParts = {
  /** Of accounts that have none of their own. */
  usual: AccountBounds;
  /** Counts what is written. */
  kept: Pick<KeptBytes, 'add' | 'require'>;
  /** Unix time in ms. */
  clock(): number;
};

/** Counts them in, with the bytes that they hold. @throws Failure `too_many_runs` */
export type Waiting = { add(sql: Sql, accountId: string, rows: number, bytes: number): Promise<void> };

export function waitingDepth(kind: WaitingKind, { usual, kept, clock }: WaitingParts): Waiting {
  const depth = new QueueDepth(usual[kind], clock, null, {
    what: `${ACCOUNT_BOUNDS[kind].noun} (${kind})`,
    measure: (sql, accountId, limit) => measureWaiting(sql, kind, { accountId, usual: limit }),
  });
  return {
    async add(sql, accountId, rows, bytes) {
      kept.require(accountId);
      await depth.add(sql, accountId, rows);
      kept.add(accountId, rows * ROW_BYTES + bytes);
    },
  };
}
