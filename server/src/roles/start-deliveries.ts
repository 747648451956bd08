// Starts deliveries of account events to subscriptions: what takes in events, what sends them, what settles
// those that runs receive; and the endpoints that show and change them.

import type { ApiEndpoint } from '../api/millrace-api.ts';
import { subscriptionEndpoints } from '../api/subscription-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { usualBounds } from '../config/account-bounds.ts';
import type { Endpoint } from '../dialects/comecero/endpoint.ts';
import { createComeceroDelivery } from '../dialects/comecero/event-document.ts';
import { eventSubscriptionTestEndpoints } from '../dialects/comecero/event-subscription-test.ts';
import { subscriptionFacts } from '../dialects/comecero/event-subscription-view.ts';
import { eventSubscriptionEndpoints } from '../dialects/comecero/event-subscriptions.ts';
import { eventTestTemplateEndpoints } from '../dialects/comecero/event-test-templates.ts';
import { eventsEndpoints } from '../dialects/comecero/events.ts';
import { waitingDepth } from '../queue/waiting-depth.ts';
import { type AttemptParts, createDeliveryAttempter } from '../subscriptions/attempt-delivery.ts';
import { type DeliveryEngine, startDeliveryEngine } from '../subscriptions/delivery-engine.ts';
import { startDeliveryJanitor } from '../subscriptions/delivery-janitor.ts';
import { DELIVERY_CHANNEL } from '../subscriptions/delivery-store.ts';
import { createDeliveryStarter } from '../subscriptions/event-deliveries.ts';
import { ownFunctions } from '../subscriptions/own-functions.ts';
import { withPlainDocuments } from '../subscriptions/plain-document.ts';
import { createResourceClient } from '../subscriptions/resource-client.ts';
import { createDeliveryFollower } from '../subscriptions/settle-runs.ts';
import { createSubscriptionEditing } from '../subscriptions/subscription-editing.ts';
import { createSubscriptionTester } from '../subscriptions/test-subscription.ts';
import type { Offer } from './area.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<
  Platform,
  | 'config'
  | 'log'
  | 'endings'
  | 'database'
  | 'node'
  | 'hearing'
  | 'keys'
  | 'functions'
  | 'queue'
  | 'invoke'
  | 'eventCatalogue'
  | 'publishOwn'
  | 'outbound'
  | 'ownOutbound'
  | 'sendMail'
  | 'monitoring'
>;

/** Only how retries are spread depends on it. */
const chance = (): number => Math.random();

export function offerDeliveries({ config, kept }: Pick<Platform, 'config' | 'kept'>): Offer {
  const depth = waitingDepth('waiting_deliveries', {
    ...{ usual: usualBounds(config.accountBounds, config.limits), kept, clock: systemClock },
  });
  return {
    consumers: [createDeliveryStarter(depth)],
    followers: { subscription: createDeliveryFollower(chance) },
  };
}

/** @returns what shows and changes it, in the dialect that has subscriptions and in Millrace's own API */
export function startDeliveries(parts: Parts): { dialect: Endpoint[]; own: ApiEndpoint[] } {
  const { config, log, endings, database, hearing, invoke } = parts;
  const attempt = attemptParts(parts);
  const engine = config.roles.includes('worker') ? startEngine(parts, attempt) : null;
  const wake = (): void => engine?.wake();
  hearing.on(DELIVERY_CHANNEL, wake, wake);
  const janitor = startDeliveryJanitor({
    database,
    retentionDays: config.limits.runRetentionDays,
    chance,
    log,
  });
  endings.push(() => janitor.stop());
  const test = createSubscriptionTester({ ...attempt, call: invoke });
  const { publicUrl, limits } = config;
  const shown = { sql: database, publicUrl, eventTypeProblem: eventTypeProblem(parts) };
  const editing = createSubscriptionEditing({
    ...{ ...shown, ...attempt, limits, publishOwn: parts.publishOwn },
    factsOf: (subscription) => subscriptionFacts(subscription, publicUrl),
  });
  return {
    dialect: [
      ...eventSubscriptionEndpoints({ ...shown, ...attempt, limits, editing }),
      ...eventSubscriptionTestEndpoints({ sql: database, test, fetchResource: attempt.fetchResource }),
      ...eventsEndpoints({ ...shown, wake }),
      ...eventTestTemplateEndpoints(shown),
    ],
    own: subscriptionEndpoints({ sql: database, editing, test, wake }),
  };
}

function attemptParts({
  config,
  database,
  keys,
  functions,
  queue,
  outbound,
  ownOutbound,
  sendMail,
}: Parts): AttemptParts {
  const { publicUrl, publicFunctions, resourceUrl, resourceToken } = config;
  const timeoutMs = config.limits.deliveryTimeoutMs;
  return {
    ...{ database, keys, queue, timeoutMs, send: outbound.send, mail: sendMail, clock: systemClock },
    dialect: withPlainDocuments(createComeceroDelivery(publicUrl)),
    functions: ownFunctions(functions, publicFunctions),
    fetchResource:
      resourceUrl === null
        ? null
        : createResourceClient({ send: ownOutbound.send, url: resourceUrl, token: resourceToken, timeoutMs }),
  };
}

function startEngine(parts: Parts, attempting: AttemptParts): DeliveryEngine {
  const { config, log, endings, database, node, monitoring } = parts;
  const attempt = createDeliveryAttempter(attempting);
  const engine = startDeliveryEngine({
    ...{ sql: database, node: () => node.id, chance, log },
    attempt: monitoring?.deliveries(attempt) ?? attempt,
    mostAtOnce: config.limits.deliveriesAtOnce,
  });
  endings.push(() => engine.stop());
  return engine;
}

function eventTypeProblem({ eventCatalogue }: Parts) {
  return async (accountId: string, eventType: string): Promise<string | null> => {
    const used = { names: [eventType], itemType: null };
    return (await eventCatalogue.problemOf(accountId, used, 'listen'))?.message ?? null;
  };
}
