// Writes what was seen of outgoing calls, in batches behind the runs: with the run, and counted for its
// function's day. Says `egress.refused` of what a function was kept from for the first time on a day, a few
// times a day. Bounded: what a database that is away makes wait is dropped, and the log says so. Composed by
// roles/open-outgoing-calls.ts.
import type { Logger } from 'pino';
import type { World } from '../accounts/account.ts';
import type { PublishOwn } from '../events/own-events.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { writeBatch } from '../postgres/write-batch.ts';
import { worldKey } from '../triggers/interest-directory.ts';
import { accountsWithoutCalls, addCalls } from './call-store.ts';
import { countEgress, countRefused, type EgressDay } from './egress-day-store.ts';
import type { OutgoingCall, SeenCalls } from './outgoing-call.ts';

export type CallRecorderParts = {
  database: Pick<Database, 'transaction'>;
  publishOwn: PublishOwn;
  log: Logger;
};

const WRITE_AFTER_MS = 250;
const RETRY_AFTER_MS = 2_000;
const BATCH = 500;
const MOST_WAITING = 10_000;
/** Destinations of one function and day that an event is published of. */
const MOST_REFUSALS_SAID = 10;

export class CallRecorder {
  readonly #parts: CallRecorderParts;
  #waiting: SeenCalls[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: CallRecorderParts) {
    this.#parts = parts;
  }

  add(seen: SeenCalls): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#parts.log.warn({ run: seen.span.runId }, 'outgoing calls are dropped: the database is behind');
      return;
    }
    this.#waiting.push(seen);
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS);
  }

  /** Resolves when what was added before is written, or waits for the database. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      const written = await writeBatch(batch, {
        write: (some) => this.#parts.database.transaction((sql) => this.#write(sql, some)),
        refused: async ({ span }, error) => {
          this.#parts.log.error({ err: error, run: span.runId }, 'outgoing calls of a run are dropped');
          return true;
        },
        onOutage: (error) => {
          this.#parts.log.warn({ err: error, runs: batch.length }, 'outgoing calls could not be written yet');
        },
      });
      this.#waiting.splice(0, written.size);
      if (written.size < batch.length) {
        this.#timer ??= setTimeout(() => void this.flush(), RETRY_AFTER_MS);
        return;
      }
    }
  }

  async #write(sql: Sql, batch: readonly SeenCalls[]): Promise<void> {
    const accounts = [...new Set(batch.map(({ span }) => span.accountId))];
    const without = await accountsWithoutCalls(sql, accounts);
    const seen = batch.filter(({ span }) => !without.has(span.accountId));
    if (seen.length === 0) return;
    await addCalls(sql, seen);
    const fresh = await countEgress(sql, seen.flatMap(countedOf));
    const refused = fresh.filter(({ row }) => row.verdict === 'refused' && row.address !== '');
    for (const ofWorld of Map.groupBy(refused, worldKey).values()) await this.#say(sql, ofWorld);
  }

  async #say(sql: Sql, ofWorld: readonly (World & { row: EgressDay })[]): Promise<void> {
    for (const ofDay of Map.groupBy(ofWorld, ({ row }) => `${row.functionId} ${row.day}`).values()) {
      const [{ accountId, mode, row }] = ofDay as [World & { row: EgressDay }];
      const world = { accountId, mode };
      const before = (await countRefused(sql, world, row)) - ofDay.length;
      const said = ofDay.slice(0, Math.max(0, MOST_REFUSALS_SAID - before));
      await this.#parts.publishOwn(sql, world, said.map(eventOf));
    }
  }
}

function eventOf({ row }: { row: EgressDay }): Parameters<PublishOwn>[2][number] {
  const { functionId, day, protocol, address, port, host } = row;
  return {
    ...{ type: 'egress.refused', itemId: functionId, causeEventId: null },
    data: { function_id: functionId, date: day, protocol, address, port, host: host === '' ? null : host },
  };
}

/** Each connection once, whichever runs it is shown with. */
function countedOf({ span, calls, repeated }: SeenCalls): (World & { row: EgressDay })[] {
  const { accountId, mode, functionId } = span;
  return calls
    .filter((call) => !repeated.has(call))
    .map((call) => ({ accountId, mode, row: dayOf(functionId, call) }));
}

function dayOf(functionId: string, call: OutgoingCall): EgressDay {
  const { protocol, verdict, address, port, host, reused, times, at } = call;
  return {
    ...{ functionId, protocol, verdict, address, port, host: host ?? '', day: at.slice(0, 10) },
    calls: reused ? 0 : times,
    ...{ bytesSent: call.bytes_sent ?? 0, bytesReceived: call.bytes_received ?? 0 },
    ...{ firstAt: new Date(at), lastAt: new Date(at) },
  };
}
