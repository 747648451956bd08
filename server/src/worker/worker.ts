// Takes queued runs and has them executed: claims when it is woken, when a place comes free, when the next
// run is due, and once a second whatever happens. A background service of nodes with the role `worker`.
//
//   working --stopClaiming()--> draining --nothing in hand, or the grace is over (the rest is handed back)--> ended
//
// When this node was taken for dead, all that it has in hand is others' by now: their instances are ended,
// nothing is written.
import type { Logger } from 'pino';
import type { AccountGate, AdmittedRun } from '../limits/account-gate.ts';
import type { Database } from '../postgres/database.ts';
import { type Claim, claimRuns, findClaimed } from '../queue/claim-store.ts';
import type { ClaimedRun, ClaimKey } from '../queue/claimed-run.ts';
import type { NodeLife } from '../queue/node-life.ts';
import type { Settlement, Settler } from '../queue/settler.ts';
import type { WakeCall } from '../queue/wake-call.ts';
import type { ActiveRuns } from '../runs/active-runs.ts';
import { claimRoom, type RoomLimits } from './claim-room.ts';
import { RunsInHand } from './runs-in-hand.ts';

export type WorkerParts = {
  database: Database;
  /** Its id is that of this life of this node, now. When it is lost, so is all that is in hand. */
  node: Pick<NodeLife, 'id' | 'onLost'>;
  wakeCall: Pick<WakeCall, 'onCall'>;
  gate: Pick<AccountGate, 'enter' | 'leave' | 'going' | 'worth'>;
  active: Pick<ActiveRuns, 'cancel'>;
  settler: Settler;
  /** Never rejects. */
  execute(run: ClaimedRun): Promise<Settlement>;
  handBack(run: ClaimKey, afterMs: number): Settlement;
  limits: RoomLimits;
  /** Is given what this node has claimed. */
  onClaimed?(runs: readonly ClaimedRun[]): void;
  log: Logger;
};

const POLL_MS = 1_000;
/** After a claim that failed. */
const RETRY_MS = 250;
/** A timer may ring a little early, by the database's clock. */
const DUE_MARGIN_MS = 1;
/** Ends that wait to be written: beyond it nothing is claimed, the database is behind. */
const MOST_BACKLOG = 1_000;
/** How long a run may wait for its account's other runs before it is looked at again. ms */
const NO_ROOM_PAUSE_MS = 500;
/** Between two looks for claims whose answer was lost on its way. */
const STRAY_LOOK_MS = 2_000;

export class Worker {
  readonly #parts: WorkerParts;
  readonly #inHand = new RunsInHand();
  /** Claims whose end isn't written yet. */
  readonly #held = new Set<string>();
  /** Of {@link performance.now}. */
  #straysSoughtAt = 0;
  #timer: NodeJS.Timeout | null = null;
  /** When it rings, of {@link performance.now}. */
  #ringsAt = 0;
  #looking: Promise<void> | null = null;
  #isWanted = false;
  /** The last look took all that was due: only a call or the time changes that. */
  #isDry = false;
  #isStopping = false;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    parts.wakeCall.onCall(() => this.wake());
    parts.node.onLost(() => this.#abandon());
  }

  /** Runs in hand. */
  get size(): number {
    return this.#inHand.size;
  }

  /** Looks for runs now. */
  wake(): void {
    this.#isWanted = true;
    if (this.#isStopping || this.#looking !== null) return;
    this.#looking = this.#look().finally(() => {
      this.#looking = null;
      // A call came between the last look and here.
      if (this.#isWanted) this.wake();
    });
  }

  /** Others have this node's claims. */
  #abandon(): void {
    for (const run of this.#inHand.abandonAll()) this.#parts.active.cancel(run.id);
    this.wake();
  }

