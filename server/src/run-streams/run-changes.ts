// Says of runs that something has become of them, to readers on any node: in the transaction that writes
// it, so that it is heard once it is true, and only while there is a reader: nodes announce for which
// accounts they have some. Holds no run: what is heard is looked up. Fed by what writes runs.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { StoredRun } from '../runs/run.ts';
import type { RunWatch } from '../runs/run-watch.ts';
import { announceChanged, announceInterest, findRuns } from './change-store.ts';

/** What is announced: for an account there are readers somewhere. */
export const INTEREST_CHANNEL = 'millrace_run_readers';
/** Account, mode and ids of runs that have changed. */
export const CHANGES_CHANNEL = 'millrace_runs_changed';

export type RunReader = {
  world: World;
  /** Something has become of these runs. */
  changed(runs: readonly StoredRun[]): void;
  /** There may have been more that nobody heard of. */
  missed(): void;
};

export type RunChangesParts = {
  sql: Sql;
  /** Unix time in ms. */
  clock(): number;
  onError(error: unknown): void;
};

type ChangedRun = World & { id: string };

const RENEW_EVERY_MS = 5_000;
const INTEREST_MS = 20_000;
/** Runs of one announcement: PostgreSQL takes 8,000 bytes. */
const ANNOUNCED_RUNS = 200;
/** Announced runs that may wait to be looked up; what is over is missed. */
const MOST_PENDING = 5_000;

export class RunChanges {
  readonly #parts: RunChangesParts;
  readonly #readers = new Set<RunReader>();
  /** By account: until when there are readers somewhere. */
  readonly #interest = new Map<string, number>();
  #pending: ChangedRun[] = [];
  #looking: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: RunChangesParts) {
    this.#parts = parts;
  }

  /** Everything that is written of runs. */
  readonly watch: RunWatch = (sql, written) =>
    this.announce(
      sql,
      written.map(({ run }) => run),
    );

  /** Says, in the transaction, that something becomes of these runs. */
  async announce(sql: Sql, runs: readonly ChangedRun[]): Promise<void> {
    if (this.#interest.size === 0) return;
    const wanted = runs.filter(({ accountId }) => this.#isWanted(accountId));
    const messages: string[] = [];
    for (const [world, ofWorld] of Map.groupBy(wanted, ({ accountId, mode }) => `${accountId} ${mode}`)) {
      for (let at = 0; at < ofWorld.length; at += ANNOUNCED_RUNS) {
        const ids = ofWorld.slice(at, at + ANNOUNCED_RUNS).map(({ id }) => id);
        messages.push(`${world} ${ids.join(' ')}`);
      }
    }
    if (messages.length > 0) await announceChanged(sql, messages);
  }

  /**
   * From now on it hears of what this node writes, and within moments of what others do.
   * @returns how to stop reading
   */
  async read(reader: RunReader): Promise<() => void> {
    this.#readers.add(reader);
    this.heardInterest(reader.world.accountId);
    this.#timer ??= setInterval(() => {
      this.#renew().catch(this.#parts.onError);
    }, RENEW_EVERY_MS);
    await announceInterest(this.#parts.sql, [reader.world.accountId]);
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  /** Heard on {@link INTEREST_CHANNEL}. */
  heardInterest(accountId: string): void {
    const now = this.#parts.clock();
    this.#interest.set(accountId, now + INTEREST_MS);
    for (const [known, until] of this.#interest) if (until < now) this.#interest.delete(known);
  }

  /** Heard on {@link CHANGES_CHANNEL}. */
  heardChanges(message: string): void {
    const [accountId = '', mode, ...ids] = message.split(' ');
    if (mode !== 'live' && mode !== 'test') return;
    if (![...this.#readers].some(({ world }) => world.accountId === accountId && world.mode === mode)) return;
    if (this.#pending.length + ids.length > MOST_PENDING) {
      this.#pending = [];
      this.missedSome();
    }
    this.#pending.push(...ids.map((id) => ({ id, accountId, mode }) as const));
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
  }

  /** The listener was away. */
  missedSome(): void {
    for (const reader of this.#readers) reader.missed();
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#readers.clear();
  }

  #isWanted(accountId: string): boolean {
    return (this.#interest.get(accountId) ?? 0) >= this.#parts.clock();
  }

  async #renew(): Promise<void> {
    const accounts = new Set([...this.#readers].map(({ world }) => world.accountId));
    if (accounts.size > 0) await announceInterest(this.#parts.sql, [...accounts]);
  }

  async #look(): Promise<void> {
    while (this.#pending.length > 0) {
      const pending = this.#pending.splice(0);
      for (const changed of Map.groupBy(pending, ({ accountId, mode }) => `${accountId} ${mode}`).values()) {
        const [world] = changed as [ChangedRun, ...ChangedRun[]];
        await this.#lookUp(world, new Set(changed.map(({ id }) => id)));
      }
    }
  }

  async #lookUp(world: World, ids: ReadonlySet<string>): Promise<void> {
    const readers = [...this.#readers].filter(
      (reader) => reader.world.accountId === world.accountId && reader.world.mode === world.mode,
    );
    try {
      const runs = await findRuns(this.#parts.sql, world, [...ids]);
      for (const reader of readers) reader.changed(runs);
    } catch (error) {
      this.#parts.onError(error);
      for (const reader of readers) reader.missed();
    }
  }
}
