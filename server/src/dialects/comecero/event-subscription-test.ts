// `POST /event_subscriptions/{id}/test/{template}`: sends a template's payload to the subscription's
// destination and answers what came back (docs/specs/comecero.md 3.4). 200 where the destination took it, 502
// where it didn't: the console prints the body of both.
import { fail } from '../../errors/failure.ts';
import type { Sql } from '../../postgres/database.ts';
import type { SealedSubscription } from '../../subscriptions/event-subscription.ts';
import type { FetchResource } from '../../subscriptions/resource-client.ts';
import type { TestResult, TestSubscription } from '../../subscriptions/test-subscription.ts';
import { findTestTemplate, type TestTemplate } from '../../subscriptions/test-template-store.ts';
import { type Answer, type ApiRequest, badGateway, type Endpoint, found } from './endpoint.ts';
import { findSubscription } from './event-subscriptions.ts';
import type { View } from './resource-view.ts';

export type SubscriptionTestParts = {
  sql: Sql;
  test: TestSubscription;
  /** null: there is nobody to ask for a template's resource. */
  fetchResource: FetchResource | null;
};

export function eventSubscriptionTestEndpoints(parts: SubscriptionTestParts): Endpoint[] {
  return [
    {
      method: 'POST',
      path: '/event_subscriptions/:id/test/:template',
      permit: { resource: 'event_subscriptions', method: 'update' },
      answer: (asked) => test(parts, asked),
    },
  ];
}

async function test(parts: SubscriptionTestParts, request: ApiRequest): Promise<Answer> {
  const subscription = await findSubscription(parts.sql, request);
  const template = await findTestTemplate(parts.sql, request.world, request.params.template ?? '');
  if (template === null) fail('not_found', { message: 'there is no such event test template' });
  const data = await payloadOf(parts, subscription, template);
  const result = await parts.test(subscription, { type: template.eventType, data });
  return result.ended.end === 'delivered' ? found(viewReply(result)) : badGateway(viewFailure(result));
}

/** A template without a payload stands for a resource of the installation. */
async function payloadOf(
  { fetchResource }: SubscriptionTestParts,
  subscription: SealedSubscription,
  { payload, resourceId, eventType }: TestTemplate,
): Promise<unknown> {
  if (Object.keys(payload).length > 0 || resourceId === null || fetchResource === null) return payload;
  const collection = `${eventType.split(/[:.]/, 1)[0]}s`;
  try {
    return await fetchResource(subscription, { collection, id: resourceId }, new AbortController().signal);
  } catch (cause) {
    const message = `resource_id: ${collection}/${resourceId} can't be had: ${(cause as Error).message}`;
    return fail('invalid_state', { message, cause });
  }
}

function viewReply({ ended, reply, runId, problems }: TestResult): View {
  return {
    status_code: reply?.status ?? null,
    headers: reply?.headers ?? {},
    body: reply === null ? null : bodyOf(reply.body),
    run_id: runId,
    ...(ended.end === 'delivered' && ended.remark !== null ? { remark: ended.remark } : {}),
    ...(problems.length === 0 ? {} : { not_expanded: problems }),
  };
}

function viewFailure(result: TestResult): View {
  const { ended } = result;
  const message = ended.end === 'delivered' ? '' : ended.reason;
  return {
    error: { type: 'bad_gateway', code: 'delivery_failed', message, reference: null, status: 502 },
    ...viewReply(result),
  };
}

/** JSON as such, whatever else as text. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
