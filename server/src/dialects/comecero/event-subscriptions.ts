// The resource `event_subscriptions` of the Comecero management API: list, read, create, change, delete
// (docs/specs/comecero.md 3.1). Its test is event-subscription-test.ts's. Secrets are shown to those who may
// read the resource, one at a time: the console's form sends back what it was shown.
import type { Database, Sql } from '../../postgres/database.ts';
import type { SealedSubscription } from '../../subscriptions/event-subscription.ts';
import {
  noSuchSubscription,
  requireSecretsAgain,
  type SubscriptionEditing,
} from '../../subscriptions/subscription-editing.ts';
import { type Keys, openSubscription } from '../../subscriptions/subscription-secrets.ts';
import {
  getSubscription,
  listSubscriptions,
  type SubscriptionSort,
} from '../../subscriptions/subscription-store.ts';
import { type Answer, type ApiRequest, created, type Endpoint, found, listed, nothing } from './endpoint.ts';
import {
  mergeSubscription,
  readSubscriptionBody,
  SECRET_FIELDS,
  subscriptionBody,
} from './event-subscription-fields.ts';
import { viewSubscription } from './event-subscription-view.ts';
import { readBoolean, readListQuery } from './list-query.ts';
import type { View } from './resource-view.ts';

export type SubscriptionParts = {
  database: Database;
  keys: Keys;
  publicUrl: string;
  editing: SubscriptionEditing;
  limits: { variablesBytes: number };
};

const SORT: Record<string, SubscriptionSort> = {
  date_created: 'createdAt',
  date_modified: 'modifiedAt',
  event_type: 'eventType',
  destination: 'destination',
};
const RESOURCE = 'event_subscriptions';

export function eventSubscriptionEndpoints(parts: SubscriptionParts): Endpoint[] {
  const collection = '/event_subscriptions';
  const item = `${collection}/:id`;
  const permit = (method: 'read' | 'create' | 'update' | 'delete') =>
    ({ resource: RESOURCE, method }) as const;
  const takes = subscriptionBody(parts.limits.variablesBytes);
  return [
    { method: 'GET', path: collection, permit: permit('read'), answer: (asked) => list(parts, asked) },
    { method: 'GET', path: item, permit: permit('read'), answer: (asked) => read(parts, asked) },
    {
      ...{ method: 'POST', path: collection, permit: permit('create'), takes },
      answer: (asked) => create(parts, asked),
    },
    {
      ...{ method: 'POST', path: item, permit: permit('update'), takes },
      answer: (asked) => update(parts, asked),
    },
    { method: 'DELETE', path: item, permit: permit('delete'), answer: (asked) => remove(parts, asked) },
  ];
}

async function list(
  { database, publicUrl }: SubscriptionParts,
  { world, query }: ApiRequest,
): Promise<Answer> {
  const asked = readListQuery(query, { sortKeys: Object.keys(SORT), sortBy: 'date_created', desc: true });
  const { subscriptions, totalItems } = await listSubscriptions(database, world, {
    active: readBoolean(query, 'active'),
    eventType: query.event_type || null,
    text: asked.q,
    sortBy: SORT[asked.sortBy] ?? 'createdAt',
    order: asked.desc ? 'descending' : 'ascending',
    limit: asked.limit,
    offset: asked.offset,
  });
  return listed(
    subscriptions.map((one) => viewSubscription(one, null, publicUrl)),
    totalItems,
    asked,
  );
}

async function read(parts: SubscriptionParts, request: ApiRequest): Promise<Answer> {
  return found(await view(parts, await findSubscription(parts.database, request), request));
}

async function create(parts: SubscriptionParts, request: ApiRequest): Promise<Answer> {
  const { world, body } = request;
  const fields = mergeSubscription(null, readSubscriptionBody(body, parts.limits.variablesBytes));
  return created(await view(parts, await parts.editing.create(world, fields), request));
}

async function update(parts: SubscriptionParts, request: ApiRequest): Promise<Answer> {
  const { world, params, body } = request;
  const said = readSubscriptionBody(body, parts.limits.variablesBytes);
  const changed = await parts.editing.change(world, params.id ?? '', (before) => {
    const fields = mergeSubscription(before, said);
    requireSecretsAgain(before, said, fields, SECRET_FIELDS);
    return fields;
  });
  return found(await view(parts, changed, request));
}

async function remove({ editing }: SubscriptionParts, { world, params }: ApiRequest): Promise<Answer> {
  await editing.remove(world, params.id ?? '');
  return nothing();
}

/** A caller that may change a subscription but not read it isn't shown its secrets by the answer. */
async function view(
  { keys, publicUrl }: SubscriptionParts,
  shown: SealedSubscription,
  { caller }: ApiRequest,
): Promise<View> {
  const mayRead = caller.permissions.event_subscriptions.read;
  return viewSubscription(shown, mayRead ? await openSubscription(keys, shown) : null, publicUrl);
}

/** @throws Failure `not_found` */
export async function findSubscription(
  sql: Sql,
  { world, params }: Pick<ApiRequest, 'world' | 'params'>,
): Promise<SealedSubscription> {
  return (await getSubscription(sql, world, params.id ?? '')) ?? noSuchSubscription();
}
