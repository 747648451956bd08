// Event subscriptions and what was sent to them: /subscriptions, their test, and /deliveries. Called by
// roles/start-deliveries.ts.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import type { Sql } from '../postgres/database.ts';
import { DELIVERY_STATUSES, type Delivery } from '../subscriptions/delivery.ts';
import { getDelivery, listDeliveries, queueAgain } from '../subscriptions/delivery-store.ts';
import { noSuchSubscription, type SubscriptionEditing } from '../subscriptions/subscription-editing.ts';
import { getSubscription, pageSubscriptions } from '../subscriptions/subscription-store.ts';
import type { TestSubscription } from '../subscriptions/test-subscription.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { type Page, pageOf, readPageQuery } from './page-query.ts';
import { readChoice, readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import {
  newSubscription,
  readNewSubscription,
  readSubscriptionChange,
  subscriptionChange,
  subscriptionSchema,
  subscriptionView,
} from './subscription-fields.ts';

type Parts = {
  sql: Sql;
  editing: SubscriptionEditing;
  test: TestSubscription;
  /** Called when there is something to send. */
  wake(): void;
};

const isId = (text: string): boolean => /^[0-9A-Za-z]{1,64}$/.test(text);
const permit = (method: 'read' | 'create' | 'update' | 'delete') =>
  ({ permit: { resource: 'event_subscriptions', method } }) as const;
const MOST_REPLY_CHARACTERS = 10_000;
const at = z.iso.datetime();

const deliverySchema = z.object({
  id: z.string().describe('of the message: the same with every attempt'),
  subscription_id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.int().describe('since it was last queued'),
  problem: z.string().nullable().describe('why the last attempt failed'),
  last_attempt_at: at.nullable(),
  next_attempt_at: at.nullable(),
  created_at: at,
  modified_at: at,
});
z.globalRegistry.add(deliverySchema, { id: 'Delivery' });

const testFields = z.strictObject({
  type: storableText(100).optional().describe("the subscription's own, where it is left out"),
  data: z.unknown().optional(),
});
const testedSchema = z.object({
  delivered: z.boolean(),
  problem: z.string().nullable(),
  status: z.int().nullable().describe('that the destination answered'),
  reply: z.string().nullable().describe(`its first ${MOST_REPLY_CHARACTERS} characters`),
  run_id: z.string().nullable().describe('of the function, where the destination is one'),
});

export function subscriptionEndpoints(parts: Parts): ApiEndpoint[] {
  return [...readingEndpoints(parts), ...changingEndpoints(parts), ...deliveryEndpoints(parts)];
}

function readingEndpoints({ sql }: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/subscriptions',
      summary: 'Event subscriptions, newest first',
      ...permit('read'),
      query: { event_type: textParameter('what they ask for') },
      isPaged: true,
      response: pageSchema(subscriptionSchema),
      answer: async ({ world, query }) => {
        const { limit, after } = readPageQuery(query, isId);
        const asked = { eventType: readFilter(query, 'event_type'), after, limit: limit + 1 };
        return pageOf(await pageSubscriptions(sql, world, asked), limit, ({ id }) => id, subscriptionView);
      },
    },
    {
      method: 'GET',
      path: '/subscriptions/:id',
      summary: 'One event subscription, without its secrets',
      ...permit('read'),
      response: subscriptionSchema,
      answer: async ({ world, params }) =>
        subscriptionView((await getSubscription(sql, world, params.id ?? '')) ?? noSuchSubscription()),
    },
  ];
}