  stopClaiming(): void {
    this.#isStopping = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Waits for what is in hand, hands back what takes longer, and resolves when all of it is written. */
  async stop(graceMs: number): Promise<void> {
    this.stopClaiming();
    await this.#looking;
    const hasEnded = await this.#inHand.untilEmpty(graceMs);
    if (!hasEnded) {
      for (const run of this.#inHand.abandonAll()) {
        this.#parts.log.info({ run: run.id }, 'a run is handed back: this node stops');
        this.#parts.active.cancel(run.id);
        void this.#parts.settler.settle(this.#parts.handBack(run, 0));
      }
    }
    await this.#parts.settler.flush();
  }

  async #look(): Promise<void> {
    let waitMs = POLL_MS;
    let after = '';
    while (this.#isWanted || after !== '') {
      if (this.#isStopping) break;
      this.#isWanted = false;
      const claim = await this.#claimAll(after).catch((error: unknown) => {
        this.#parts.log.error({ err: error }, 'runs could not be claimed');
        // It may have been done, and only its answer lost.
        this.#straysSoughtAt = Number.NEGATIVE_INFINITY;
        return null;
      });
      if (claim === null) {
        waitMs = RETRY_MS;
        break;
      }
      after = claim.next;
      if (claim.nextDueMs !== null) waitMs = Math.min(waitMs, claim.nextDueMs + DUE_MARGIN_MS);
      if (claim.runs.length > 0) this.#parts.onClaimed?.(claim.runs);
      for (const run of claim.runs) void this.#run(run);
    }
    this.#setTimer(waitMs);
  }

  #setTimer(waitMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#isStopping) return;
    this.#ringsAt = performance.now() + waitMs;
    this.#timer = setTimeout(() => this.wake(), Math.max(1, waitMs));
  }

  /** A run of this node is due again: the timer must not be later. */
  #expect(afterMs: number): void {
    if (performance.now() + afterMs < this.#ringsAt) this.#setTimer(afterMs + DUE_MARGIN_MS);
  }

  async #claimAll(after: string): Promise<Claim> {
    if (performance.now() - this.#straysSoughtAt > STRAY_LOOK_MS) await this.#putBackStrays();
    return await this.#claim(after);
  }

  /**
   * Nothing is being claimed meanwhile: what the database holds for ours and we don't know, nobody would ever
   * end.
   */
  async #putBackStrays(): Promise<void> {
    const { database, node, log, settler, handBack } = this.#parts;
    const claimed = await findClaimed(database, node.id);
    this.#straysSoughtAt = performance.now();
    for (const run of claimed) {
      const key = keyOf(run);
      if (this.#held.has(key)) continue;
      log.warn({ run: run.id }, 'a run is put back: the answer to its claim was lost');
      this.#held.add(key);
      void settler.settle(handBack(run, 0)).then(() => {
        this.#held.delete(key);
        this.wake();
      });
    }
  }

  async #claim(after: string): Promise<Claim> {
    const { limits, gate, settler, database, node } = this.#parts;
    const room = claimRoom(limits, { ...this.#inHand.stats(), going: gate.going, worth: gate.worth() });
    if (room.runs === 0 || settler.backlog > MOST_BACKLOG) {
      this.#isDry = false;
      return { runs: [], next: '', nextDueMs: null, hasMore: true };
    }
    const claim = await claimRuns(database, { ...room, node: node.id, after });
    this.#isDry = !claim.hasMore && claim.next === '';
    return claim;
  }

  async #run(run: ClaimedRun): Promise<void> {
    this.#held.add(keyOf(run));
    await this.#executeAndSettle(run).finally(() => this.#held.delete(keyOf(run)));
  }

  async #executeAndSettle(run: ClaimedRun): Promise<void> {
    const entry = this.#inHand.add(run);
    const settlement = await this.#execute(run);
    this.#inHand.remove(entry);
    if (!this.#isDry) this.wake();
    if (entry.isAbandoned) return;
    await this.#parts.settler.settle(settlement);
    const { next } = settlement.settled;
    if ('queuedAfterMs' in next) this.#expect(next.queuedAfterMs);
  }

  async #execute(run: ClaimedRun): Promise<Settlement> {
    const { gate } = this.#parts;
    let admitted: AdmittedRun;
    try {
      admitted = await gate.enter(run.accountId);
    } catch {
      return this.#parts.handBack(run, NO_ROOM_PAUSE_MS);
    }
    try {
      return await this.#parts.execute(run);
    } finally {
      gate.leave(admitted);
    }
  }
}

function keyOf({ id, claims }: ClaimKey): string {
  return `${id}/${claims}`;
}
