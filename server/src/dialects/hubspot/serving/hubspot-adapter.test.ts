import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunnableFunction } from '../../../functions/function.ts';
import type { ResultReader } from '../../../runs/run-adapter.ts';
import type { RunInput } from '../../../runs/run-input.ts';
import { createHubspotAdapter } from './hubspot-adapter.ts';

const adapter = createHubspotAdapter({
  facts: { find: () => ({ portalId: 1001, secretNames: ['KEY'], folder: 'a.functions' }) },
  limits: { timeRemaining: 600_000, executionsRemaining: 60 },
});
const fn = {
  id: 'f',
  accountId: 'a',
  variables: { KEY: 's3cret', STAGE: 'live' },
} as unknown as RunnableFunction;
const contextOf = (input: RunInput) =>
  JSON.parse(adapter.eventOf(input, { runId: 'r', fn, attempt: 2 })) as Record<string, unknown>;
const source = { id: 's', name: 'nightly' };

describe('a run that no site asked for', () => {
  test('gets what happened as its body, and its secrets', () => {
    const context = contextOf({ trigger: 'schedule', source, data: { at: 'night' } });
    assert.deepEqual(
      [context.accountId, context.body, context.secrets, context.contact],
      [1001, { at: 'night' }, { KEY: 's3cret' }, null],
    );
    assert.deepEqual(context.trigger, {
      kind: 'schedule',
      ...source,
      notation: null,
      runId: 'r',
      attempt: 2,
    });
  });

  test('gets the call that it repeats as it was', () => {
    const request = {
      method: 'POST',
      path: '/_hcms/api/events/form',
      query: 'a=1',
      rawHeaders: ['Content-Type', 'application/x-www-form-urlencoded', 'X-Mine', 'a', 'x-mine', 'b'],
      body: 'b=2',
      isBase64: false,
      ip: '198.51.100.7',
      httpVersion: '1.1',
      receivedAtMs: 0,
    };
    const context = contextOf({ trigger: 'http', source: { id: null, name: null }, request });
    assert.deepEqual(
      [context.endpoint, context.params, context.body],
      ['events/form?a=1', { a: ['1'], b: ['2'] }, { b: '2' }],
    );
    const headers = context.headers as Record<string, string>;
    assert.deepEqual([headers['x-mine'], headers['true-client-ip']], ['a, b', '198.51.100.7']);
  });

  const faultOf = (result: unknown, reader: ResultReader) =>
    adapter.read(
      { end: 'returned', result: Buffer.from(JSON.stringify(result)) },
      { runId: 'r', trigger: 'schedule', reader },
    ).fault;
  const response = { headers: {}, multiValueHeaders: {}, body: '', bodyType: 'none', isBase64: false };

  test('has failed by a response that says so, where nobody looks at it', () => {
    assert.equal(faultOf({ ...response, statusCode: 200 }, 'nobody'), null);
    assert.equal(faultOf(null, 'nobody'), null);
    assert.match(faultOf({ ...response, statusCode: 500 }, 'nobody')?.message ?? '', /status 500/);
    assert.equal(faultOf({ ...response, statusCode: 500 }, 'noun'), null);
  });
});
