// Writes synchronous runs behind the answer, in batches: a run is in the database at most about 100 ms after its end, and
// one that lasts longer stands there as running meanwhile. Bounded in number and bytes: when the database falls behind, logs
// are cut to a note, and then new runs are refused rather than forgotten. Never delays an answer.
import type { Logger } from 'pino';
import { fail } from '../errors/failure.ts';
import type { LogLines } from '../logs/log-lines.ts';
import type { Database } from '../postgres/database.ts';
import { isDatabaseUnavailable } from '../postgres/database-fault.ts';
import type { Run } from './run.ts';
import { appendLogLines, type RecordedRun, recordRuns } from './run-store.ts';
import { type WaitingLimits, WaitingRuns, withoutLog } from './waiting-runs.ts';

const FLUSH_AFTER_MS = 50;
/** Pause before the database is tried again after it could not be reached. ms */
const RETRY_AFTER_MS = 1_000;

const LIMITS: WaitingLimits = {
  runs: 50_000,
  bytes: 256 * 1024 * 1024,
  batchRuns: 1_000,
  batchBytes: 8 * 1024 * 1024,
};

/** Logs of late lines that may wait at a time: each is no larger than what is kept of a run. */
const MOST_LATE_LOGS = 64;

export class RunRecorder {
  readonly #database: Pick<Database, 'transaction'>;
  readonly #node: string;
  readonly #log: Logger;
  /** Begun, not finished, and not yet written as running. */
  readonly #begun = new Map<string, Run>();
  readonly #waiting: WaitingRuns;
  #completions: (() => void)[] = [];
  #lateLogs = 0;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(database: Pick<Database, 'transaction'>, node: string, log: Logger, limits = LIMITS) {
    this.#database = database;
    this.#node = node;
    this.#log = log;
    this.#waiting = new WaitingRuns(limits);
  }

  /**
   * Says that a run is going on.
   * @throws Failure `unavailable` when the database is too far behind to take another
   */
  begin(run: Run): void {
    if (this.#waiting.isFull) {
      fail('unavailable', { message: 'runs are being recorded too slowly: try again in a moment' });
    }
    this.#begun.set(run.id, run);
    this.#schedule();
  }

  /**
   * Says that a run has reached its final state.
   * @param complete fills in what is too slow to ask for before the answer; called when the run is written
   */
  finish(run: Run, log: LogLines | null, complete?: () => void): void {
    this.#begun.delete(run.id);
    this.#waiting.push({ run, lines: log?.lines ?? [], truncated: (log?.droppedBytes ?? 0) > 0 });
    if (complete !== undefined) this.#completions.push(complete);
    this.#schedule();
  }

  /** Adds what a run printed after its end to its log, once the run itself is written. */
  append(owner: { accountId: string; runId: string }, log: LogLines): void {
    if (this.#lateLogs >= MOST_LATE_LOGS) {
      this.#log.warn({ run: owner.runId }, 'late lines of a run are dropped: the database is behind');
      return;
    }
    this.#lateLogs += 1;
    this.flush()
      .then(() => this.#database.transaction((sql) => appendLogLines(sql, owner, log.lines)))
      .catch((error: unknown) =>
        this.#log.warn({ err: error, run: owner.runId }, 'late lines of a run are lost'),
      )
      .finally(() => {
        this.#lateLogs -= 1;
      });
  }

  /** Resolves when everything said before the call is in the database (or has failed to get there, and was logged). */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushing = this.#flushing.then(() => this.#writeAll());
    return this.#flushing;
  }

  #schedule(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => void this.flush(), FLUSH_AFTER_MS);
  }

  async #writeAll(): Promise<void> {
    for (const complete of this.#completions) complete();
    this.#completions = [];
    for (const run of this.#begun.values()) {
      this.#waiting.push({ run: { ...run }, lines: [], truncated: false });
    }
    this.#begun.clear();
    // What comes while we write is the next flush's: a caller of `flush` isn't kept by it.
    for (let left = this.#waiting.size; left > 0; ) {
      const batch = this.#waiting.batch();
      const written = await this.#write(batch);
      this.#waiting.drop(written);
      left -= written;
      if (written < batch.length) {
        this.#timer ??= setTimeout(() => void this.flush(), RETRY_AFTER_MS);
        return;
      }
    }
  }

  /** @returns how many of the batch, from its beginning, are dealt with; fewer than all when the database is out of reach */
  async #write(batch: RecordedRun[]): Promise<number> {
    const error = await this.#attempt(batch);
    if (error === null) return batch.length;
    if (isDatabaseUnavailable(error)) {
      this.#log.error({ err: error, runs: batch.length }, 'runs wait: the database can not be written');
      return 0;
    }
    // One bad run must not take its batch along.
    for (const [at, recorded] of batch.entries()) if (!(await this.#writeOne(recorded))) return at;
    return batch.length;
  }

  /** First with its log, then without: what the database will never take must not wait for ever. */
  async #writeOne(recorded: RecordedRun): Promise<boolean> {
    const error = await this.#attempt([recorded]);
    if (error === null) return true;
    if (isDatabaseUnavailable(error)) return false;
    const { id } = recorded.run;
    this.#log.error({ err: error, run: id }, 'a run could not be recorded with its log');
    const again = await this.#attempt([withoutLog(recorded, 'the database did not take it')]);
    if (again === null) return true;
    if (isDatabaseUnavailable(again)) return false;
    this.#log.error({ err: again, run: id }, 'a run could not be recorded');
    return true;
  }

  /** @returns null, or why it was not written. Written twice is harmless: a final state is never overwritten. */
  async #attempt(batch: RecordedRun[]): Promise<unknown> {
    try {
      await this.#database.transaction((sql) => recordRuns(sql, this.#node, batch));
      return null;
    } catch (error) {
      return error ?? new Error('the database threw nothing');
    }
  }
}
