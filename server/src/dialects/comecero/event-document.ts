// What a delivery of this dialect looks like: the event resource around the subject, the signature header,
// and where our functions answer (docs/specs/comecero.md 3.2, 3.3). Pure. What the original leaves open
// stands in docs/comecero.md.
import { createHash, createHmac } from 'node:crypto';
import type { World } from '../../accounts/account.ts';
import type { DeliveryDialect, DocumentFacts } from '../../subscriptions/delivery-dialect.ts';
import { withoutToken } from './call-input.ts';
import { commonFields, resourceUrl } from './endpoint.ts';
import { createDateWriter, cutFields, parsePaths } from './resource-view.ts';

const SIGNATURE_HEADER = 'X-Comecero-Signature';
const FUNCTION_PATH = /^\/func\/v1\/([0-9A-Za-z_-]{1,64})$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** @param publicUrl without a trailing slash */
export function createComeceroDelivery(publicUrl: string): DeliveryDialect {
  const { origin, pathname } = new URL(publicUrl);
  const base = pathname.replace(/\/$/, '');
  return {
    documentOf: (facts) => documentOf(facts, publicUrl),
    headersOf: (_world, body, key) =>
      key === null ? {} : { [SIGNATURE_HEADER]: createHmac('sha256', key).update(body).digest('hex') },
    functionAt: (url) => {
      if (url.origin !== origin || !url.pathname.startsWith(base)) return null;
      return FUNCTION_PATH.exec(url.pathname.slice(base.length))?.[1] ?? null;
    },
    withoutToken,
  };
}

/** The same for every attempt: what changes between them isn't shown. */
function documentOf(
  { subscription, deliveryId, createdAt, event, data }: DocumentFacts,
  publicUrl: string,
): Record<string, unknown> {
  const { timeZone, variables } = subscription;
  const cut = shownData(data, subscription);
  return {
    event_id: deliveryId,
    type: event.type,
    fingerprint: fingerprint(subscription, event.id),
    date_created: createDateWriter(timeZone)(createdAt),
    event_subscription: resourceUrl(publicUrl, `/event_subscriptions/${subscription.id}`),
    data: timeZone === 'UTC' ? cut : inTimeZone(cut, createDateWriter(timeZone)),
    ...(Object.keys(variables).length === 0 ? {} : { environment_variables: variables }),
    ...commonFields(subscription, resourceUrl(publicUrl, `/events/${deliveryId}`)),
  };
}

/** The event's data as a subscription wants to see it. */
export function shownData(
  data: unknown,
  { show, hide }: { show: string | null; hide: string | null },
): unknown {
  return cutFields(data, { show: parsePaths(show ?? '', 'show'), hide: parsePaths(hide ?? '', 'hide') });
}

/** One for all deliveries of an occurrence: a receiver of several subscriptions knows it again. */
export function fingerprint({ accountId, mode }: World, eventId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([accountId, mode, eventId]))
    .digest('hex');
}

/** Dates stand in members that are called so, as times with their zone. */
function inTimeZone(value: unknown, write: (date: Date) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => inTimeZone(item, write));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isDate(name, member) ? write(new Date(member)) : inTimeZone(member, write),
    ]),
  );
}

function isDate(name: string, value: unknown): value is string {
  if (!name.startsWith('date_') || typeof value !== 'string' || !INSTANT.test(value)) return false;
  return !Number.isNaN(Date.parse(value));
}