function changingEndpoints({ sql, editing, test }: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/subscriptions',
      summary: 'Sends events of a type to an address, or by e-mail',
      ...permit('create'),
      status: 201,
      body: newSubscription,
      response: subscriptionSchema,
      answer: async ({ world, body }) =>
        subscriptionView(await editing.create(world, readNewSubscription(body))),
    },
    {
      method: 'PATCH',
      path: '/subscriptions/:id',
      summary: 'Changes an event subscription; secrets that are left out stay',
      ...permit('update'),
      body: subscriptionChange,
      response: subscriptionSchema,
      answer: async ({ world, params, body }) => {
        const change = (before: Parameters<typeof readSubscriptionChange>[1]) =>
          readSubscriptionChange(body, before);
        return subscriptionView(await editing.change(world, params.id ?? '', change));
      },
    },
    {
      method: 'DELETE',
      path: '/subscriptions/:id',
      summary: 'Deletes an event subscription; what is on its way to it fails',
      ...permit('delete'),
      status: 204,
      response: z.undefined(),
      answer: ({ world, params }) => editing.remove(world, params.id ?? ''),
    },
    {
      method: 'POST',
      path: '/subscriptions/:id/test',
      summary: 'Sends a made-up event to the destination, now and once',
      ...permit('update'),
      body: testFields,
      response: testedSchema,
      answer: async ({ world, params, body }) => {
        const { type, data } = readInput(testFields, body ?? {}, 'the request body');
        const sealed = (await getSubscription(sql, world, params.id ?? '')) ?? noSuchSubscription();
        const { ended, reply, runId } = await test(sealed, {
          ...{ type: type ?? sealed.eventType, data: data ?? {} },
        });
        const isDelivered = ended.end === 'delivered';
        return {
          ...{ delivered: isDelivered, problem: isDelivered ? ended.remark : ended.reason },
          ...{ status: reply?.status ?? null, reply: reply?.body.slice(0, MOST_REPLY_CHARACTERS) ?? null },
          run_id: runId,
        };
      },
    },
  ];
}

function deliveryEndpoints(parts: Parts): ApiEndpoint[] {
  const { sql, wake } = parts;
  return [
    {
      method: 'GET',
      path: '/deliveries',
      summary: 'What was sent to subscriptions, newest first',
      permit: { resource: 'events', method: 'read' },
      query: {
        subscription_id: textParameter('to which they go'),
        event_type: textParameter('what they are about'),
        status: z.enum(DELIVERY_STATUSES),
      },
      isPaged: true,
      response: pageSchema(deliverySchema),
      answer: (request) => deliveryPage(parts, request),
    },
    {
      method: 'GET',
      path: '/deliveries/:id',
      summary: 'One delivery',
      permit: { resource: 'events', method: 'read' },
      response: deliverySchema,
      answer: async (request) => deliveryView(await oneDelivery(sql, request)),
    },
    {
      method: 'POST',
      path: '/deliveries/:id/retry',
      summary: 'Sends it again, from the beginning of its retries',
      permit: { resource: 'events', method: 'update' },
      response: deliverySchema,
      answer: async (request) => {
        if (!(await queueAgain(sql, request.world, request.params.id ?? ''))) noSuchDelivery();
        wake();
        return deliveryView(await oneDelivery(sql, request));
      },
    },
  ];
}

async function deliveryPage({ sql }: Parts, { world, query }: ApiRequest): Promise<Page<unknown>> {
  const { limit, after } = readPageQuery(query, isId);
  const page = await listDeliveries(sql, world, {
    status: readChoice(query, 'status', DELIVERY_STATUSES),
    subscriptionId: readFilter(query, 'subscription_id'),
    eventType: readFilter(query, 'event_type'),
    order: 'descending',
    limit: limit + 1,
    cursor: after === null ? null : { side: 'after', id: after },
  });
  return pageOf(page?.deliveries ?? [], limit, ({ id }) => id, deliveryView);
}

async function oneDelivery(sql: Sql, { world, params }: ApiRequest): Promise<Delivery> {
  return (await getDelivery(sql, world, params.id ?? '')) ?? noSuchDelivery();
}

function noSuchDelivery(): never {
  return fail('not_found', { message: 'there is no such delivery' });
}

function deliveryView(delivery: Delivery): z.input<typeof deliverySchema> {
  const text = (date: Date | null): string | null => date?.toISOString() ?? null;
  return {
    ...{ id: delivery.id, subscription_id: delivery.subscriptionId, event_id: delivery.eventId },
    ...{ event_type: delivery.eventType, status: delivery.status, attempts: delivery.attempts },
    ...{ problem: delivery.debug, last_attempt_at: text(delivery.lastAttemptAt) },
    next_attempt_at: text(delivery.nextAttemptAt),
    created_at: delivery.createdAt.toISOString(),
    modified_at: delivery.modifiedAt.toISOString(),
  };
}
