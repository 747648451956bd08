import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixtureOfRun } from './fixture-of-run.ts';

const source = { id: null, name: null };

test('a request keeps its method, query, body and headers, those of one name joined', () => {
  const request = {
    ...{ method: 'POST', path: '/fn/1', query: 'a=1', body: '{}', isBase64: false, ip: '::1' },
    ...{ rawHeaders: ['X-A', '1', 'X-A', '2', 'Host', 'h'], httpVersion: '1.1', receivedAtMs: 0 },
  };
  assert.deepEqual(fixtureOfRun({ trigger: 'function_url', source, request }), {
    trigger: 'function_url',
    input: {
      ...{ method: 'POST', path: '/fn/1', query: 'a=1', body: '{}', base64: false },
      headers: { 'X-A': '1, 2', Host: 'h' },
    },
  });
});

test('an event keeps its type, id, item and data, and everything else its data', () => {
  const event = { type: 'sale.created', id: 'e1', itemId: '7', data: { total: 20 }, notations: [] };
  assert.deepEqual(fixtureOfRun({ trigger: 'account_event', source, event }), {
    trigger: 'account_event',
    input: { type: 'sale.created', id: 'e1', item_id: '7', data: { total: 20 } },
  });
  assert.deepEqual(fixtureOfRun({ trigger: 'schedule', source, data: [1] }), {
    trigger: 'schedule',
    input: [1],
  });
});
