// All there is of one revision of a function: its instances, their free places, who waits for one. Knows no
// limits and starts nothing: that is for the sandbox pool, which owns all of these.
import { newPace, type Pace, type PoolLoad } from './growth.ts';
import type { Instance } from './instance.ts';
import type { LeftoverTime } from './leftover-time.ts';

/** One revision of a function, and how an instance of it is made. */
export type PoolTarget = {
  functionId: string;
  accountId: string;
  revision: number;
  memoryMb: number;
  reuse: 'warm' | 'none';
  /** Runs that one instance may have in hand at a time. */
  places: number;
  /** @throws StartFailure, or a Failure when the platform can't */
  start(): Promise<Instance>;
};

/** A place in an instance, for one run. It is given back once, to the pool. */
export type Lease = {
  readonly instance: Instance;
  readonly member: Member;
  /** Of {@link performance.now}. */
  readonly since: number;
};

export type Waiter = {
  grant: (lease: Lease) => void;
  refuse: (error: unknown) => void;
  timer: NodeJS.Timeout;
  /** Of {@link performance.now}. */
  since: number;
};

export type Member = {
  readonly instance: Instance;
  readonly pool: RevisionPool;
  state: 'busy' | 'idle' | 'leaving';
  /** Places that are taken. */
  inUse: number;
  /** Unix time in ms. */
  idleSince: number;
  /** What it counts for in the budget now, and when it is idle. MiB */
  costMb: number;
  idleCostMb: number;
  /** What it uses of the processor beside its runs. */
  readonly time: LeftoverTime;
  /**
   * What it had used as its run was answered, or counted last, while the run's work goes on; null: none does.
   * ms
   */
  lingersFromMs: number | null;
  /** What the kernel had counted of its memory, and when that was read, of {@link performance.now}. */
  peak: { bytes: number | null; readAt: number };
};

/** A retired one serves who waits already and loses its instances as they come free. */
export class RevisionPool {
  readonly target: PoolTarget;
  readonly members = new Set<Member>();
  /** Without a run; the one used last at the end. */
  idle: Member[] = [];
  /** With runs, and with a free place. */
  #open: Member[] = [];
  starting = 0;
  waiting: Waiter[] = [];
  readonly pace: Pace;
  /** Places that are taken, of all members. */
  inUse = 0;
  isRetired = false;
  /** Whether a timer looks that its queue moves: one for all who wait. */
  isWatched = false;

  /** @param now of {@link performance.now} */
  constructor(target: PoolTarget, now: number) {
    this.target = target;
    this.pace = newPace(now);
  }

  /** Takes a free place: beside other runs before one in an instance that has none. */
  take(): Member | null {
    const member = lastUsable(this.#open) ?? lastUsable(this.idle);
    if (member === null) return null;
    member.state = 'busy';
    member.inUse += 1;
    this.inUse += 1;
    if (member.inUse < this.target.places) this.#open.push(member);
    return member;
  }

  /** Takes a place back, or a new member in. One that takes no more runs has no free places. */
  offer(member: Member): void {
    if (!member.instance.takesRuns) this.hide(member);
    else if (member.inUse === 0) {
      if (this.target.places > 1) this.hide(member);
      this.idle.push(member);
    } else if (member.inUse === this.target.places - 1) this.#open.push(member);
  }

  /** Nobody gets a place in it any more. */
  hide(member: Member): void {
    if (this.idle.includes(member)) this.idle = this.idle.filter((other) => other !== member);
    if (this.#open.includes(member)) this.#open = this.#open.filter((other) => other !== member);
  }

  get isFull(): boolean {
    return this.idle.length === 0 && this.#open.length === 0;
  }

  /** Instances, those that are on their way included. */
  get size(): number {
    return this.members.size + this.starting;
  }

  /** Of them, those that runs may still be given to. */
  get useful(): number {
    let useful = this.starting;
    for (const { instance } of this.members) if (instance.takesRuns) useful += 1;
    return useful;
  }

  /** Nobody is left in it, and nobody wants to be. */
  get isUnused(): boolean {
    return this.size + this.waiting.length === 0;
  }

  /** Of the numbers that decide about growth. */
  get load(): PoolLoad {
    const { reuse, places } = this.target;
    const { pace, starting } = this;
    return { reuse, places, pace, starting, waiting: this.waiting.length, members: this.useful - starting };
  }
}

function lastUsable(members: Member[]): Member | null {
  for (let member = members.pop(); member !== undefined; member = members.pop())
    if (member.instance.takesRuns) return member;
  return null;
}
