// Keeps the instances of every function and gives each run a place in one: a free one if there is one, else
// one in a new instance within the limits, else the next that comes free. Bounded by instances per function
// and by a memory budget over all of them; idle instances give way to others and to age. Knows nothing of
// what an instance does.

import { Failure, fail } from '../errors/failure.ts';
import { countLeftovers, countLingering, type ReportLeftover } from './count-leftovers.ts';
import { expectedWaitMs, hasToGrow, noteRun, tolerableWaitMs, wantsOneInStock } from './growth.ts';
import type { Instance } from './instance.ts';
import { LeftoverTime } from './leftover-time.ts';
import { type Lease, type Member, type PoolTarget, RevisionPool, type Waiter } from './revision-pool.ts';
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
  readonly #pools = new Map<string, RevisionPool>();
  readonly #retired = new Set<RevisionPool>();
  /** Those where a run waits for memory, or for other starts. */
  readonly #crowded = new Set<RevisionPool>();
  readonly #members = new Set<Member>();
  readonly #clock: () => number;
  readonly #starts: StartSlots;
  readonly #onLeftover: ReportLeftover;
  #promisedMb = 0;
  #isClosed = false;

  /** @param clock Unix time in ms; @param onLeftover called every second with what was used beside runs */
  constructor(limits: PoolLimits, clock: () => number, onLeftover: ReportLeftover = () => {}) {
    this.#onLeftover = onLeftover;
    this.#limits = limits;
    this.#clock = clock;
    this.#starts = new StartSlots(limits.startsAtOnce, () => this.#growCrowded());
  }

  /** A free place, at once, or null: the hot path needs no promise. Give it back with {@link release}. */
  tryAcquire(target: PoolTarget): Lease | null {
    const pool = this.#poolOf(target);
    const member = pool.take();
    return member === null ? null : this.#lease(member);
  }

  /**
   * A place for one run, in an instance that is started if need be.
   * @throws StartFailure when the function can't be loaded
   * @throws Failure `too_many_runs` when none came free within the limit; `unavailable` when the jail can't
   * be built
   */
  acquire(target: PoolTarget): Promise<Lease> {
    if (this.#isClosed) fail('unavailable', { message: 'the platform is shutting down' });
    const lease = this.tryAcquire(target);
    if (lease !== null) return Promise.resolve(lease);
    const pool = this.#poolOf(target);
    return new Promise((grant, refuse) => {
      const timer = setTimeout(() => this.#giveUp(pool, waiter), this.#limits.admissionWaitMs);
      const waiter: Waiter = { grant, refuse, timer, since: performance.now() };
      pool.waiting.push(waiter);
      if (pool.members.size > 0) pool.pace.crowdedAt = waiter.since;
      for (const member of pool.members) member.instance.hurry();
      if (expectedWaitMs(pool.load) > tolerableWaitMs(pool.load)) this.#grow(pool);
      this.#watch(pool);
    });
  }

  /**
   * Starts an instance that nobody waits for yet, where the function has none and half of the memory is free
   * without it.
   * @returns when it is there, or isn't to be. Never rejects: what is wrong with it, its first call reports
   */
  async prestart(target: PoolTarget): Promise<void> {
    if (this.#isClosed || this.#starts.isFull) return;
    if (this.#promisedMb + target.memoryMb > this.#limits.memoryBudgetMb * PRESTART_SHARE) return;
    const pool = this.#poolOf(target);
    if (pool.target.revision === target.revision && pool.size === 0) await this.#begin(pool);
  }

  /** The run of this place, the only one, goes on after its answer: its use counts until {@link release}. */
  linger({ member }: Lease): void {
    member.lingersFromMs = member.instance.cpuUsageMs();
  }

  /** Takes a place back after its run has settled. */
  release({ member, since }: Lease): void {
    countLingering(member, this.#onLeftover);
    member.lingersFromMs = null;
    if (!this.#members.has(member)) return;
    const { pool } = member;
    member.inUse -= 1;
    pool.inUse -= 1;
    noteRun(pool.pace, since, performance.now());
    this.#offer(member);
  }

  /** Lets a function's instances go, pinned versions (`<id>@<version>`) too: busy ones as they come free. */
  retire(functionId: string): void {
    const pool = this.#pools.get(functionId);
    if (pool !== undefined) this.#retire(pool);
    for (const [key, pinned] of [...this.#pools]) if (key.startsWith(`${functionId}@`)) this.#retire(pinned);
  }

  /** The same for every function of an account. */
  retireAccount(accountId: string): void {
    for (const pool of [...this.#pools.values()]) if (pool.target.accountId === accountId) this.#retire(pool);
  }

  /** Ends what has been idle for too long and measures the rest. Call it about once a second. */
  tick(): void {
    const now = performance.now();
    for (const member of [...this.#members]) this.#weigh(member, now);
    const oldest = this.#clock() - this.#limits.idleMs;
    for (const pool of this.#pools.values()) {
      for (const member of [...pool.idle]) {
        if (member.idleSince < oldest) this.#evict(member);
        else this.#measure(member);
      }
      if (pool.isUnused) this.#pools.delete(pool.target.functionId);
    }
    for (const pool of this.#retired) if (pool.isUnused) this.#retired.delete(pool);
    this.#growCrowded();
  }

  /** Facts for the operator and for tests. */
  stats(): { instances: number; idle: number; waiting: number; promisedMb: number } {
    const pools = [...this.#pools.values(), ...this.#retired];
    return {
      instances: this.#members.size,
      idle: pools.reduce((sum, pool) => sum + pool.idle.length, 0),
      waiting: pools.reduce((sum, pool) => sum + pool.waiting.length, 0),
      promisedMb: this.#promisedMb,
    };
  }

  /** Refuses who waits, ends every instance and waits until they are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closing = new Failure('unavailable', { message: 'the platform is shutting down' });
    for (const pool of [...this.#retired, ...this.#pools.values()]) {
      while (pool.waiting.length > 0) this.#takeWaiter(pool)?.refuse(closing);
      this.#retire(pool);
    }
    const all = [...this.#members].map(({ instance }) => instance);
    for (const instance of all) instance.stop();
    await Promise.all(all.map((instance) => instance.ended));
  }

  #poolOf(target: PoolTarget): RevisionPool {
    const current = this.#pools.get(target.functionId);
    if (current !== undefined) {
      if (current.target.revision >= target.revision) return current;
      this.#retire(current);
    }
    const pool = new RevisionPool(target, performance.now());
    this.#pools.set(target.functionId, pool);
    return pool;
  }

  #lease(member: Member): Lease {
    const { pool, instance } = member;
    const since = performance.now();
    if (member.inUse === 1) {
      this.#setCost(member, pool.target.memoryMb);
      member.time.busy(since);
    }
    if (pool.inUse > pool.target.places) pool.pace.crowdedAt = since;
    if (pool.isFull && since - pool.pace.crowdedAt < this.#limits.idleMs) this.#stockUp(pool);
    return { instance, member, since };
  }

  /**
   * Runs overlap and the last place is taken: starts an instance where the next would wait for one to load.
   */
  #stockUp(pool: RevisionPool): void {
    // Nothing is ended for it.
    const hasRoom = this.#promisedMb + pool.target.memoryMb <= this.#limits.memoryBudgetMb;
    if (pool.isRetired || !hasRoom || this.#starts.isFull || !this.#mayGrow(pool)) return;
    if (wantsOneInStock(pool.load)) void this.#begin(pool);
  }

  /** Gives a free place to who waits, or lets the member rest, or go. */
  #offer(member: Member): void {
    const { pool, instance } = member;
    pool.offer(member);
    if (instance.takesRuns && !this.#isClosed) this.#serve(pool);
    if (member.inUse > 0) {
      if (pool.waiting.length > 0) instance.hurry();
    } else if (!instance.takesRuns || pool.isRetired || this.#isClosed) this.#evict(member);
    else this.#rest(member);
  }

  #serve(pool: RevisionPool): void {
    while (pool.waiting.length > 0) {
      const member = pool.take();
      if (member === null) return;
      this.#takeWaiter(pool)?.grant(this.#lease(member));
    }
  }

  #rest(member: Member): void {
    member.state = 'idle';
    member.idleSince = this.#clock();
    member.time.idle(performance.now());
    this.#setCost(member, member.idleCostMb);
    if (this.#crowded.size > 0) this.#growCrowded();
  }

  /**
   * One that drains keeps no other from being started, as one of a former revision doesn't; but no more than
   * as many again drain beside.
   */
  #mayGrow(pool: RevisionPool): boolean {
    const { instancesPerFunction } = this.#limits;
    return pool.useful < instancesPerFunction && pool.size < 2 * instancesPerFunction;
  }

  /** Starts instances for those who wait, as far as the limits go. */
  #grow(pool: RevisionPool): void {
    while (this.#growByOne(pool));
  }

  /** @returns whether one is being started */
  #growByOne(pool: RevisionPool): boolean {
    const isEnough = pool.waiting.length <= pool.starting * pool.target.places;
    if (isEnough || !this.#mayGrow(pool)) return false;
    if (this.#starts.isFull || !this.#makeRoom(pool.target.memoryMb)) {
      this.#crowded.add(pool);
      return false;
    }
    void this.#begin(pool);
    return true;
  }

  #begin(pool: RevisionPool): Promise<void> {
    pool.starting += 1;
    this.#promisedMb += pool.target.memoryMb;
    return this.#start(pool).finally(this.#starts.take());
  }

  /** While places come free the queue moves; when none does, another instance is started. */
  #watch(pool: RevisionPool): void {
    if (pool.isWatched) return;
    pool.isWatched = true;
    const look = (): void => {
      const [first] = pool.waiting;
      pool.isWatched = first !== undefined;
      if (first === undefined) return;
      const tolerableMs = tolerableWaitMs(pool.load);
      const stuckMs = performance.now() - Math.max(pool.pace.lastFreeAt, first.since);
      if (stuckMs >= tolerableMs) this.#grow(pool);
      setTimeout(look, stuckMs < tolerableMs ? tolerableMs - stuckMs : tolerableMs).unref();
    };
    setTimeout(look, tolerableWaitMs(pool.load)).unref();
  }

  /** One after the other, who has least first: nobody's tenth instance before another's first. */
  #growCrowded(): void {
    for (let hasGrown = this.#crowded.size > 0; hasGrown; ) {
      const now = performance.now();
      const growing = [...this.#crowded].filter((pool) => hasToGrow(pool.load, now));
      growing.sort((one, other) => one.size - other.size);
      hasGrown = growing.some((pool) => this.#growByOne(pool));
    }
  }

  async #start(pool: RevisionPool): Promise<void> {
    try {
      const instance = await pool.target.start();
      pool.starting -= 1;
      this.#admit(pool, instance);
    } catch (error) {
      pool.starting -= 1;
      this.#promisedMb -= pool.target.memoryMb;
      // No more ahead of need until a run has waited again.
      pool.pace.crowdedAt = Number.NEGATIVE_INFINITY;
      this.#takeWaiter(pool)?.refuse(error);
      this.#grow(pool);
    }
  }

  #admit(pool: RevisionPool, instance: Instance): void {
    const { memoryMb } = pool.target;
    const time = new LeftoverTime(
      this.#limits.cpuPercent / 100,
      instance.cpuUsageMs() ?? 0,
      performance.now(),
    );
    const member: Member = {
      ...{ instance, pool, state: 'busy', inUse: 0, idleSince: 0 },
      ...{ costMb: memoryMb, idleCostMb: Math.min(memoryMb, UNMEASURED_IDLE_MB), time, lingersFromMs: null },
      peak: { bytes: null, readAt: 0 },
    };
    pool.members.add(member);
    this.#members.add(member);
    void instance.ended.then(() => this.#forget(member));
    this.#offer(member);
  }

  #forget(member: Member): void {
    const { pool } = member;
    countLingering(member, this.#onLeftover);
    countLeftovers(member, performance.now(), this.#onLeftover);
    pool.members.delete(member);
    pool.inUse -= member.inUse;
    pool.hide(member);
    this.#members.delete(member);
    this.#promisedMb -= member.costMb;
    this.#growCrowded();
  }

  #retire(pool: RevisionPool): void {
    pool.isRetired = true;
    this.#pools.delete(pool.target.functionId);
    this.#retired.add(pool);
    for (const member of [...pool.idle]) this.#evict(member);
  }

  #evict(member: Member): void {
    member.state = 'leaving';
    member.pool.hide(member);
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

  #giveUp(pool: RevisionPool, waiter: Waiter): void {
    if (pool.starting > 0) {
      // An instance is on its way, and starting has bounds of its own: an engine may have to be fetched
      // first.
      waiter.timer = setTimeout(() => this.#giveUp(pool, waiter), this.#limits.admissionWaitMs);
      return;
    }
    pool.waiting = pool.waiting.filter((other) => other !== waiter);
    if (pool.waiting.length === 0) this.#crowded.delete(pool);
    const seconds = this.#limits.admissionWaitMs / 1000;
    waiter.refuse(
      new Failure('too_many_runs', {
        message: `no instance of the function came free within ${seconds} seconds`,
        facts: { instances: pool.members.size, instancesPerFunction: this.#limits.instancesPerFunction },
      }),
    );
  }

  #setCost(member: Member, costMb: number): void {
    this.#promisedMb += costMb - member.costMb;
    member.costMb = costMb;
  }

  #weigh(member: Member, now: number): void {
    const { instance, pool } = member;
    countLingering(member, this.#onLeftover);
    if (member.state === 'leaving' || !countLeftovers(member, now, this.#onLeftover)) return;
    instance.retire('what runs have left behind here takes the processor: this instance ends');
    pool.hide(member);
    if (member.state === 'idle') this.#evict(member);
  }

  #measure(member: Member): void {
    const peakBytes = member.instance.memoryPeakBytes();
    const heldMb = peakBytes === null ? UNMEASURED_IDLE_MB : Math.ceil(peakBytes / (1024 * 1024));
    member.idleCostMb = Math.min(member.pool.target.memoryMb, heldMb);
    this.#setCost(member, member.idleCostMb);
  }

  #takeWaiter(pool: RevisionPool): Waiter | null {
    const waiter = pool.waiting.shift();
    if (pool.waiting.length === 0) this.#crowded.delete(pool);
    if (waiter === undefined) return null;
    clearTimeout(waiter.timer);
    return waiter;
  }
}
