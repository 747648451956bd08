// Keeps the instances of every function and hands one to each run: an idle one if there is one, else a new one within the
// limits, else the next that comes free. Bounded by instances per function and by a memory budget over all of them; idle
// instances give way to others and to age. Knows nothing of what an instance does.
import { availableParallelism } from 'node:os';
import { Failure, fail } from '../errors/failure.ts';
import type { Instance } from './instance.ts';

/** How long a run may have to wait for a busy instance before another is started: short runs share. ms */
const TOLERABLE_WAIT_MS = 20;
/** The same as long as there are few instances: on two cores eight carry half again as many short runs as one. ms */
const EASY_WAIT_MS = 1;
const EASY_INSTANCES = availableParallelism() * 4;
/** The same where every run is a fork: a template costs half a second to load, and its next child is soon ready. ms */
const TOLERABLE_FORK_WAIT_MS = 60;
/** Weight of the newest run in the average that the wait is foretold from. */
const NEWEST_WEIGHT = 0.1;
/** Runs that must have ended before the average is believed. */
const FORETELLING_RUNS = 50;
/** What an idle instance is taken to hold before it has been measured. MiB */
const UNMEASURED_IDLE_MB = 64;

/** One revision of a function, and how an instance of it is made. */
export type PoolTarget = {
  functionId: string;
  accountId: string;
  revision: number;
  memoryMb: number;
  reuse: 'warm' | 'none';
  /** @throws StartFailure, or a Failure when the platform can't */
  start(): Promise<Instance>;
};

export type PoolLimits = {
  memoryBudgetMb: number;
  instancesPerFunction: number;
  admissionWaitMs: number;
  idleMs: number;
};

type Waiter = {
  grant: (instance: Instance) => void;
  refuse: (error: unknown) => void;
  timer: NodeJS.Timeout;
};
type Member = {
  instance: Instance;
  shelf: Shelf;
  state: 'busy' | 'idle' | 'leaving';
  /** Unix time in ms. */
  idleSince: number;
  /** Of {@link performance.now}. */
  busySince: number;
  /** What it counts for in the budget now, and when it is idle. MiB */
  costMb: number;
  idleCostMb: number;
};
/** All there is of one revision. A retired one serves who waits already and loses its instances as they come free. */
type Shelf = {
  target: PoolTarget;
  members: Set<Member>;
  idle: Member[];
  starting: number;
  waiting: Waiter[];
  /** Running average of how long a run keeps an instance; null before the first has ended. ms */
  runMs: number | null;
  /** Runs that the average is made of: the first ones, before code is warm, foretell nothing. */
  runs: number;
  /** When an instance last came free, of {@link performance.now}. */
  lastFreeAt: number;
  isRetired: boolean;
};

export class SandboxPool {
  readonly #limits: PoolLimits;
  readonly #shelves = new Map<string, Shelf>();
  readonly #retired = new Set<Shelf>();
  /** Those where somebody waits for memory. */
  readonly #hungry = new Set<Shelf>();
  readonly #members = new Map<Instance, Member>();
  readonly #clock: () => number;
  #promisedMb = 0;
  #isClosed = false;

  /** @param clock Unix time in ms */
  constructor(limits: PoolLimits, clock: () => number) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** An idle instance, at once, or null: the hot path needs no promise. Give it back with {@link release}. */
  tryAcquire(target: PoolTarget): Instance | null {
    const shelf = this.#shelfOf(target);
    for (let member = shelf.idle.pop(); member !== undefined; member = shelf.idle.pop()) {
      if (member.instance.isEnded) continue;
      member.state = 'busy';
      member.busySince = performance.now();
      this.#setCost(member, target.memoryMb);
      return member.instance;
    }
    return null;
  }

