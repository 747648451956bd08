// Sends what is due: claims in batches while there is room, makes the attempts at the same time, writes down
// how each ended. Woken by notification, looks by itself as a safety. A background service; one of every node
// with the role.
import type { Logger } from 'pino';
import { startWakefulLoop, type WakefulLoop } from '../clock/wakeful-loop.ts';
import type { Sql } from '../postgres/database.ts';
import type { AttemptDelivery, AttemptResult } from './attempt-delivery.ts';
import { claimDeliveries, releaseClaims, settleClaim } from './claim-store.ts';
import type { Claim } from './delivery.ts';
import { deliverySettlementOf } from './delivery-settlement.ts';
import { InHand } from './in-hand.ts';

export type DeliveryEngineParts = {
  sql: Sql;
  /** This life of this node, as it stands in `nodes`. */
  node(): string;
  attempt: AttemptDelivery;
  /** Deliveries in hand at a time. */
  mostAtOnce: number;
  chance: () => number;
  log: Logger;
};

/** `stop`: attempts in hand get a moment to end; what hasn't then is due again. */
export type DeliveryEngine = WakefulLoop;

const LOOK_EVERY_MS = 1_000;
const STOP_GRACE_MS = 3_000;
const WRITE_AGAIN_AFTER_MS = 500;

export function startDeliveryEngine(parts: DeliveryEngineParts): DeliveryEngine {
  return new Engine(parts);
}

class Engine implements DeliveryEngine {
  readonly #parts: DeliveryEngineParts;
  readonly #inHand: InHand;
  readonly #aborting = new AbortController();
  readonly #loop: WakefulLoop;
  #isStopping = false;

  constructor(parts: DeliveryEngineParts) {
    this.#parts = parts;
    this.#inHand = new InHand(parts.mostAtOnce);
    this.#loop = startWakefulLoop({
      look: async () => {
        await this.#claim();
        return LOOK_EVERY_MS;
      },
      onError: (err) => parts.log.warn({ err }, 'deliveries could not be claimed'),
      retryAfterMs: LOOK_EVERY_MS,
    });
  }

  wake(): void {
    this.#loop.wake();
  }

  async #claim(): Promise<void> {
    while (!this.#isStopping && this.#inHand.room() > 0) {
      const held = { most: this.#inHand.room(), inHand: this.#inHand.keys() };
      const wanted = { node: this.#parts.node(), ...held, ...this.#inHand.claimable() };
      const claims = await claimDeliveries(this.#parts.sql, wanted);
      for (const claim of claims) this.#inHand.add(claim, this.#work(claim));
      if (claims.length === 0) return;
    }
  }

  async #work(claim: Claim): Promise<void> {
    try {
      const result = await this.#attempt(claim);
      if (result !== null) await this.#keep(claim, result);
      else await releaseClaims(this.#parts.sql, [claim]);
    } catch (err) {
      this.#parts.log.error({ err, delivery: claim.id }, 'a delivery could not be settled');
    } finally {
      this.#inHand.remove(claim);
      this.wake();
    }
  }

  /** @returns null when it was aborted, and nothing has become of it */
  async #attempt(claim: Claim): Promise<AttemptResult | null> {
    try {
      return await this.#parts.attempt(claim, this.#aborting.signal);
    } catch (err) {
      if (this.#aborting.signal.aborted) return null;
      this.#parts.log.error(
        { err, delivery: claim.id },
        'an event could not be delivered for a reason of ours',
      );
      const reason = 'the platform failed; it tries again';
      return { ended: { end: 'failed', reason, retryAfterMs: null, isFinal: false }, debug: null };
    }
  }

  /** Until it is written: a claim that nobody settles would be ours for as long as we live. */
  async #keep(claim: Claim, { ended, debug }: AttemptResult): Promise<void> {
    if (ended.end === 'handed_over') return;
    const facts = { attempts: claim.attempts + 1, debug, chance: this.#parts.chance() };
    const settlement = deliverySettlementOf(ended, facts);
    for (;;) {
      try {
        await settleClaim(this.#parts.sql, claim, settlement);
        return;
      } catch (err) {
        if (this.#isStopping) throw err;
        this.#parts.log.warn(
          { err, delivery: claim.id },
          'the end of a delivery could not be written: trying again',
        );
        await new Promise((resolve) => setTimeout(resolve, WRITE_AGAIN_AFTER_MS));
      }
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#loop.stop();
    const ended = this.#inHand.allEnded();
    const grace = setTimeout(() => this.#aborting.abort(new Error('the server stops')), STOP_GRACE_MS);
    await ended;
    clearTimeout(grace);
  }
}
