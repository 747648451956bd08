// Makes, changes and ends event subscriptions: seals secrets, looks destination and type up, and publishes
// what becomes of one in the transaction that does it. Knows no fields of a body. Called by Millrace's own
// API and by the dialect that has subscriptions.
import type { World } from '../accounts/account.ts';
import { boundOf } from '../accounts/account-bounds-store.ts';
import { fail } from '../errors/failure.ts';
import type { OwnEvent, PublishOwn } from '../events/own-events.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { DeliveryDialect } from './delivery-dialect.ts';
import type {
  SealedSubscription,
  Subscription,
  SubscriptionSecrets,
  SubscriptionSettings,
} from './event-subscription.ts';
import type { OwnFunctions } from './own-functions.ts';
import { type Keys, openSubscription, sealSecrets } from './subscription-secrets.ts';
import {
  deleteSubscription,
  getSubscription,
  insertSubscription,
  updateSubscription,
} from './subscription-store.ts';

export type SubscriptionFields = SubscriptionSettings & SubscriptionSecrets;

export type SubscriptionEditing = {
  /** @throws Failure `invalid_input`, `invalid_state` where there are too many */
  create(world: World, fields: SubscriptionFields): Promise<SealedSubscription>;
  /** @param change of what is there; called again where another was quicker. @throws Failure `not_found` */
  change(
    world: World,
    id: string,
    change: (before: Subscription) => SubscriptionFields,
  ): Promise<SealedSubscription>;
  /** What is on its way to it fails. @throws Failure `not_found` */
  remove(world: World, id: string): Promise<void>;
};

export type EditingParts = {
  database: Database;
  keys: Keys;
  functions: OwnFunctions;
  dialect: Pick<DeliveryDialect, 'functionAt'>;
  /** @returns what is wrong with an event type; null: nothing */
  eventTypeProblem(accountId: string, eventType: string): Promise<string | null>;
  limits: { subscriptionsPerAccount: number };
  publishOwn: PublishOwn;
  /** What an event says of it; no secrets. */
  factsOf(subscription: SealedSubscription): OwnEvent['data'];
};

const MOST_TRIES = 3;

export function createSubscriptionEditing(parts: EditingParts): SubscriptionEditing {
  const { database, keys, limits } = parts;
  return {
    async create(world, fields) {
      await checkOutside(parts, world, fields);
      const id = newResourceId();
      const sealedSecrets = await sealSecrets(keys, { accountId: world.accountId, id }, fields);
      const state = { ...fields, ...world, id, sealedSecrets };
      const bound = { name: 'event_subscriptions', usual: limits.subscriptionsPerAccount } as const;
      const most = await boundOf(database, world.accountId, bound);
      const made = await telling(parts, 'created', (sql) => insertSubscription(sql, state, most));
      if (made !== null) return made;
      return fail('invalid_state', { message: `an account has at most ${most} event subscriptions` });
    },
    async change(world, id, change) {
      for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
        const stored = (await getSubscription(database, world, id)) ?? noSuchSubscription();
        const fields = change(await openSubscription(keys, stored));
        await checkOutside(parts, world, fields);
        const sealedSecrets = await sealSecrets(keys, stored, fields);
        const { accountId, mode, revision } = stored;
        const state = { ...fields, id, accountId, mode, sealedSecrets };
        const changed = await telling(parts, 'modified', (sql) => updateSubscription(sql, state, revision));
        if (changed !== null) return changed;
      }
      return fail('conflict', { message: 'another request is changing this event subscription: try again' });
    },
    async remove(world, id) {
      const removed = await telling(parts, 'deleted', (sql) => deleteSubscription(sql, world, id));
      if (removed === null) noSuchSubscription();
    },
  };
}

/**
 * What becomes of a subscription is an event itself, in the transaction that does it; its secrets are in
 * none.
 */
async function telling(
  { database, publishOwn, factsOf }: EditingParts,
  what: 'created' | 'modified' | 'deleted',
  act: (sql: Sql) => Promise<SealedSubscription | null>,
): Promise<SealedSubscription | null> {
  return await database.transaction(async (sql) => {
    const subscription = await act(sql);
    if (subscription === null) return null;
    const { id, accountId, mode } = subscription;
    const data = factsOf(subscription);
    await publishOwn(sql, { accountId, mode }, [
      { type: `event_subscription:${what}`, itemId: id, data, causeEventId: null },
    ]);
    return subscription;
  });
}

/** What can't be distinguished from the fields alone. */
async function checkOutside(
  parts: EditingParts,
  world: World,
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

export function noSuchSubscription(): never {
  return fail('not_found', { message: 'there is no such event subscription' });
}

/** Those who read what is sent there: one origin, or exactly these addresses. */
function placeOf({ method, destination }: Pick<SubscriptionSettings, 'method' | 'destination'>): string {
  return method === 'http' ? new URL(destination).origin : destination;
}

/**
 * Another destination must not get what was meant for the former one: a caller that may change a subscription
 * need not be one who may read it.
 * @param names how the body calls the secrets
 * @throws Failure `invalid_input` naming the field
 */
export function requireSecretsAgain(
  stored: SubscriptionFields,
  said: Partial<SubscriptionFields>,
  whole: SubscriptionFields,
  names: Readonly<Record<keyof SubscriptionSecrets, string>>,
): void {
  if (placeOf(stored) === placeOf(whole)) return;
  for (const [name, field] of Object.entries(names) as [keyof SubscriptionSecrets, string][]) {
    const kept = stored[name];
    const isEmpty = kept === null || (typeof kept === 'object' && Object.keys(kept).length === 0);
    // What has gone with its user name or header name goes nowhere.
    if (isEmpty || whole[name] === null || said[name] !== undefined) continue;
    fail('invalid_input', {
      message: `${field}: must be given again when the destination is at another place`,
      field,
    });
  }
}