  /**
   * An instance for one run, started if need be.
   * @throws StartFailure when the function can't be loaded
   * @throws Failure `too_many_runs` when none came free within the limit; `unavailable` when the jail can't be built
   */
  acquire(target: PoolTarget): Promise<Instance> {
    if (this.#isClosed) fail('unavailable', { message: 'the platform is shutting down' });
    const instance = this.tryAcquire(target);
    if (instance !== null) return Promise.resolve(instance);
    const shelf = this.#shelfOf(target);
    return new Promise((grant, refuse) => {
      const timer = setTimeout(() => this.#giveUp(shelf, waiter), this.#limits.admissionWaitMs);
      const waiter: Waiter = { grant, refuse, timer };
      shelf.waiting.push(waiter);
      for (const member of shelf.members) member.instance.hurry();
      const tolerableMs = tolerableWaitMs(shelf);
      if (foretoldWaitMs(shelf) > tolerableMs) this.#grow(shelf);
      else this.#growIfStuck(shelf, waiter, tolerableMs);
    });
  }

  /** Takes an instance back after its run has settled. */
  release(instance: Instance): void {
    const member = this.#members.get(instance);
    if (member === undefined) return;
    noteRun(member);
    const waiter = instance.isEnded || this.#isClosed ? null : this.#takeWaiter(member.shelf);
    if (waiter !== null) {
      member.busySince = performance.now();
      waiter.grant(instance);
      if (member.shelf.waiting.length > 0) instance.hurry();
    } else if (instance.isEnded || member.shelf.isRetired || this.#isClosed) this.#evict(member);
    else this.#rest(member);
  }

  #rest(member: Member): void {
    member.state = 'idle';
    member.idleSince = this.#clock();
    member.shelf.idle.push(member);
    this.#setCost(member, member.idleCostMb);
    if (this.#hungry.size > 0) this.#growHungry();
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
    const oldest = this.#clock() - this.#limits.idleMs;
    for (const shelf of this.#shelves.values()) {
      for (const member of [...shelf.idle]) {
        if (member.idleSince < oldest) this.#evict(member);
        else this.#measure(member);
      }
      if (shelf.members.size + shelf.starting + shelf.waiting.length === 0) {
        this.#shelves.delete(shelf.target.functionId);
      }
    }
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
    const all = [...this.#members.keys()];
    for (const instance of all) instance.stop();
    await Promise.all(all.map((instance) => instance.ended));
  }

  #shelfOf(target: PoolTarget): Shelf {
    const current = this.#shelves.get(target.functionId);
    if (current !== undefined) {
      if (current.target.revision >= target.revision) return current;
      this.#retire(current);
    }
    const shelf: Shelf = {
      target,
      members: new Set(),
      idle: [],
      starting: 0,
      waiting: [],
      runMs: null,
      runs: 0,
      lastFreeAt: performance.now(),
      isRetired: false,
    };
    this.#shelves.set(target.functionId, shelf);
    return shelf;
  }

  /** Starts instances for those who wait, as far as the limits go. */
  #grow(shelf: Shelf): void {
    while (
      shelf.waiting.length > shelf.starting &&
      shelf.members.size + shelf.starting < this.#limits.instancesPerFunction
    ) {
      if (!this.#makeRoom(shelf.target.memoryMb)) {
        this.#hungry.add(shelf);
        return;
      }
      shelf.starting += 1;
      this.#promisedMb += shelf.target.memoryMb;
      void this.#start(shelf);
    }
  }

  /** While instances keep coming free the queue moves, and the forecast decides; when none does, another is started. */
  #growIfStuck(shelf: Shelf, waiter: Waiter, tolerableMs: number): void {
    const look = (): void => {
      if (!shelf.waiting.includes(waiter)) return;
      if (performance.now() - shelf.lastFreeAt >= tolerableMs) this.#grow(shelf);
      setTimeout(look, tolerableMs).unref();
    };
    setTimeout(look, tolerableMs).unref();
  }

  #growHungry(): void {
    for (const shelf of this.#hungry) this.#grow(shelf);
  }

  async #start(shelf: Shelf): Promise<void> {
    try {
      const instance = await shelf.target.start();
      shelf.starting -= 1;
      this.#admit(shelf, instance);
    } catch (error) {
      shelf.starting -= 1;
      this.#promisedMb -= shelf.target.memoryMb;
      this.#takeWaiter(shelf)?.refuse(error);
      this.#grow(shelf);
    }
  }

  #admit(shelf: Shelf, instance: Instance): void {
    const { memoryMb } = shelf.target;
    const member: Member = {
      ...{ instance, shelf, state: 'busy', idleSince: 0, busySince: Number.NaN },
      ...{ costMb: memoryMb, idleCostMb: Math.min(memoryMb, UNMEASURED_IDLE_MB) },
    };
    shelf.members.add(member);
    this.#members.set(instance, member);
    void instance.ended.then(() => this.#forget(member));
    this.release(instance);
  }

  #forget(member: Member): void {
    const { shelf } = member;
    shelf.members.delete(member);
    shelf.idle = shelf.idle.filter((other) => other !== member);
    this.#members.delete(member.instance);
    this.#promisedMb -= member.costMb;
    if (shelf.isRetired && shelf.members.size + shelf.starting === 0) this.#retired.delete(shelf);
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
    member.shelf.idle = member.shelf.idle.filter((other) => other !== member);
    member.instance.stop();
  }

  /** Whether `memoryMb` more fits, after ending the longest idle instances if that helps. */
  #makeRoom(memoryMb: number): boolean {
    let excessMb = this.#promisedMb + memoryMb - this.#limits.memoryBudgetMb;
    if (excessMb <= 0) return true;
    const idle = [...this.#members.values()].filter((member) => member.state === 'idle');
    idle.sort((a, b) => a.idleSince - b.idleSince);
    for (const member of idle) {
      this.#evict(member);
      excessMb -= member.costMb;
      if (excessMb <= 0) break;
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

/** How long the last in the queue will wait, as far as it can be known; without an instance, for ever. ms */
function foretoldWaitMs(shelf: Shelf): number {
  if (shelf.members.size + shelf.starting === 0) return Number.POSITIVE_INFINITY;
  if (shelf.runMs === null || shelf.runs < FORETELLING_RUNS || shelf.members.size === 0) return 0;
  return (shelf.runMs * shelf.waiting.length) / shelf.members.size;
}

function tolerableWaitMs(shelf: Shelf): number {
  if (shelf.target.reuse === 'none') return TOLERABLE_FORK_WAIT_MS;
  return shelf.members.size + shelf.starting < EASY_INSTANCES ? EASY_WAIT_MS : TOLERABLE_WAIT_MS;
}

function noteRun(member: Member): void {
  // The first time it comes from its start, not from a run.
  if (Number.isNaN(member.busySince)) return;
  const { shelf } = member;
  const now = performance.now();
  const runMs = now - member.busySince;
  shelf.lastFreeAt = now;
  shelf.runs += 1;
  shelf.runMs = shelf.runMs === null ? runMs : shelf.runMs + (runMs - shelf.runMs) * NEWEST_WEIGHT;
}
