// Events on a real PostgreSQL with the real queue: an account, functions, triggers, and any number of nodes,
// each with what it keeps in memory by itself. Nothing executes the runs: tests look at what was accepted.
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { World } from '../../src/accounts/account.ts';
import { findSealedKey, insertAccount } from '../../src/accounts/account-store.ts';
import { systemClock } from '../../src/clock/clock.ts';
import { AccountKeys, makeSealedKey } from '../../src/environment/account-keys.ts';
import { createEventDispatcher } from '../../src/events/dispatch-events.ts';
import { createPortionDispatcher } from '../../src/events/dispatch-portion.ts';
import { openEventCatalogue } from '../../src/events/event-catalogue.ts';
import type { ConsumeEvents, EventConsumer } from '../../src/events/event-consumer.ts';
import { readEvents } from '../../src/events/event-fields.ts';
import type { RouterParts } from '../../src/events/event-router.ts';
import { expectedRows } from '../../src/events/fan-out.ts';
import { createOwnEventPublisher } from '../../src/events/own-events.ts';
import { openEventPublishing } from '../../src/events/publish-events.ts';
import { newEventId, newRunId } from '../../src/ids/ids.ts';
import type { KeptBytes } from '../../src/limits/kept-bytes.ts';
import { createDurableQueue } from '../../src/queue/durable-queue.ts';
import { QueueDepth } from '../../src/queue/queue-depth.ts';
import type { RunInput } from '../../src/runs/run-input.ts';
import { openInput } from '../../src/runs/sealed-contents.ts';
import { createTriggerEditing } from '../../src/triggers/trigger-editing.ts';
import { readNewTrigger } from '../../src/triggers/trigger-fields.ts';
import { openTriggerDirectory } from '../../src/triggers/trigger-interests.ts';
import type { StoredTrigger } from '../../src/triggers/trigger-store.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

export const LIVE: World = { accountId: 'AA0001', mode: 'live' };
export const TEST: World = { accountId: 'AA0001', mode: 'test' };
export const OTHER: World = { accountId: 'BB0002', mode: 'live' };
export const SILENT = pino({ level: 'silent' });

const BOUNDS = { eventBytes: 10_000, eventsPerRequest: 1000 };
const DELAYS = { delayLeastMs: 300_000, delayMostMs: 172_800_000 };

export type Facts = Record<string, unknown>;
export type QueuedRun = {
  id: string;
  function_id: string;
  trigger_id: string | null;
  event_id: string | null;
  cause: Record<string, unknown>;
  status: string;
  is_held: boolean;
  delayS: number;
};

type NodePart = {
  /** A function is one that writes no rows that count. */
  consumers?: (EventConsumer | ConsumeEvents)[];
  mostRuns?: number;
  mostBytes?: number;
  queuedRuns?: number;
  kept?: KeptBytes;
};

function consumerOf(given: EventConsumer | ConsumeEvents): EventConsumer {
  if (typeof given === 'object') return given;
  return {
    consume: given,
    counter: async () => () => ({ rows: 0, bytes: 0 }),
    foresee: () => 0,
    copies: false,
  };
}

export class EventScene {
  readonly database: TestDatabase;
  readonly keys: AccountKeys;

  constructor(database: TestDatabase) {
    this.database = database;
    this.keys = new AccountKeys(MASTER_KEY, (accountId) => findSealedKey(database, accountId));
  }

  async addFunction(id: string, world: World = LIVE): Promise<string> {
    await this.database.query(
      `insert into functions (id, account_id, mode, dialect, name, timeout_ms, memory_mb, reuse, concurrency, active_version)
       values ($1, $2, $3, 'any', $1, 1000, 128, 'warm', 1, 1)`,
      [id, world.accountId, world.mode],
    );
    return id;
  }

  addTrigger(
    functionId: string,
    notations: string[],
    more: Facts = {},
    world: World = LIVE,
  ): Promise<StoredTrigger> {
    const { campaigns = [], shops = [], ...rest } = more;
    const settings = { notations, campaigns, shops };
    const body = { function_id: functionId, kind: 'account_event', settings, ...rest };
    return this.editing().create(world, readNewTrigger(body, DELAYS, 0));
  }

  editing() {
    return createTriggerEditing({
      database: this.database,
      keys: this.keys,
      mostTriggers: 100_000,
      wake: () => {},
    });
  }

  openNode(part: NodePart = {}) {
    const { database, keys } = this;
    const queue = createDurableQueue({
      ...{ keys, inputLimitBytes: 100_000, wake: () => {} },
      depth: new QueueDepth(part.queuedRuns ?? 1_000_000, systemClock),
    });
    const catalogue = openEventCatalogue({ sql: database, allowUnknown: false });
    const dispatching = {
      ...{ triggers: openTriggerDirectory(), queue, consumers: (part.consumers ?? []).map(consumerOf) },
      ...{ newRunId: () => newRunId(Date.now()), mostRuns: part.mostRuns ?? 20_000 },
      mostBytes: part.mostBytes ?? 10_000_000,
    };
    const dispatch = createEventDispatcher(dispatching);
    const dispatchPortion = createPortionDispatcher(dispatching);
    const publishing = openEventPublishing({
      ...{ database, catalogue, dispatch, queue, newEventId, clock: systemClock },
      ...(part.kept === undefined ? {} : { kept: part.kept }),
      weigh: (events, enough) => expectedRows(dispatching, events, enough),
    });
    const { publishOwn } = this;
    const router: RouterParts = { database, dispatch, dispatchPortion, queue, publishOwn, log: SILENT };
    return {
      catalogue,
      router,
      publish: (body: unknown, world: World = LIVE) => publishing.publish(world, readEvents(body, BOUNDS)),
    };
  }

  publishOwn = createOwnEventPublisher({ mostDepth: 16, newEventId, clock: systemClock, log: SILENT });

  /** In the order in which they were made. */
  async runs(eventId?: string): Promise<QueuedRun[]> {
    return await this.database.query<QueuedRun>(
      `select id, function_id, trigger_id, event_id, cause, status, is_held,
         extract(epoch from due_at - created_at)::float as "delayS"
       from all_runs where $1::text is null or event_id = $1 order by id`,
      [eventId ?? null],
    );
  }

  async inputOf(runId: string): Promise<RunInput> {
    const [row] = await this.database.query<{ account_id: string; sealed_input: Buffer }>(
      'select account_id, sealed_input from all_runs where id = $1',
      [runId],
    );
    if (row === undefined) throw new Error(`there is no run ${runId}`);
    return await openInput(this.keys, { accountId: row.account_id, runId }, row.sealed_input);
  }

  async count(table: 'events' | 'runs'): Promise<number> {
    const [row] = await this.database.query<{ n: number }>(`select count(*) as n from ${table}`);
    return row?.n ?? -1;
  }

  /** Everything but the accounts. */
  async clear(): Promise<void> {
    await this.database.query('truncate events, runs, triggers, trigger_revisions cascade');
    await this.database.query('delete from functions');
    await this.database.query('delete from event_types where account_id is not null');
  }
}

const MASTER_KEY = randomBytes(32);

/** Close its database in an `after` hook. */
export async function openEventScene(): Promise<EventScene> {
  const database = await openTestDatabase();
  for (const id of ['AA0001', 'BB0002']) {
    await insertAccount(database, { id, alias: id, sealedKey: makeSealedKey(MASTER_KEY, id) });
  }
  return new EventScene(database);
}
