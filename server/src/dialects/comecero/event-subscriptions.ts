// The resource `event_subscriptions` of the Comecero management API: list, read, create, change, delete
// (docs/specs/comecero.md 3.1). Its test is event-subscription-test.ts's. Secrets are shown to those who may
// read the resource, one at a time: the console's form sends back what it was shown.
import { boundOf } from '../../accounts/account-bounds-store.ts';
import { fail } from '../../errors/failure.ts';
import type { PublishOwn } from '../../events/own-events.ts';
import { newResourceId } from '../../ids/ids.ts';
import type { Database, Sql } from '../../postgres/database.ts';
import type { DeliveryDialect } from '../../subscriptions/delivery-dialect.ts';
import type { SealedSubscription } from '../../subscriptions/event-subscription.ts';
import type { OwnFunctions } from '../../subscriptions/own-functions.ts';
import { type Keys, openSubscription, sealSecrets } from '../../subscriptions/subscription-secrets.ts';
import {
  deleteSubscription,
  getSubscription,
  insertSubscription,
  listSubscriptions,
  type SubscriptionSort,
  updateSubscription,
} from '../../subscriptions/subscription-store.ts';
import { type Answer, type ApiRequest, created, type Endpoint, found, listed, nothing } from './endpoint.ts';
import {
  mergeSubscription,
  readSubscriptionBody,
  requireSecretsAgain,
  type SubscriptionFields,
  subscriptionBody,
} from './event-subscription-fields.ts';
import { subscriptionFacts, viewSubscription } from './event-subscription-view.ts';
import { readBoolean, readListQuery } from './list-query.ts';
import type { View } from './resource-view.ts';

export type SubscriptionParts = {
  database: Database;
  keys: Keys;
  publicUrl: string;
  functions: OwnFunctions;
  dialect: Pick<DeliveryDialect, 'functionAt'>;
  /** @returns what is wrong with an event type; null: nothing */
  eventTypeProblem(accountId: string, eventType: string): Promise<string | null>;
  limits: { variablesBytes: number; subscriptionsPerAccount: number };
  publishOwn: PublishOwn;
};

const SORT: Record<string, SubscriptionSort> = {
  date_created: 'createdAt',
  date_modified: 'modifiedAt',
  event_type: 'eventType',
  destination: 'destination',
};
const MOST_TRIES = 3;
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
  const { limits } = parts;
  const fields = mergeSubscription(null, readSubscriptionBody(body, limits.variablesBytes));
  await checkOutside(parts, request, fields);
  const id = newResourceId();
  const sealedSecrets = await sealSecrets(parts.keys, { accountId: world.accountId, id }, fields);
  const state = { ...fields, ...world, id, sealedSecrets };
  const bound = { name: 'event_subscriptions', usual: limits.subscriptionsPerAccount } as const;
  const most = await boundOf(parts.database, world.accountId, bound);
  const made = await telling(parts, 'created', (sql) => insertSubscription(sql, state, most));
  if (made === null) {
    fail('invalid_state', { message: `an account has at most ${most} event subscriptions` });
  }
  return created(await view(parts, made, request));
}

async function update(parts: SubscriptionParts, request: ApiRequest): Promise<Answer> {
  const said = readSubscriptionBody(request.body, parts.limits.variablesBytes);
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const stored = await findSubscription(parts.database, request);
    const opened = await openSubscription(parts.keys, stored);
    const fields = mergeSubscription(opened, said);
    requireSecretsAgain(opened, said, fields);
    await checkOutside(parts, request, fields);
    const sealedSecrets = await sealSecrets(parts.keys, stored, fields);
    const { id, accountId, mode } = stored;
    const state = { ...fields, id, accountId, mode, sealedSecrets };
    const changed = await telling(parts, 'modified', (sql) =>
      updateSubscription(sql, state, stored.revision),
    );
    if (changed !== null) return found(await view(parts, changed, request));
  }
  return fail('conflict', { message: 'another request is changing this event subscription: try again' });
}

async function remove(parts: SubscriptionParts, { world, params }: ApiRequest): Promise<Answer> {
  const removed = await telling(parts, 'deleted', (sql) => deleteSubscription(sql, world, params.id ?? ''));
  return removed === null ? noSuchSubscription() : nothing();
}

/**
 * What becomes of a subscription is an event itself, in the transaction that does it; its secrets are in
 * none.
 */
async function telling(
  { database, publishOwn, publicUrl }: SubscriptionParts,
  what: 'created' | 'modified' | 'deleted',
  act: (sql: Sql) => Promise<SealedSubscription | null>,
): Promise<SealedSubscription | null> {
  return await database.transaction(async (sql) => {
    const subscription = await act(sql);
    if (subscription === null) return null;
    const { id, accountId, mode } = subscription;
    const data = subscriptionFacts(subscription, publicUrl);
    await publishOwn(sql, { accountId, mode }, [
      { type: `event_subscription:${what}`, itemId: id, data, causeEventId: null },
    ]);
    return subscription;
  });
}

/** What can't be distinguished from the fields alone. */
async function checkOutside(
  parts: SubscriptionParts,
  { world }: ApiRequest,
  { eventType, method, destination }: SubscriptionFields,
): Promise<void> {
  const problem = await parts.eventTypeProblem(world.accountId, eventType);
  if (problem !== null) fail('invalid_input', { message: `event_type: ${problem}`, field: 'event_type' });
  const functionId = method === 'http' ? parts.dialect.functionAt(new URL(destination)) : null;
  if (functionId === null || (await parts.functions.find(world, functionId)) !== null) return;
  fail('invalid_input', {
    message: 'destination: there is no such function in this account and mode, and no public one',
    field: 'destination',
  });
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

function noSuchSubscription(): never {
  return fail('not_found', { message: 'there is no such event subscription' });
}
