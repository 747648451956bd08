// Account events: publish one or many (202 once they are on disk with all that they cause), list, look at one
// with its runs.
import { z } from 'zod';
import type { Limits } from '../config/limits.ts';
import { fail } from '../errors/failure.ts';
import { publishSchema, readEvents } from '../events/event-fields.ts';
import { type EventRun, runsOfEvents } from '../events/event-run-store.ts';
import { EVENT_STATES, type EventSummary, eventState, findEvent, listEvents } from '../events/event-store.ts';
import type { Accepted, EventPublishing } from '../events/publish-events.ts';
import { type PublishingRunOf, withTrace } from '../events/publishing-run.ts';
import { routeAgain } from '../events/unmatched-store.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { pageSchema } from './api-schemas.ts';
import { acceptedEventsSchema, eventSchema, eventWithRunsSchema } from './event-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { type Page, pageOf, readPageQuery } from './page-query.ts';
import { readChoice, readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';

type Parts = {
  sql: Database;
  publishing: Pick<EventPublishing, 'publish'>;
  publishingRunOf: PublishingRunOf;
  limits: Pick<Limits, 'eventBytes' | 'eventsPerRequest'>;
};

const READ = { resource: 'events', method: 'read' } as const;
const ID = /^[0-9A-Za-z_-][0-9A-Za-z_.:-]{0,99}$/;
/** Runs of one event that are shown. */
const MOST_RUNS = 1_000;

export function eventEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/events',
      summary: 'Publishes one event, or all of a list',
      permit: { resource: 'events', method: 'create' },
      status: 202,
      takesPayload: true,
      body: publishSchema,
      response: acceptedEventsSchema,
      answer: async ({ world, body, headers }) => {
        const events = readEvents(body, parts.limits);
        const by = await parts.publishingRunOf(world, headers['millrace-run']);
        const accepted = await parts.publishing.publish(world, events, withTrace(by, headers.traceparent));
        return { data: accepted.map(acceptedView) };
      },
    },
    {
      method: 'POST',
      path: '/events/:id/route',
      summary: 'Routes an event again that was set aside, or waits for its next try',
      permit: { resource: 'events', method: 'create' },
      status: 202,
      response: eventWithRunsSchema,
      answer: (request) => route(parts.sql, request),
    },
    {
      method: 'GET',
      path: '/events',
      summary: 'Events without their data, newest first',
      query: {
        type: textParameter('its type, or its most specific notation'),
        notation: textParameter('any of its notations'),
        item_type: textParameter('what it is about'),
        item_id: textParameter('which one it is about'),
        state: z.enum(EVENT_STATES),
      },
      permit: READ,
      isPaged: true,
      response: pageSchema(eventSchema),
      answer: (request) => eventPage(parts.sql, request),
    },
    {
      method: 'GET',
      path: '/events/:id',
      summary: 'One event with the runs that it has started',
      permit: READ,
      response: eventWithRunsSchema,
      answer: (request) => oneEvent(parts.sql, request),
    },
  ];
}

function acceptedView({ id, notations, runs, isDuplicate }: Accepted): Record<string, unknown> {
  return { id, notations, runs, duplicate: isDuplicate };
}

async function eventPage(sql: Sql, { world, query }: ApiRequest): Promise<Page<unknown>> {
  const { limit, after } = readPageQuery(query, (text) => ID.test(text));
  const events = await listEvents(sql, world, {
    type: readFilter(query, 'type'),
    notation: readFilter(query, 'notation'),
    itemType: readFilter(query, 'item_type'),
    itemId: readFilter(query, 'item_id'),
    state: readChoice(query, 'state', EVENT_STATES),
    limit: limit + 1,
    after,
  });
  return pageOf(events, limit, (event) => event.id, eventView);
}

async function route(database: Database, request: ApiRequest): Promise<unknown> {
  const { world, params } = request;
  const isGivenBack = await database.transaction((sql) => routeAgain(sql, world, params.id ?? ''));
  const event = await oneEvent(database, request);
  if (!isGivenBack)
    fail('invalid_state', { message: 'the event was routed: there is nothing to be done again' });
  return event;
}

async function oneEvent(sql: Sql, { world, params }: ApiRequest): Promise<unknown> {
  const id = params.id ?? '';
  const event = (await findEvent(sql, world, id)) ?? fail('not_found', { message: 'there is no such event' });
  const runs = await runsOfEvents(sql, world, [id], MOST_RUNS);
  const { data, related } = event;
  return { ...eventView(event), data, related, runs: runs.map(runView) };
}

function eventView(event: EventSummary): z.input<typeof eventSchema> {
  return {
    id: event.id,
    type: event.type,
    notations: event.notations,
    item_type: event.itemType,
    item_id: event.itemId,
    campaign: event.campaign,
    shop: event.shop,
    date: event.date,
    depth: event.depth,
    created_at: event.createdAt.toISOString(),
    matched_at: event.matchedAt?.toISOString() ?? null,
    state: eventState(event),
    fault: event.fault,
    tries: event.tries,
    cause_run_id: event.causeRunId ?? null,
  };
}

function runView(run: EventRun): Record<string, unknown> {
  const { notation = null } = run.cause;
  return {
    id: run.id,
    function_id: run.functionId,
    trigger_id: run.triggerId,
    notation,
    status: run.status,
  };
}
