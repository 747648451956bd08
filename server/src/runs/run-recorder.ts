// Writes synchronous runs behind the answer, in batches: a run is in the database at most about 100 ms after
// its end, and one that lasts longer stands there as running meanwhile. Bounded in number and bytes: when the
// database falls behind, logs are cut to a note, and then new runs are refused rather than forgotten. Never
// delays an answer.
import type { Logger } from 'pino';
import { fail } from '../errors/failure.ts';
import { countFaults, type FaultListener } from '../functions/fault-store.ts';
import { type KeptBytes, ROW_BYTES } from '../limits/kept-bytes.ts';
import type { LogLines } from '../logs/log-lines.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { isDatabaseUnavailable } from '../postgres/database-fault.ts';
import { writeBatch } from '../postgres/write-batch.ts';
import { functionEnding } from './function-ending.ts';
import { isFunctionFault, type Run } from './run.ts';
import { RunCompletions } from './run-completions.ts';
import { appendLogLines } from './run-log-store.ts';
import { type RecordedRun, recordRuns, type SealedRecord } from './run-store.ts';
import { hasEnded, NO_FACTS, type RunWatch } from './run-watch.ts';
import { type Seals, sealInput, sealResult } from './sealed-contents.ts';
import { type WaitingLimits, WaitingRuns, weightOf, withoutLog } from './waiting-runs.ts';

const FLUSH_AFTER_MS = 50;
/** Most runs end before they are older: they aren't written as running first. ms */
const YOUNG_MS = 25;
/** Pause before the database is tried again after it could not be reached. ms */
const RETRY_AFTER_MS = 1_000;

const LIMITS: WaitingLimits = {
  runs: 50_000,
  bytes: 256 * 1024 * 1024,
  // Made text of without a turn of the event loop: a millisecond or less.
  batchRuns: 128,
  batchBytes: 8 * 1024 * 1024,
};

/** Runs that are sealed without a turn of the event loop. */
const SEALED_AT_ONCE = 32;

/** Late lines that may wait at a time. */
const MOST_LATE_BYTES = 32 * 1024 * 1024;

type LateLog = { accountId: string; runId: string; lines: LogLines['lines']; bytes: number };

export type RecorderParts = {
  database: Pick<Database, 'transaction'>;
  /** This life of this node, now. */
  node(): string;
  log: Logger;
  keys: Seals;
  /** Of functions that have had too many faults in a row. */
  onFaulty?: FaultListener;
  /** Is given what is written. */
  watch?: RunWatch;
  limits?: WaitingLimits;
  /** Whether an account may have more; counts what is written. */
  kept?: Pick<KeptBytes, 'add' | 'isFull'>;
};

export type Finishing = {
  /** Fills in what is too slow to ask for before the answer; called when the run is written. */
  complete?: () => void;
  /** Its input, as JSON; asked behind the answer. null: too large to be kept. */
  input?: (() => Buffer | null) | null;
  result?: Buffer | null;
  /** The function is disabled after so many faults in a row. */
  countsFaults?: boolean;
};

