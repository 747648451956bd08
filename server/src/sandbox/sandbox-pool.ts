// Keeps the instances of every function and gives each run a place in one: a free one if there is one, else one in a new instance
// within the limits, else the next that comes free. Bounded by instances per function and by a memory budget over all of them;
// idle instances give way to others and to age. Knows nothing of what an instance does.

import { Failure, fail } from '../errors/failure.ts';
import { countLeftovers, countLingering, type TellLeftover } from './count-leftovers.ts';
import { foretoldWaitMs, hasToGrow, noteRun, tolerableWaitMs, wantsOneInStock } from './growth.ts';
import type { Instance } from './instance.ts';
import { LeftoverTime } from './leftover-time.ts';
import { type Lease, type Member, type PoolTarget, Shelf, type Waiter } from './shelf.ts';
import { StartSlots } from './start-slots.ts';

/** What an idle instance is taken to hold before it has been measured. MiB */
const UNMEASURED_IDLE_MB = 64;
/** Of the memory budget: beyond it nothing is started that nobody waits for. */
const PRESTART_SHARE = 0.5;

export type PoolLimits = {
  memoryBudgetMb: number;
  instancesPerFunction: number;
  admissionWaitMs: number;
  idleMs: number;
  /** Sandboxes that start at the same moment. */
  startsAtOnce: number;
  /** Of one sandbox: 100 is one core. */
  cpuPercent: number;
};

export class SandboxPool {
  readonly #limits: PoolLimits;
  readonly #shelves = new Map<string, Shelf>();
  readonly #retired = new Set<Shelf>();
  /** Those where somebody waits for memory, or for other starts. */
  readonly #hungry = new Set<Shelf>();
  readonly #members = new Set<Member>();
  readonly #clock: () => number;
  readonly #starts: StartSlots;
  readonly #onLeftover: TellLeftover;
  #promisedMb = 0;
  #isClosed = false;

  /** @param clock Unix time in ms; @param onLeftover told every second of what was used beside runs */
  constructor(limits: PoolLimits, clock: () => number, onLeftover: TellLeftover = () => {}) {
    this.#onLeftover = onLeftover;
    this.#limits = limits;
    this.#clock = clock;
    this.#starts = new StartSlots(limits.startsAtOnce, () => this.#growHungry());
  }

  /** A free place, at once, or null: the hot path needs no promise. Give it back with {@link release}. */
  tryAcquire(target: PoolTarget): Lease | null {
    const shelf = this.#shelfOf(target);
    const member = shelf.take();
    return member === null ? null : this.#lease(member);
  }

