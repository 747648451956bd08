// What subscriptions of Millrace's own API send: one plain document, signed by Standard Webhooks and nothing
// else. Pure. Composed with a dialect's documents by roles/start-deliveries.ts.
import type { DeliveryDialect, DocumentFacts } from './delivery-dialect.ts';

/** `dialect` shapes what is sent to subscriptions that aren't plain. */
export function withPlainDocuments(dialect: DeliveryDialect): DeliveryDialect {
  return {
    ...dialect,
    documentOf: (facts) =>
      facts.subscription.shape === 'plain' ? plainDocument(facts) : dialect.documentOf(facts),
    headersOf: (subscription, body, key) =>
      subscription.shape === 'plain' ? {} : dialect.headersOf(subscription, body, key),
  };
}

/** The same for every attempt. */
function plainDocument({
  subscription,
  deliveryId,
  createdAt,
  event,
  data,
}: DocumentFacts): Record<string, unknown> {
  const { accountId: account, mode, id, variables } = subscription;
  return {
    ...{ id: deliveryId, type: event.type, timestamp: createdAt.toISOString(), data },
    ...{ event_id: event.id, subscription_id: id, account, mode },
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
  };
}