export class RunRecorder {
  readonly #parts: RecorderParts;
  readonly #log: Logger;
  /** Begun, not finished, and not yet written as running; when, of {@link performance.now}. */
  readonly #begun = new Map<string, { run: Run; at: number }>();
  readonly #waiting: WaitingRuns;
  readonly #completions: RunCompletions;
  #late: LateLog[] = [];
  #lateBytes = 0;
  #writingLate: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#log = parts.log;
    this.#waiting = new WaitingRuns(parts.limits ?? LIMITS);
    this.#completions = new RunCompletions((error) => {
      this.#log.error({ err: error }, 'a part of a run could not be recorded');
    });
  }

  /**
   * Says that a run is going on.
   * @throws Failure `unavailable` when the database is too far behind to take another
   */
  begin(run: Run): void {
    if (this.#waiting.isFull) {
      fail('unavailable', { message: 'runs are being recorded too slowly: try again in a moment' });
    }
    this.#begun.set(run.id, { run, at: performance.now() });
    this.#schedule();
  }

  /** Says that a run has reached its final state. */
  finish(run: Run, log: LogLines | null, finishing: Finishing = {}): void {
    const { complete, input = null, result = null, countsFaults = false } = finishing;
    this.#begun.delete(run.id);
    const recorded: RecordedRun = { run, lines: log?.lines ?? [], truncated: (log?.droppedBytes ?? 0) > 0 };
    if (result !== null) recorded.result = result;
    if (countsFaults) recorded.countsFaults = true;
    const waiting = this.#waiting.push(recorded);
    if (complete !== undefined) this.#completions.push(complete);
    if (input !== null) this.#completions.push(() => this.#waiting.keepInput(waiting, input()));
    this.#schedule();
  }

  /** Adds what a run printed after its end to its log, once the run itself is written. */
  append(owner: { accountId: string; runId: string }, { lines }: LogLines): void {
    const bytes = weightOf(lines);
    if (this.#lateBytes + bytes > MOST_LATE_BYTES) {
      this.#log.warn({ run: owner.runId }, 'late lines of a run are dropped: the database is behind');
      return;
    }
    this.#lateBytes += bytes;
    this.#late.push({ ...owner, lines, bytes });
    this.#writingLate ??= this.#writeLate().finally(() => {
      this.#writingLate = null;
    });
  }

  /**
   * Resolves when everything said before the call is in the database (or has failed to get there, and was
   * logged).
   */
  flush(): Promise<void> {
    return this.#flush(Number.POSITIVE_INFINITY);
  }

  /** @param before of runs that go on, those that began later aren't written yet */
  #flush(before: number): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // Now, not when the flush before is through: what a completion holds is larger than what it leaves.
    void this.#completions.finish();
    this.#flushing = this.#flushing.then(() => this.#writeAll(before));
    return this.#flushing;
  }

  async #writeLate(): Promise<void> {
    while (this.#late.length > 0) {
      const batch = this.#late.splice(0);
      await this.flush();
      await writeBatch(batch, {
        write: (some) => this.#append(some),
        refused: async (late, error) => this.#dropped(error, [late]),
        onOutage: (error) => this.#dropped(error, batch),
      });
      for (const { bytes } of batch) this.#lateBytes -= bytes;
    }
  }

  async #append(batch: readonly LateLog[]): Promise<void> {
    await this.#parts.database.transaction(async (sql) => {
      for (const late of batch) await appendLogLines(sql, late, late.lines);
    });
  }

  #dropped(error: unknown, batch: readonly LateLog[]): boolean {
    const runs = batch.map(({ runId }) => runId);
    this.#log.warn({ err: error, runs }, 'late lines of runs could not be written');
    return true;
  }

  #schedule(): void {
    if (this.#timer !== null) return;
    const flush = (): void => void this.#flush(performance.now() - YOUNG_MS);
    this.#timer = setTimeout(flush, FLUSH_AFTER_MS);
  }

  async #writeAll(before: number): Promise<void> {
    for (const [id, { run, at }] of this.#begun) {
      if (at > before) break;
      this.#waiting.push({ run: { ...run }, lines: [], truncated: false });
      this.#begun.delete(id);
    }
    if (this.#begun.size > 0) this.#schedule();
    // What comes while we write is the next flush's: a caller of `flush` isn't kept by it.
    let left = this.#waiting.size;
    await this.#completions.finish();
    while (left > 0) {
      const batch = this.#waiting.batch(left);
      const written = await this.#writeAny(batch);
      this.#waiting.drop(written);
      left -= written;
      if (written < batch.length) {
        this.#timer ??= setTimeout(() => void this.flush(), RETRY_AFTER_MS);
        return;
      }
    }
  }

  /** @returns how many of the batch, from its beginning, are dealt with; the others are behind an outage */
  async #writeAny(batch: readonly RecordedRun[]): Promise<number> {
    const written = await writeBatch(batch, {
      write: (some) => this.#write(some),
      refused: (recorded, error) => this.#writeBare(recorded, error),
      onOutage: (error) => {
        this.#log.error({ err: error, runs: batch.length }, 'runs wait: the database can not be written');
      },
    });
    return written.size;
  }

  /** What the database will never take must not wait for ever. @throws only where it is out of reach */
  async #writeBare(recorded: RecordedRun, error: unknown): Promise<true> {
    const { id } = recorded.run;
    this.#log.error({ err: error, run: id }, 'a run could not be recorded with its log');
    try {
      await this.#write([withoutLog(recorded, 'the database did not take it')]);
    } catch (again) {
      if (isDatabaseUnavailable(again)) throw again;
      this.#log.error({ err: again, run: id }, 'a run could not be recorded');
    }
    return true;
  }

  /** Written twice is harmless: a final state is never overwritten. */
  async #write(batch: readonly RecordedRun[]): Promise<void> {
    const sealed = await this.#sealAll(batch);
    await this.#parts.database.transaction((sql) => this.#record(sql, sealed));
  }

  async #record(sql: Sql, batch: readonly SealedRecord[]): Promise<void> {
    const written = await recordRuns(sql, this.#parts.node(), batch);
    const runs = batch.flatMap(({ run }) => (written.has(run.id) ? [run] : []));
    await this.#parts.watch?.(
      sql,
      runs.map((run) => ({ run, attempt: hasEnded(run) ? (run.facts ?? NO_FACTS) : null })),
    );
    const endings = batch
      .filter(({ run, countsFaults }) => countsFaults === true && run.status !== 'running')
      // A run's log may be whole later than that of one that ended behind it.
      .toSorted((one, other) => (one.run.endedAtMs ?? 0) - (other.run.endedAtMs ?? 0))
      .map(({ run }) => functionEnding(run, isFunctionFault(run)));
    const faulty = await countFaults(sql, endings);
    if (faulty.length > 0) await this.#parts.onFaulty?.(sql, faulty);
  }

  /** The callers of other functions have a turn in between. */
  async #sealAll(batch: readonly RecordedRun[]): Promise<SealedRecord[]> {
    const sealed: SealedRecord[] = [];
    for (let at = 0; at < batch.length; at += SEALED_AT_ONCE) {
      if (at > 0) await new Promise(setImmediate);
      const some = batch.slice(at, at + SEALED_AT_ONCE);
      sealed.push(...(await Promise.all(some.map((recorded) => this.#seal(recorded)))));
    }
    return sealed;
  }

  /** What can't be sealed (its account is gone) isn't kept. */
  async #seal(recorded: RecordedRun): Promise<SealedRecord> {
    const { run, input = null, result = null, lines } = recorded;
    const { kept } = this.#parts;
    if (kept?.isFull(run.accountId) === true) {
      const bare = withoutLog(recorded, 'the account has as many bytes as it may (kept_bytes)');
      return { ...bare, sealedInput: null, sealedResult: null };
    }
    kept?.add(run.accountId, ROW_BYTES + weightOf(lines) + (input?.length ?? 0) + (result?.length ?? 0));
    const owner = { accountId: run.accountId, runId: run.id };
    try {
      const sealedInput = input === null ? null : await sealInput(this.#parts.keys, owner, input);
      const sealedResult = result === null ? null : await sealResult(this.#parts.keys, owner, result);
      return { ...recorded, sealedInput, sealedResult };
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      this.#log.warn({ err: error, run: run.id }, 'input and result of a run are not kept');
      return { ...recorded, sealedInput: null, sealedResult: null };
    }
  }
}
