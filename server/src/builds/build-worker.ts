// Takes sets of packages that wait and builds them, a few at a time, then ends the builds that waited for
// them. A background service: woken by a request for a build on any node, and looks by itself now and then.
// Has claims of its own beside queue/claim-engine.ts: a set belongs to no account, and is given up after
// three lost nodes (docs/decisions/0049-who-holds-work.md).
//
//   a set:  waiting -> in hand (lease renewed) -> over     (lease lapsed: waiting again; lost too often: failed)
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { startWakefulLoop, type WakefulLoop } from '../clock/wakeful-loop.ts';
import type { Database } from '../postgres/database.ts';
import { type ClaimedSet, claimSet, finishSet, releaseSet, renewLease } from './package-set-store.ts';

export type BuildWorkerParts = {
  database: Database;
  /** This node, at this moment. */
  node(): string;
  platform: string;
  atOnce: number;
  build(set: ClaimedSet, stopping: AbortSignal): Promise<void>;
  /** Ends the builds whose packages are made. */
  settle(): Promise<unknown>;
  log: Logger;
};

const LOOK_EVERY_MS = 5_000;
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;
/** A set that so many nodes were lost with is not tried again. */
const MOST_CLAIMS = 3;
const AFTER_A_FAULT_MS = 2_000;

export class BuildWorker {
  readonly #parts: BuildWorkerParts;
  readonly #stopping = new AbortController();
  readonly #going = new Map<string, Promise<void>>();
  readonly #loop: WakefulLoop;

  constructor(parts: BuildWorkerParts) {
    this.#parts = parts;
    this.#loop = startWakefulLoop({
      look: () => this.#look(),
      onError: (error) => parts.log.warn({ err: error }, 'builds of packages could not be looked for'),
      retryAfterMs: AFTER_A_FAULT_MS,
    });
  }

  /** There may be something to do. */
  wake(): void {
    this.#loop.wake();
  }

  /** Gives what it has in hand to others. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop.stop();
    await Promise.all(this.#going.values());
  }

  async #look(): Promise<number> {
    const { database, platform, atOnce, settle } = this.#parts;
    await settle();
    while (this.#going.size < atOnce && !this.#stopping.signal.aborted) {
      const except = [...this.#going.keys()];
      const set = await claimSet(database, { node: this.#parts.node(), platform, leaseMs: LEASE_MS, except });
      if (set === null) break;
      this.#begin(set);
    }
    return LOOK_EVERY_MS;
  }

  #begin(set: ClaimedSet): void {
    const going = this.#build(set)
      .catch((error: unknown) => this.#parts.log.error({ err: error, set: set.id }, 'a build was left'))
      .finally(() => {
        this.#going.delete(set.id);
        this.wake();
      });
    this.#going.set(set.id, going);
  }

  async #build(set: ClaimedSet): Promise<void> {
    const { database, log } = this.#parts;
    const lost = new AbortController();
    const renewing = setInterval(() => {
      renewLease(database, set, LEASE_MS).then(
        (isMine) => isMine || lost.abort(),
        (error: unknown) => log.warn({ err: error }, "a build's lease could not be renewed"),
      );
    }, RENEW_EVERY_MS);
    const { signal } = this.#stopping;
    try {
      await this.#parts.build(set, AbortSignal.any([signal, lost.signal]));
      if (signal.aborted) await releaseSet(database, set);
    } catch (error) {
      log.error({ err: error, set: set.id }, 'packages could not be built');
      if (set.claim >= MOST_CLAIMS) await this.#giveUp(set);
      else await delay(AFTER_A_FAULT_MS, undefined, { signal }).catch(() => {});
      // Taken again when its lease has lapsed, here or elsewhere.
      if (set.claim < MOST_CLAIMS) await renewLease(database, set, 0);
    } finally {
      clearInterval(renewing);
    }
  }

  async #giveUp(set: ClaimedSet): Promise<void> {
    const message = `the platform could not build the packages, ${MOST_CLAIMS} times: ask again`;
    await finishSet(this.#parts.database, set, {
      status: 'failed',
      error: { step: 'platform', message },
      lock: null,
    });
  }
}
