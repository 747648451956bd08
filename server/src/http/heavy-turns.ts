// Lets large bodies be worked off one at a time, in turns over accounts, on the thread that serves everybody:
// what one takes, the others get as well before the next is begun. For what can't go to another thread,
// because its result would cost as much to be handed back. Knows nothing of what is done in a turn; asked by
// the readers of bodies.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TurnsQueue } from '../memory/turns-queue.ts';
import { ownerOf } from './request-owner.ts';

/** Smaller bodies take no turns: they are over in some milliseconds. */
const HEAVY_BYTES = 128 * 1024;
/** The others' part of the time is bounded, so that a stall that was not its fault holds nothing up. ms */
const LONGEST_PAUSE_MS = 500;

/** A body that goes on to a function is made an event and a frame after its turn. */
const BYTES_PER_MS = 150_000;

const TURNS = 'heavyTurns';

/** Called once by open-http-server.ts: all scopes of a server share the turns. */
export function keepTurns(server: FastifyInstance): void {
  server.decorate(TURNS, new HeavyTurns());
}

/**
 * Resolves when a body of this size may be worked off: at once for a small one. What follows at once is the
 * turn.
 */
export async function takeTurn(request: FastifyRequest, sizeBytes: number): Promise<void> {
  if (sizeBytes <= HEAVY_BYTES) return;
  await request.server.getDecorator<HeavyTurns>(TURNS).take(ownerOf(request), sizeBytes / BYTES_PER_MS);
}

type Waiting = { accountId: string; pauseMs: number; begin: () => void };

export class HeavyTurns {
  readonly #queue = new TurnsQueue<Waiting>();
  #isBusy = false;

  /**
   * Resolves when it is this one's turn: what follows at once, without waiting for anything, is the turn.
   * @param pauseMs what the others get at least after it: more than the turn itself where work follows later
   */
  take(accountId: string, pauseMs = 0): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push({ accountId, pauseMs, begin: resolve });
      if (!this.#isBusy) this.#next();
    });
  }

  #next(): void {
    const waiting = this.#queue.shift();
    this.#isBusy = waiting !== undefined;
    if (waiting === undefined) return;
    const startedAt = performance.now();
    waiting.begin();
    setImmediate(() => {
      const tookMs = performance.now() - startedAt;
      setTimeout(() => this.#next(), Math.min(Math.max(tookMs, waiting.pauseMs), LONGEST_PAUSE_MS));
    });
  }
}
