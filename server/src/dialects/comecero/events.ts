// The resource `events` of the Comecero management API: one event is one delivery to one subscription
// (docs/specs/comecero.md 3.3). List, read, send again.
import { fail } from '../../errors/failure.ts';
import type { Sql } from '../../postgres/database.ts';
import {
  DELIVERY_STATUSES,
  type Delivery,
  type DeliveryStatus,
  type DeliveryWithEvent,
} from '../../subscriptions/delivery.ts';
import { getDelivery, listDeliveries, queueAgain } from '../../subscriptions/delivery-store.ts';
import type { SealedSubscription } from '../../subscriptions/event-subscription.ts';
import { EXPAND_BOUNDS, expandChildren, readExpandPaths } from '../../subscriptions/expand-children.ts';
import { getSubscription } from '../../subscriptions/subscription-store.ts';
import {
  type Answer,
  type ApiRequest,
  commonFields,
  type Endpoint,
  found,
  type PageItems,
  paged,
  type Query,
  resourceUrl,
} from './endpoint.ts';
import { fingerprint, shownData } from './event-document.ts';
import { subscriptionUrl, viewSubscription } from './event-subscription-view.ts';
import { readBoolean, readCursorQuery } from './list-query.ts';
import { parsePaths, type View } from './resource-view.ts';

export type EventsParts = { sql: Sql; publicUrl: string; wake(): void };

const SORT_KEYS = ['date_created'];

export function eventsEndpoints(parts: EventsParts): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/events',
      permit: { resource: 'events', method: 'read' },
      answer: (asked) => list(parts, asked),
    },
    {
      method: 'GET',
      path: '/events/:id',
      permit: { resource: 'events', method: 'read' },
      answer: (asked) => read(parts, asked),
    },
    {
      method: 'POST',
      path: '/events/:id/retry',
      permit: { resource: 'events', method: 'update' },
      answer: (asked) => retry(parts, asked),
    },
  ];
}

async function list({ sql, publicUrl }: EventsParts, { world, query }: ApiRequest): Promise<Answer> {
  const { limit, desc, cursor } = readCursorQuery(query, SORT_KEYS);
  const page = await listDeliveries(sql, world, {
    status: readStatus(query),
    subscriptionId: query.event_subscription_id || null,
    eventType: query.type || null,
    order: desc ? 'descending' : 'ascending',
    ...{ limit, cursor },
  });
  if (page === null) {
    const field = cursor?.side === 'before' ? 'before_item' : 'after_item';
    fail('invalid_input', { message: `${field}: there is no such event`, field });
  }
  const views = page.deliveries.map((delivery) => viewDelivery(delivery, publicUrl));
  return paged(views, pageItems(page.deliveries, { cursor, hasMore: page.hasMore }));
}

/** A caller that came by a cursor can go back to where it came from. */
function pageItems(
  deliveries: readonly Delivery[],
  { cursor, hasMore }: { cursor: { side: 'after' | 'before' } | null; hasMore: boolean },
): PageItems {
  const [hasNext, hasPrevious] = cursor?.side === 'before' ? [true, hasMore] : [hasMore, cursor !== null];
  return {
    after: hasNext ? (deliveries.at(-1)?.id ?? null) : null,
    before: hasPrevious ? (deliveries[0]?.id ?? null) : null,
  };
}

function readStatus(query: Query): DeliveryStatus | null {
  const text = query.status ?? '';
  if (text === '') return null;
  const status = DELIVERY_STATUSES.find((known) => known === text);
  return (
    status ??
    fail('invalid_input', {
      message: `status must be one of ${DELIVERY_STATUSES.join(', ')}`,
      field: 'status',
    })
  );
}

async function read(parts: EventsParts, request: ApiRequest): Promise<Answer> {
  return found(await viewWhole(parts, request, await findEvent(parts.sql, request)));
}

async function retry(parts: EventsParts, request: ApiRequest): Promise<Answer> {
  if (!(await queueAgain(parts.sql, request.world, request.params.id ?? ''))) noSuchEvent();
  parts.wake();
  return found(await viewWhole(parts, request, await findEvent(parts.sql, request)));
}

async function findEvent(sql: Sql, { world, params }: ApiRequest): Promise<DeliveryWithEvent> {
  return (await getDelivery(sql, world, params.id ?? '')) ?? noSuchEvent();
}

function noSuchEvent(): never {
  return fail('not_found', { message: 'there is no such event' });
}

/**
 * The data as its subscription shows it. Children that the event didn't bring are links: they are asked for
 * when it is sent.
 */
async function viewWhole(
  { sql, publicUrl }: EventsParts,
  { world, query, caller }: ApiRequest,
  delivery: DeliveryWithEvent,
): Promise<View> {
  const subscription = await getSubscription(sql, world, delivery.subscriptionId);
  const expands = parsePaths(query.expand ?? '', 'expand') ?? [];
  const isExpanded =
    expands.some(([name]) => name === 'event_subscription') && caller.permissions.event_subscriptions.read;
  const all = viewDelivery(delivery, publicUrl);
  return {
    ...all,
    ...(isExpanded && subscription !== null
      ? { event_subscription: viewSubscription(subscription, null, publicUrl) }
      : {}),
    data: shownData(await expandedData(delivery, subscription), subscription ?? { show: null, hide: null }),
    ...(readBoolean(query, 'debug') === true ? { debug: delivery.debug } : {}),
  };
}

async function expandedData(
  { event }: DeliveryWithEvent,
  subscription: SealedSubscription | null,
): Promise<unknown> {
  const paths = subscription?.expand == null ? [] : readExpandPaths(subscription.expand);
  const source = { related: event.related, fetch: null };
  return (await expandChildren(event.data, paths, source, EXPAND_BOUNDS)).data;
}

/** Without `data` and `debug`: a page of them would be very long. */
function viewDelivery(delivery: Delivery, publicUrl: string): View {
  return {
    event_id: delivery.id,
    type: delivery.eventType,
    status: delivery.status,
    fingerprint: fingerprint(delivery, delivery.eventId),
    event_subscription: subscriptionUrl(publicUrl, delivery.subscriptionId),
    date_last_delivery_attempt: delivery.lastAttemptAt,
    date_next_delivery_attempt: delivery.nextAttemptAt,
    date_created: delivery.createdAt,
    date_modified: delivery.modifiedAt,
    ...commonFields(delivery, resourceUrl(publicUrl, `/events/${delivery.id}`)),
  };
}
