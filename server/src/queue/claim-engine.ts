// Works on rows of some table as they fall due, on every node: claims as many as there is room for, holds
// them while they are worked on, and goes on. One account's slow work stands in nobody's way. Knows no table;
// mails of templates, executions of queries and folders of functions use it.
//
//   pass: claim as many as there is room for ─► sleep until the next is due, one is done, news, or the safety poll ─► pass
import type { Logger } from 'pino';
import { HOURLY_MS, type Rounds, startRounds, sweepInBatches } from '../clock/rounds.ts';
import { startWakefulLoop } from '../clock/wakeful-loop.ts';
import type { Sql } from '../postgres/database.ts';
import type { Claimed, WorkTable } from './work-table-store.ts';

export type ClaimEngine = { wake(): void; stop(): Promise<void> };

export type ClaimEngineParts<Item extends Claimed> = {
  sql: Sql;
  table: WorkTable<Item>;
  /** Never rejects. */
  work(item: Item): Promise<void>;
  /** For the log, e.g. `mails of templates`. */
  subject: string;
  log: Logger;
  /** In hand at a time. */
  most: number;
  /** How long what is over is kept; null: rows have work in them again and again, and stay. */
  retentionDays: number | null;
};

/** Claimed at once; an account that has as many in hand gets no more for now. */
const OF_ACCOUNT = 4;
/** A node that dies with items in hand keeps them for so long. */
const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 5_000;
const LONGEST_SLEEP_MS = 5_000;
/** What is due all the same is in another node's hands, for now. */
const OTHERS_PAUSE_MS = 50;
const AFTER_ERROR_MS = 1_000;
const SWEPT_AT_ONCE = 1_000;

export function startClaimEngine<Item extends Claimed>(parts: ClaimEngineParts<Item>): ClaimEngine {
  const { sql, table, most, retentionDays } = parts;
  const inHand = new Map<Item, Promise<void>>();
  const ofAccount = Math.min(OF_ACCOUNT, most);
  const failed = (what: string) => (error: unknown) =>
    parts.log.error({ err: error }, `${parts.subject} could not be ${what}`);

  function take(item: Item): void {
    const working = parts.work(item).finally(() => {
      inHand.delete(item);
      loop.wake();
    });
    inHand.set(item, working);
  }

  /** @returns how long nothing is to be done. ms */
  async function look(isStopped: () => boolean): Promise<number> {
    for (;;) {
      const free = most - inHand.size;
      if (free <= 0 || isStopped()) return LONGEST_SLEEP_MS;
      const limit = Math.min(free, ofAccount);
      const except = busyAccounts(inHand, ofAccount);
      const room = { limit, except, inHand: Object.fromEntries(countByAccount(inHand)), leaseMs: LEASE_MS };
      const items = await table.claim(sql, room);
      for (const item of items) take(item);
      if (items.length === limit) continue;
      const untilMs = (await table.msUntilNext(sql, busyAccounts(inHand, ofAccount))) ?? LONGEST_SLEEP_MS;
      return Math.min(LONGEST_SLEEP_MS, Math.max(OTHERS_PAUSE_MS, untilMs));
    }
  }

  const renewer = setInterval(() => {
    if (inHand.size > 0) table.renew(sql, [...inHand.keys()], LEASE_MS).catch(failed('held'));
  }, RENEW_EVERY_MS);
  const sweep = retentionDays === null ? null : startSweep(parts, retentionDays, failed('deleted'));
  const loop = startWakefulLoop({ look, onError: failed('looked for'), retryAfterMs: AFTER_ERROR_MS });
  return {
    wake: loop.wake,
    stop: async () => {
      await Promise.all([loop.stop(), sweep?.stop()]);
      await Promise.all(inHand.values());
      clearInterval(renewer);
    },
  };
}

function startSweep<Item extends Claimed>(
  { sql, table }: ClaimEngineParts<Item>,
  retentionDays: number,
  onError: (error: unknown) => void,
): Rounds {
  return startRounds({
    everyMs: HOURLY_MS,
    round: (stopping) =>
      sweepInBatches((batch) => table.deleteOld(sql, retentionDays, batch), SWEPT_AT_ONCE, stopping),
    onError,
  });
}

function countByAccount(inHand: ReadonlyMap<Claimed, unknown>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { accountId } of inHand.keys()) counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
  return counts;
}

function busyAccounts(inHand: ReadonlyMap<Claimed, unknown>, enough: number): string[] {
  return [...countByAccount(inHand)].filter(([, count]) => count >= enough).map(([accountId]) => accountId);
}
