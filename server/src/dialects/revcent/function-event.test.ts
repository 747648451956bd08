import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunnableFunction } from '../../functions/function.ts';
import type { RunInput } from '../../runs/run-input.ts';
import { functionEvent } from './function-event.ts';

const FN = { id: 'Wm4noL2AEji2PolWo6qK', name: 'Event Function', dependencies: { lodash: '4.17.21' } };
const FACTS = {
  runId: '0190b5b0-0000-7000-8000-000000000001',
  fn: FN as unknown as RunnableFunction,
  attempt: 1,
};

function madeOf(input: RunInput): { event: Record<string, unknown>; context: Record<string, unknown> } {
  return JSON.parse(functionEvent(input, FACTS));
}

const REQUEST = {
  ...{
    method: 'POST',
    path: '/fn/x',
    query: 'a=1&b=2&b=3',
    body: '{"test":1}',
    isBase64: false,
    ip: '1.2.3.4',
  },
  ...{ rawHeaders: ['Content-Type', 'application/json', 'X-A', '1', 'x-a', '2'] },
  ...{ httpVersion: '1.1', receivedAtMs: 1 },
};

describe('the documents of a function body', () => {
  test('are those of the page for an account event', () => {
    const { event, context } = madeOf({
      trigger: 'account_event',
      source: { id: null, name: null },
      notation: 'sale.created.success',
      event: {
        ...{
          id: 'vE0Wk9omQPHRo5RMRXvK',
          type: 'sale.created.success',
          campaign: null,
          shop: null,
          related: {},
        },
        ...{
          notations: ['sale.created.success', 'sale.created'],
          itemType: 'sale',
          itemId: 'nbO1jv0On1ukzvdg1lNz',
        },
        ...{ date: '2022-05-26T17:28:28.598Z', data: { amount_gross: 5 } },
      },
    });
    assert.deepEqual(event, {
      data: {
        event_date: '2022-05-26T17:28:28.598Z',
        event_id: 'vE0Wk9omQPHRo5RMRXvK',
        event_notations: ['sale.created.success', 'sale.created'],
        event_trigger: 'sale.created.success',
        ...{ item_type: 'sale', item_id: 'nbO1jv0On1ukzvdg1lNz', item_event: 'created' },
        item_details: { amount_gross: 5 },
      },
    });
    const { id } = context.function_run as { id: string };
    assert.match(id, /^[0-9A-Za-z]{20}$/);
    assert.deepEqual(context, {
      source: { id: 'vE0Wk9omQPHRo5RMRXvK', name: 'Account Event', trigger: 'account_event' },
      function: { id: FN.id, name: FN.name },
      function_run: { id },
      dependencies: { lodash: '4.17.21' },
    });
  });

  test('hold an empty string for a schedule, whose source is the function itself', () => {
    const { event, context } = madeOf({
      trigger: 'schedule',
      source: { id: 'trigger', name: 'x', facts: { cron: '* * * * *' } },
    });
    assert.deepEqual(event, { data: '' });
    assert.deepEqual(context.source, { id: FN.id, name: FN.name, trigger: 'schedule' });
  });

  test('hold the body of a webhook as text, and what the request was', () => {
    const { event, context } = madeOf({
      trigger: 'webhook',
      source: { id: 'p2VEMp6REbvngimR2jvE', name: 'Webhook Function' },
      request: REQUEST,
    });
    assert.deepEqual(event, { data: '{"test":1}' });
    assert.deepEqual(context.source, {
      ...{ id: 'p2VEMp6REbvngimR2jvE', name: 'Webhook Function', trigger: 'webhook' },
      ...{ method: 'POST', content_type: 'application/json' },
      ip_address: '1.2.3.4',
      headers: { 'content-type': 'application/json', 'x-a': '1, 2' },
      url_params: { a: '1', b: ['2', '3'] },
    });
  });

  test('name the function itself as the source of a function URL, and what is no text as such', () => {
    const { event, context } = madeOf({
      trigger: 'function_url',
      source: { id: 'its trigger', name: 'x' },
      request: { ...REQUEST, body: '/w==', isBase64: true },
    });
    assert.deepEqual(event, { data: '/w==' });
    const { id, name, is_base64_encoded: isBase64 } = context.source as Record<string, unknown>;
    assert.deepEqual([id, name, isBase64], [FN.id, FN.name, true]);
  });

  test('name flow, run, node and processes of a flow', () => {
    const facts = { run_id: 'r', node_id: 'n', process_id: 'p', prior_process_id: 'q' };
    const { event, context } = madeOf({
      trigger: 'flow',
      source: { id: 'flow', name: 'New Customer Flow', facts },
      data: { item_type: 'customer', item_id: 'i', item_details: {} },
    });
    assert.deepEqual(event, { data: { item_type: 'customer', item_id: 'i', item_details: {} } });
    assert.deepEqual(context.source, { id: 'flow', name: 'New Customer Flow', trigger: 'flow', ...facts });
  });

  test('show an assistant’s data in all three places that are documented', () => {
    const aiData = { custom_arguments: { customer_card_type: 'VISA' } };
    const { event } = madeOf({
      trigger: 'ai_assistant',
      source: { id: 'a', name: 'My AI Assistant' },
      data: { item_type: 'customer', item_id: 'i', item_details: { city: 'Bern' }, ai_data: aiData },
    });
    assert.deepEqual(event.data, {
      ...{ item_type: 'customer', item_id: 'i', ai_data: aiData, custom_arguments: aiData.custom_arguments },
      item_details: { city: 'Bern', ai_data: aiData },
    });
  });
});
