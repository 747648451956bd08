// The door for events: checked, then kept together with the runs that they cause, in one transaction that
// many publishers share. Once `publish` resolves, all of it is on disk. The same id again starts nothing and
// is answered as the first time. Called by the API, and by what publishes on a customer's behalf.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import { type KeptBytes, ROW_BYTES } from '../limits/kept-bytes.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { createGroupCommit, type GroupCommit } from '../postgres/group-commit.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { expandNotations } from '../triggers/notation.ts';
import { eventKey, type PublishedEvent } from './account-event.ts';
import type { DispatchEvents } from './dispatch-events.ts';
import type { EventCatalogue } from './event-catalogue.ts';
import type { GivenEvent } from './event-fields.ts';
import { runsOfEvents } from './event-run-store.ts';
import { findEvents } from './event-store.ts';
import { sizeOf } from './fan-out.ts';
import { type KeptEvents, keeperOfEvents } from './keep-events.ts';
import type { PublishingRun } from './publishing-run.ts';

export type Accepted = {
  id: string;
  notations: string[];
  /** Ids of the runs that it caused. */
  runs: readonly string[];
  /** It had been published before. */
  isDuplicate: boolean;
};

export type EventPublishing = {
  /**
   * Publishes all of them, or none.
   * @param by the run that does, where it said so
   * @throws Failure `invalid_input` naming the field, `too_many_runs`, `payload_too_large`
   */
  publish(world: World, given: readonly GivenEvent[], by?: PublishingRun | null): Promise<Accepted[]>;
  /** Resolves when everything that was accepted is on disk. */
  drain(): Promise<void>;
};

export type PublishingParts = {
  database: Pick<Database, 'transaction'>;
  catalogue: EventCatalogue;
  dispatch: DispatchEvents;
  queue: Pick<RunQueue, 'wake'>;
  newEventId(): string;
  /** Whether an account may have more; counts what is written. */
  kept?: Pick<KeptBytes, 'add' | 'require'>;
  /** Rows that events will write, as far as memory shows; counted no further than `enough`. */
  weigh(events: readonly PublishedEvent[], enough: number): number;
  /** Unix time in ms. */
  clock(): number;
};

/**
 * Rows that a transaction of many requests writes, as foreseen, and before it is taken apart; a request that
 * writes more goes by itself.
 */
const GROUP_ROWS = 500;
const MOST_GROUP_ROWS = 2_000;
/** Requests that may wait for a transaction, of all accounts and of one. */
const MOST_WAITING = 5_000;
const MOST_OF_ACCOUNT = 1_000;

export function openEventPublishing(parts: PublishingParts): EventPublishing {
  const keep = keeperOfEvents(parts.dispatch);
  const door: GroupCommit<PublishedEvent[], Accepted[]> = createGroupCommit({
    database: parts.database,
    write: (sql, requests, isAlone) =>
      keepAll((on, events) => keep(on, events, isAlone ? null : MOST_GROUP_ROWS), sql, requests),
    onCommitted: (answers) => {
      if (answers.flat().some(({ runs }) => runs.length > 0)) parts.queue.wake();
    },
    weigh: (events) => parts.weigh(events, GROUP_ROWS),
    mostWeight: GROUP_ROWS,
    ownerOf: (events) => events[0]?.accountId ?? '',
    ...{ mostWaiting: MOST_WAITING, mostOfOwner: MOST_OF_ACCOUNT },
  });
  return {
    publish: async (world, given, by = null) => {
      parts.kept?.require(world.accountId);
      const events: PublishedEvent[] = [];
      for (const one of given)
        events.push({ ...(await publishedEvent(parts, world, one)), ...lineageOf(by) });
      const accepted = await door.add(events);
      const bytes = events.reduce(
        (sum, event, at) => sum + (accepted[at]?.isDuplicate ? 0 : ROW_BYTES + sizeOf(event)),
        0,
      );
      parts.kept?.add(world.accountId, bytes);
      return accepted;
    },
    drain: door.drain,
  };
}

async function publishedEvent(
  { catalogue, newEventId, clock }: PublishingParts,
  world: World,
  given: GivenEvent,
): Promise<PublishedEvent> {
  const { names } = given;
  const problem = await catalogue.problemOf(world.accountId, { names, itemType: given.itemType }, 'publish');
  if (problem !== null) {
    const field = fieldOf(given, problem.name);
    fail('invalid_input', { message: `${field}: ${problem.message}`, field });
  }
  const notations = expandNotations(names);
  const type = notations[0] as string;
  return {
    accountId: world.accountId,
    mode: world.mode,
    id: given.id ?? newEventId(),
    ...{ type, notations },
    itemType: given.itemType ?? (await catalogue.itemTypeOf(world.accountId, type)),
    itemId: given.itemId,
    campaign: given.campaign,
    shop: given.shop,
    date: given.date ?? new Date(clock()).toISOString(),
    data: given.data,
    related: given.related,
    depth: 0,
  };
}

function lineageOf(by: PublishingRun | null): Pick<PublishedEvent, 'depth' | 'causeRunId' | 'traceparent'> {
  if (by === null) return { depth: 0 };
  return { depth: by.depth, causeRunId: by.runId, traceparent: by.traceparent };
}

/** What a name was given as: no item type can be a type or a notation. */
function fieldOf({ names, nameFields, field }: GivenEvent, name: string): string {
  return nameFields[names.indexOf(name)] ?? `${field}item_type`;
}

async function keepAll(
  keep: (sql: Sql, events: readonly PublishedEvent[]) => Promise<KeptEvents>,
  sql: Sql,
  requests: readonly PublishedEvent[][],
): Promise<Accepted[][]> {
  const events = requests.flat();
  const { firsts, started } = await keep(sql, firstOfEach(events));
  const isFirst = new Set(firsts);
  const before = await answeredBefore(
    sql,
    events.filter((event) => !isFirst.has(event)),
  );
  return requests.map((request) =>
    request.map((event) => {
      const { id, notations } = event;
      const runs = started.get(eventKey(event)) ?? [];
      if (isFirst.has(event)) return { id, notations, runs, isDuplicate: false };
      return before.get(eventKey(event)) ?? { id, notations, runs, isDuplicate: true };
    }),
  );
}

function firstOfEach(events: readonly PublishedEvent[]): PublishedEvent[] {
  const firsts = new Map<string, PublishedEvent>();
  for (const event of events) if (!firsts.has(eventKey(event))) firsts.set(eventKey(event), event);
  return [...firsts.values()];
}

/** Most runs of events published before that an answer lists. */
const MOST_TOLD_RUNS = 10_000;

async function answeredBefore(
  sql: Sql,
  again: readonly PublishedEvent[],
): Promise<ReadonlyMap<string, Accepted>> {
  const answers = new Map<string, Accepted>();
  for (const [world, ids] of byWorld(again)) {
    const runs = await runsOfEvents(sql, world, ids, MOST_TOLD_RUNS);
    for (const event of await findEvents(sql, world, ids)) {
      const own = runs.filter((run) => run.eventId === event.id).map((run) => run.id);
      answers.set(eventKey(event), {
        id: event.id,
        notations: expandNotations(event.notations),
        runs: own,
        isDuplicate: true,
      });
    }
  }
  return answers;
}

function byWorld(events: readonly PublishedEvent[]): [World, string[]][] {
  const worlds = new Map<string, [World, string[]]>();
  for (const { accountId, mode, id } of events) {
    const key = `${mode}/${accountId}`;
    const found = worlds.get(key);
    if (found === undefined) worlds.set(key, [{ accountId, mode }, [id]]);
    else found[1].push(id);
  }
  return [...worlds.values()];
}
