// What a test run is given: a fitting first text by trigger, or the input of a recorded run in the short form
// that trials take. Pure. Called by the test panel.
import type { Schemas } from '../../../api/millrace.ts';

export const TEST_TRIGGERS = ['api_direct', 'account_event', 'webhook', 'function_url', 'schedule'] as const;
export type TestTrigger = (typeof TEST_TRIGGERS)[number];

const FIRST: Record<TestTrigger, unknown> = {
  api_direct: { name: 'Ann' },
  account_event: { type: 'order.created', item_id: '81', data: { total: 12.5, currency: 'EUR' } },
  webhook: {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/json' },
    body: '{"order": 81}',
  },
  function_url: { method: 'GET', path: '/', query: 'name=Ann' },
  schedule: null,
};

export function firstInput(trigger: TestTrigger): string {
  return JSON.stringify(FIRST[trigger], null, 2);
}

type Recorded = Schemas['RunInput'];
type Request = {
  method: string;
  path: string;
  query: string;
  rawHeaders: string[];
  body: string | null;
  isBase64: boolean;
};
type Event = { type: string; id: string; itemId: string; data: unknown };

/** null: a trigger that trials don't know. */
export function ofRecorded(input: Recorded): { trigger: TestTrigger; text: string } | null {
  const trigger = TEST_TRIGGERS.find((one) => one === input.trigger);
  const request = input.request as Request | undefined;
  if (request !== undefined) {
    return { trigger: trigger ?? 'function_url', text: JSON.stringify(requestOf(request), null, 2) };
  }
  const event = input.event as Event | undefined;
  if (event !== undefined) {
    const { type, id, itemId: item_id, data } = event;
    return { trigger: 'account_event', text: JSON.stringify({ type, id, item_id, data }, null, 2) };
  }
  return { trigger: trigger ?? 'api_direct', text: JSON.stringify(input.data ?? null, null, 2) };
}

function requestOf({ method, path, query, rawHeaders, body, isBase64 }: Request) {
  const headers = Object.fromEntries(
    rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [])),
  );
  return { method, path, query, headers, body, ...(isBase64 ? { base64: true } : {}) };
}
