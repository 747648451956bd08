// Works on rows of some table as they fall due, on every node: claims as many as there is room for, holds them while they are worked on,
// and goes on. One account's slow work stands in nobody's way. Knows no table; mails of templates and executions of queries use it.
//
//   pass: claim as many as there is room for ─► sleep until the next is due, one is done, news, or the safety poll ─► pass
import type { Logger } from 'pino';

export type ClaimEngine = { wake(): void; stop(): Promise<void> };

/** `except`: accounts that have enough in hand. Whoever is claimed is held for `holdMs`; then another node may take it. */
export type ItemRoom = { limit: number; except: readonly string[]; holdMs: number };

export type ClaimEngineParts<Item extends { accountId: string }> = {
  claim(room: ItemRoom): Promise<Item[]>;
  /** Holds them for longer. */
  renew(items: readonly Item[], holdMs: number): Promise<void>;
  /** How long until another one is due; null: none is. ms */
  untilNext(except: readonly string[]): Promise<number | null>;
  /** Never rejects. */
  work(item: Item): Promise<void>;
  /** Once an hour: deletes what is over and old. */
  sweep(): Promise<unknown>;
  /** For the log, e.g. `mails of templates`. */
  subject: string;
  log: Logger;
  /** In hand at a time. */
  most: number;
};

/** Claimed at once; an account that has as many in hand gets no more for now. */
const OF_ACCOUNT = 4;
/** A node that dies with items in hand keeps them for so long. */
const HOLD_MS = 15_000;
const RENEW_EVERY_MS = 5_000;
const LONGEST_SLEEP_MS = 5_000;
/** What is due all the same is in another node's hands, for now. */
const OTHERS_PAUSE_MS = 50;
const AFTER_ERROR_MS = 1_000;
const SWEEP_EVERY_MS = 3_600_000;

export function startClaimEngine<Item extends { accountId: string }>(
  parts: ClaimEngineParts<Item>,
): ClaimEngine {
  const inHand = new Map<Item, Promise<void>>();
  const ofAccount = Math.min(OF_ACCOUNT, parts.most);
  let isStopped = false;
  let isWoken = false;
  let endSleep: () => void = () => {};

  const wake = (): void => {
    isWoken = true;
    endSleep();
  };

  function take(item: Item): void {
    const working = parts.work(item).finally(() => {
      inHand.delete(item);
      wake();
    });
    inHand.set(item, working);
  }

  /** @returns how long nothing is to be done. ms */
  async function pass(): Promise<number> {
    for (;;) {
      const free = parts.most - inHand.size;
      if (free <= 0 || isStopped) return LONGEST_SLEEP_MS;
      const limit = Math.min(free, ofAccount);
      const items = await parts.claim({ limit, except: busyAccounts(inHand, ofAccount), holdMs: HOLD_MS });
      for (const item of items) take(item);
      if (items.length === limit) continue;
      const untilMs = (await parts.untilNext(busyAccounts(inHand, ofAccount))) ?? LONGEST_SLEEP_MS;
      return Math.min(LONGEST_SLEEP_MS, Math.max(OTHERS_PAUSE_MS, untilMs));
    }
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, isWoken || isStopped ? 0 : ms);
      endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const failed = (what: string) => (error: unknown) => {
    parts.log.error({ err: error }, `${parts.subject} could not be ${what}`);
    return AFTER_ERROR_MS;
  };

  async function live(): Promise<void> {
    while (!isStopped) {
      isWoken = false;
      await sleep(await pass().catch(failed('looked for')));
    }
    await Promise.all(inHand.values());
  }

  const renewer = setInterval(() => {
    if (inHand.size > 0) parts.renew([...inHand.keys()], HOLD_MS).catch(failed('held'));
  }, RENEW_EVERY_MS);
  const sweeper = setInterval(() => {
    parts.sweep().catch(failed('deleted'));
  }, SWEEP_EVERY_MS);
  const living = live();
  return {
    wake,
    stop: async () => {
      isStopped = true;
      clearInterval(sweeper);
      endSleep();
      await living;
      clearInterval(renewer);
    },
  };
}

function busyAccounts<Item extends { accountId: string }>(
  inHand: ReadonlyMap<Item, unknown>,
  enough: number,
): string[] {
  const counts = new Map<string, number>();
  for (const { accountId } of inHand.keys()) counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= enough).map(([accountId]) => accountId);
}
