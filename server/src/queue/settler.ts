// Writes how attempts ended, together with their logs, what follows from their end, and the count of faults:
// one transaction for all that came while the one before was under way, so that a lone run waits for nothing
// and a thousand share a commit. What the database can't take for a while is kept and tried again; a bad one
// doesn't take the others along.
import type { Logger } from 'pino';
import { countFaults, type FaultListener, type FunctionEnding } from '../functions/fault-store.ts';
import type { KeptBytes } from '../limits/kept-bytes.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { writeBatch } from '../postgres/write-batch.ts';
import type { AttemptFacts, StoredRun } from '../runs/run.ts';
import { addAttemptLogs } from '../runs/run-log-store.ts';
import type { RecordedRun } from '../runs/run-store.ts';
import { NO_FACTS } from '../runs/run-watch.ts';
import { type Seals, sealResult } from '../runs/sealed-contents.ts';
import { weightOf } from '../runs/waiting-runs.ts';
import { notifyEnds, type RunEndings, type WrittenBeside } from './run-endings.ts';
import { type SettledAttempt, settleAttempts } from './settle-store.ts';

/** What is to be written of one attempt. */
export type Settlement = {
  /** Its ages are counted from `atMs`. */
  settled: Omit<SettledAttempt, 'sealedResult'>;
  /** Unix time in ms. */
  atMs: number;
  recorded: RecordedRun | null;
  /** What it returned, as JSON; null: nothing. Kept up to the limit, given to followers whole. */
  result: Buffer | null;
  /** null where nobody counts. */
  faults: FunctionEnding | null;
};

export type SettlerParts = {
  database: Pick<Database, 'transaction'>;
  keys: Seals;
  endings: RunEndings;
  /** Of functions that have had too many faults in a row. */
  onFaulty: FaultListener;
  keptResultBytes: number;
  /** Counts what is written. */
  kept?: Pick<KeptBytes, 'add'>;
  log: Logger;
  /** Unix time in ms. */
  clock(): number;
  /** Called with how long after its end an attempt was written. ms */
  onWritten?: ((ms: number) => void) | undefined;
};

const BATCH_RUNS = 200;
const RETRY_AFTER_MS = 500;
/**
 * Tries of one settlement that the database refuses, or a follower can't take, before it is cut down to the
 * bare end.
 */
const MOST_TRIES = 5;

type Waiting = { settlement: Settlement; tries: number; done: () => void };

export class Settler {
  readonly #parts: SettlerParts;
  #waiting: Waiting[] = [];
  #pumping: Promise<void> | null = null;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
  }

  /** Attempts whose end isn't written yet. */
  get backlog(): number {
    return this.#waiting.length;
  }

  /** Resolves when it is written, or turned out to be another claim's by now. Never rejects. */
  settle(settlement: Settlement): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ settlement, tries: 0, done });
      this.#pumping ??= this.#pump();
    });
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    await this.#pumping;
  }

  async #pump(): Promise<void> {
    // All that ends in the same turn of the event loop goes together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH_RUNS);
      const written = await writeBatch(batch, {
        write: (some) => this.#write(some),
        refused: async (one, error) => this.#isGivenUp(one, error),
        onOutage: (error) => this.#delayed(error, batch.length),
      });
      this.#waiting = this.#waiting.filter((one) => !written.has(one));
      for (const { done, settlement } of written) {
        this.#parts.onWritten?.(this.#parts.clock() - settlement.atMs);
        done();
      }
      if (written.size < batch.length) await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
    this.#pumping = null;
  }

  #delayed(error: unknown, runs: number): void {
    this.#parts.log.error({ err: error, runs }, 'ends of runs wait: the database can not be written');
  }

  #isGivenUp(one: Waiting, error: unknown): boolean {
    const { id } = one.settlement.settled;
    this.#parts.log.error({ err: error, run: id }, 'the end of a run could not be written');
    one.tries += 1;
    if (one.tries === 1) one.settlement = { ...one.settlement, recorded: null };
    if (one.tries >= MOST_TRIES) one.settlement = bareEnd(one.settlement);
    return one.tries > MOST_TRIES;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const settlements = batch.map(({ settlement }) => settlement);
    const sealed = await Promise.all(settlements.map((settlement) => this.#seal(settlement)));
    await this.#parts.database.transaction((sql) => this.#record(sql, settlements, sealed));
  }

  async #record(
    sql: Sql,
    settlements: readonly Settlement[],
    sealed: readonly SettledAttempt[],
  ): Promise<void> {
    const written = new Map(
      (await settleAttempts(sql, sealed)).map((run): [string, StoredRun] => [run.id, run]),
    );
    const counted = settlements.filter(({ settled }) => written.has(settled.id));
    await addAttemptLogs(
      sql,
      counted.flatMap(({ recorded }) => recorded ?? []),
    );
    await notifyEnds(this.#parts.endings, sql, [...written.values()], besideOf(counted));
    const faulty = await countFaults(
      sql,
      counted.flatMap(({ faults }) => faults ?? []),
    );
    if (faulty.length > 0) await this.#parts.onFaulty(sql, faulty);
  }

  async #seal({ settled, atMs, result, recorded }: Settlement): Promise<SettledAttempt> {
    const agoMs = Math.max(0, this.#parts.clock() - atMs);
    const isKept = result !== null && result.length <= this.#parts.keptResultBytes;
    const owner = { accountId: settled.accountId, runId: settled.id };
    this.#parts.kept?.add(settled.accountId, (isKept ? result.length : 0) + weightOf(recorded?.lines ?? []));
    return {
      ...settled,
      attempt: settled.attempt === null ? null : older(settled.attempt, agoMs),
      sealedResult: isKept ? await sealResult(this.#parts.keys, owner, result) : null,
    };
  }
}

/** A run that is handed back has had no attempt. */
function besideOf(settlements: readonly Settlement[]): WrittenBeside {
  const results = new Map<string, string>();
  const attempts = new Map<string, AttemptFacts>();
  for (const { settled, result, recorded } of settlements) {
    if (result !== null) results.set(settled.id, result.toString());
    if (settled.attempt !== null) attempts.set(settled.id, recorded?.run.facts ?? NO_FACTS);
  }
  return { results, attempts };
}

function older(attempt: NonNullable<SettledAttempt['attempt']>, byMs: number): SettledAttempt['attempt'] {
  return {
    ...attempt,
    startedAgoMs: attempt.startedAgoMs === null ? null : attempt.startedAgoMs + byMs,
    endedAgoMs: attempt.endedAgoMs + byMs,
  };
}

/** What the database takes of any run: its state, and that the rest could not be kept. */
function bareEnd(settlement: Settlement): Settlement {
  const { attempt } = settlement.settled;
  const error = {
    type: 'Platform.Unrecorded',
    message: 'the end of this run could not be recorded',
    stack: '',
  };
  const bare =
    attempt === null ? null : { ...attempt, error: attempt.error === null ? null : error, engine: null };
  return {
    ...settlement,
    settled: { ...settlement.settled, attempt: bare },
    ...{ recorded: null, result: null, faults: null },
  };
}