  /**
   * A place for one run, in an instance that is started if need be.
   * @throws StartFailure when the function can't be loaded
   * @throws Failure `too_many_runs` when none came free within the limit; `unavailable` when the jail can't be built
   */
  acquire(target: PoolTarget): Promise<Lease> {
    if (this.#isClosed) fail('unavailable', { message: 'the platform is shutting down' });
    const lease = this.tryAcquire(target);
    if (lease !== null) return Promise.resolve(lease);
    const shelf = this.#shelfOf(target);
    return new Promise((grant, refuse) => {
      const timer = setTimeout(() => this.#giveUp(shelf, waiter), this.#limits.admissionWaitMs);
      const waiter: Waiter = { grant, refuse, timer, since: performance.now() };
      shelf.waiting.push(waiter);
      if (shelf.members.size > 0) shelf.pace.crowdedAt = waiter.since;
      for (const member of shelf.members) member.instance.hurry();
      if (foretoldWaitMs(shelf.crew) > tolerableWaitMs(shelf.crew)) this.#grow(shelf);
      this.#watch(shelf);
    });
  }

  /**
   * Starts an instance that nobody waits for yet, where the function has none and half of the memory is free without it.
   * @returns when it is there, or isn't to be. Never rejects: what is wrong with it, its first call is told
   */
  async prestart(target: PoolTarget): Promise<void> {
    if (this.#isClosed || this.#starts.isFull) return;
    if (this.#promisedMb + target.memoryMb > this.#limits.memoryBudgetMb * PRESTART_SHARE) return;
    const shelf = this.#shelfOf(target);
    if (shelf.target.revision === target.revision && shelf.size === 0) await this.#begin(shelf);
  }

  /** The run of this place, the only one there, has been answered and goes on: until {@link release}, what it uses is counted. */
  linger({ member }: Lease): void {
    member.lingersFromMs = member.instance.cpuUsageMs();
  }

  /** Takes a place back after its run has settled. */
  release({ member, since }: Lease): void {
    countLingering(member, this.#onLeftover);
    member.lingersFromMs = null;
    if (!this.#members.has(member)) return;
    const { shelf } = member;
    member.inUse -= 1;
    shelf.inUse -= 1;
    noteRun(shelf.pace, since, performance.now());
    this.#offer(member);
  }

  /** Lets the instances of a function, those of pinned versions (`<id>@<version>`) too, go: idle ones now, busy ones when they come free. */
  retire(functionId: string): void {
    const shelf = this.#shelves.get(functionId);
    if (shelf !== undefined) this.#retire(shelf);
    for (const [key, pinned] of [...this.#shelves])
      if (key.startsWith(`${functionId}@`)) this.#retire(pinned);
  }

  /** The same for every function of an account. */
  retireAccount(accountId: string): void {
    for (const shelf of [...this.#shelves.values()])
      if (shelf.target.accountId === accountId) this.#retire(shelf);
  }

  /** Ends what has been idle for too long and measures the rest. Call it about once a second. */
  tick(): void {
    const now = performance.now();
    for (const member of [...this.#members]) this.#weigh(member, now);
    const oldest = this.#clock() - this.#limits.idleMs;
    for (const shelf of this.#shelves.values()) {
      for (const member of [...shelf.idle]) {
        if (member.idleSince < oldest) this.#evict(member);
        else this.#measure(member);
      }
      if (shelf.isForsaken) this.#shelves.delete(shelf.target.functionId);
    }
    for (const shelf of this.#retired) if (shelf.isForsaken) this.#retired.delete(shelf);
    this.#growHungry();
  }

  /** Facts for the operator and for tests. */
  census(): { instances: number; idle: number; waiting: number; promisedMb: number } {
    const shelves = [...this.#shelves.values(), ...this.#retired];
    return {
      instances: this.#members.size,
      idle: shelves.reduce((sum, shelf) => sum + shelf.idle.length, 0),
      waiting: shelves.reduce((sum, shelf) => sum + shelf.waiting.length, 0),
      promisedMb: this.#promisedMb,
    };
  }

  /** Refuses who waits, ends every instance and waits until they are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closing = new Failure('unavailable', { message: 'the platform is shutting down' });
    for (const shelf of [...this.#retired, ...this.#shelves.values()]) {
      while (shelf.waiting.length > 0) this.#takeWaiter(shelf)?.refuse(closing);
      this.#retire(shelf);
    }
    const all = [...this.#members].map(({ instance }) => instance);
    for (const instance of all) instance.stop();
    await Promise.all(all.map((instance) => instance.ended));
  }

  #shelfOf(target: PoolTarget): Shelf {
    const current = this.#shelves.get(target.functionId);
    if (current !== undefined) {
      if (current.target.revision >= target.revision) return current;
      this.#retire(current);
    }
    const shelf = new Shelf(target, performance.now());
    this.#shelves.set(target.functionId, shelf);
    return shelf;
  }

  #lease(member: Member): Lease {
    const { shelf, instance } = member;
    const since = performance.now();
    if (member.inUse === 1) {
      this.#setCost(member, shelf.target.memoryMb);
      member.time.busy(since);
    }
    if (shelf.inUse > shelf.target.places) shelf.pace.crowdedAt = since;
    if (shelf.isFull && since - shelf.pace.crowdedAt < this.#limits.idleMs) this.#stockUp(shelf);
    return { instance, member, since };
  }

  /** The last place of a function is taken whose runs overlap: if the next one would wait for an instance to load, that is started now. */
  #stockUp(shelf: Shelf): void {
    // Nothing is ended for it.
    const hasRoom = this.#promisedMb + shelf.target.memoryMb <= this.#limits.memoryBudgetMb;
    if (shelf.isRetired || !hasRoom || this.#starts.isFull || !this.#mayGrow(shelf)) return;
    if (wantsOneInStock(shelf.crew)) void this.#begin(shelf);
  }

  /** Gives a free place to who waits, or lets the member rest, or go. */
  #offer(member: Member): void {
    const { shelf, instance } = member;
    shelf.offer(member);
    if (instance.takesRuns && !this.#isClosed) this.#serve(shelf);
    if (member.inUse > 0) {
      if (shelf.waiting.length > 0) instance.hurry();
    } else if (!instance.takesRuns || shelf.isRetired || this.#isClosed) this.#evict(member);
    else this.#rest(member);
  }

  #serve(shelf: Shelf): void {
    while (shelf.waiting.length > 0) {
      const member = shelf.take();
      if (member === null) return;
      this.#takeWaiter(shelf)?.grant(this.#lease(member));
    }
  }

  #rest(member: Member): void {
    member.state = 'idle';
    member.idleSince = this.#clock();
    member.time.idle(performance.now());
    this.#setCost(member, member.idleCostMb);
    if (this.#hungry.size > 0) this.#growHungry();
  }

  /** One that drains keeps no other from being started, as one of a former revision doesn't; but no more than as many again drain beside. */
  #mayGrow(shelf: Shelf): boolean {
    const { instancesPerFunction } = this.#limits;
    return shelf.useful < instancesPerFunction && shelf.size < 2 * instancesPerFunction;
  }

  /** Starts instances for those who wait, as far as the limits go. */
  #grow(shelf: Shelf): void {
    while (this.#growByOne(shelf));
  }

  /** @returns whether one is being started */
  #growByOne(shelf: Shelf): boolean {
    const isEnough = shelf.waiting.length <= shelf.starting * shelf.target.places;
    if (isEnough || !this.#mayGrow(shelf)) return false;
    if (this.#starts.isFull || !this.#makeRoom(shelf.target.memoryMb)) {
      this.#hungry.add(shelf);
      return false;
    }
    void this.#begin(shelf);
    return true;
  }

  #begin(shelf: Shelf): Promise<void> {
    shelf.starting += 1;
    this.#promisedMb += shelf.target.memoryMb;
    return this.#start(shelf).finally(this.#starts.take());
  }

  /** While places keep coming free the queue moves, and the forecast decides; when none does, another instance is started. */
  #watch(shelf: Shelf): void {
    if (shelf.isWatched) return;
    shelf.isWatched = true;
    const look = (): void => {
      const [first] = shelf.waiting;
      shelf.isWatched = first !== undefined;
      if (first === undefined) return;
      const tolerableMs = tolerableWaitMs(shelf.crew);
      const stuckMs = performance.now() - Math.max(shelf.pace.lastFreeAt, first.since);
      if (stuckMs >= tolerableMs) this.#grow(shelf);
      setTimeout(look, stuckMs < tolerableMs ? tolerableMs - stuckMs : tolerableMs).unref();
    };
    setTimeout(look, tolerableWaitMs(shelf.crew)).unref();
  }

  /** One after the other, who has least first: nobody's tenth instance before another's first. */
  #growHungry(): void {
    for (let hasGrown = this.#hungry.size > 0; hasGrown; ) {
      const now = performance.now();
      const growing = [...this.#hungry].filter((shelf) => hasToGrow(shelf.crew, now));
      growing.sort((one, other) => one.size - other.size);
      hasGrown = growing.some((shelf) => this.#growByOne(shelf));
    }
  }

  async #start(shelf: Shelf): Promise<void> {
    try {
      const instance = await shelf.target.start();
      shelf.starting -= 1;
      this.#admit(shelf, instance);
    } catch (error) {
      shelf.starting -= 1;
      this.#promisedMb -= shelf.target.memoryMb;
      // No more ahead of need until somebody has waited again.
      shelf.pace.crowdedAt = Number.NEGATIVE_INFINITY;
      this.#takeWaiter(shelf)?.refuse(error);
      this.#grow(shelf);
    }
  }

  #admit(shelf: Shelf, instance: Instance): void {
    const { memoryMb } = shelf.target;
    const time = new LeftoverTime(
      this.#limits.cpuPercent / 100,
      instance.cpuUsageMs() ?? 0,
      performance.now(),
    );
    const member: Member = {
      ...{ instance, shelf, state: 'busy', inUse: 0, idleSince: 0 },
      ...{ costMb: memoryMb, idleCostMb: Math.min(memoryMb, UNMEASURED_IDLE_MB), time, lingersFromMs: null },
    };
    shelf.members.add(member);
    this.#members.add(member);
    void instance.ended.then(() => this.#forget(member));
    this.#offer(member);
  }

  #forget(member: Member): void {
    const { shelf } = member;
    countLingering(member, this.#onLeftover);
    countLeftovers(member, performance.now(), this.#onLeftover);
    shelf.members.delete(member);
    shelf.inUse -= member.inUse;
    shelf.hide(member);
    this.#members.delete(member);
    this.#promisedMb -= member.costMb;
    this.#growHungry();
  }

  #retire(shelf: Shelf): void {
    shelf.isRetired = true;
    this.#shelves.delete(shelf.target.functionId);
    this.#retired.add(shelf);
    for (const member of [...shelf.idle]) this.#evict(member);
  }

  #evict(member: Member): void {
    member.state = 'leaving';
    member.shelf.hide(member);
    member.instance.stop();
  }

  /** Whether `memoryMb` more fits, after ending the longest idle instances if that helps. */
  #makeRoom(memoryMb: number): boolean {
    let excessMb = this.#promisedMb + memoryMb - this.#limits.memoryBudgetMb;
    if (excessMb <= 0) return true;
    // It is asked for often; what is being ended already counts.
    for (const { state, costMb } of this.#members) if (state === 'leaving') excessMb -= costMb;
    const idle = [...this.#members].filter((member) => member.state === 'idle');
    idle.sort((a, b) => a.idleSince - b.idleSince);
    for (const member of idle) {
      if (excessMb <= 0) break;
      this.#evict(member);
      excessMb -= member.costMb;
    }
    // There is room when the kernel has it back, not before: the evicted one's end makes us look again.
    return false;
  }

  #giveUp(shelf: Shelf, waiter: Waiter): void {
    if (shelf.starting > 0) {
      // An instance is on its way, and starting has bounds of its own: an engine may have to be fetched first.
      waiter.timer = setTimeout(() => this.#giveUp(shelf, waiter), this.#limits.admissionWaitMs);
      return;
    }
    shelf.waiting = shelf.waiting.filter((other) => other !== waiter);
    if (shelf.waiting.length === 0) this.#hungry.delete(shelf);
    const seconds = this.#limits.admissionWaitMs / 1000;
    waiter.refuse(
      new Failure('too_many_runs', {
        message: `no instance of the function came free within ${seconds} seconds`,
        facts: { instances: shelf.members.size, instancesPerFunction: this.#limits.instancesPerFunction },
      }),
    );
  }

  #setCost(member: Member, costMb: number): void {
    this.#promisedMb += costMb - member.costMb;
    member.costMb = costMb;
  }

  #weigh(member: Member, now: number): void {
    const { instance, shelf } = member;
    countLingering(member, this.#onLeftover);
    if (member.state === 'leaving' || !countLeftovers(member, now, this.#onLeftover)) return;
    instance.retire('what runs have left behind here takes the processor: this instance ends');
    shelf.hide(member);
    if (member.state === 'idle') this.#evict(member);
  }

  #measure(member: Member): void {
    const peakBytes = member.instance.memoryPeakBytes();
    const heldMb = peakBytes === null ? UNMEASURED_IDLE_MB : Math.ceil(peakBytes / (1024 * 1024));
    member.idleCostMb = Math.min(member.shelf.target.memoryMb, heldMb);
    this.#setCost(member, member.idleCostMb);
  }

  #takeWaiter(shelf: Shelf): Waiter | null {
    const waiter = shelf.waiting.shift();
    if (shelf.waiting.length === 0) this.#hungry.delete(shelf);
    if (waiter === undefined) return null;
    clearTimeout(waiter.timer);
    return waiter;
  }
}
