import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunnableFunction } from '../../functions/function.ts';
import type { ResultReader } from '../../runs/run-adapter.ts';
import type { AccountEvent, RunInput, TriggerKind } from '../../runs/run-input.ts';
import type { Outcome } from '../../sandbox/outcome.ts';
import { createComeceroAdapter } from './comecero-adapter.ts';

const adapter = createComeceroAdapter(() => Date.UTC(2026, 10, 17));
const FN = { id: '0118109048334HfN3oRTa6', accountId: 'AA0001', mode: 'live' } as RunnableFunction;
const SOURCE = { id: null, name: null };

type ProxyEvent = { httpMethod: string; path: string; body: string | null; headers: Record<string, string> };

function eventOf(input: RunInput): ProxyEvent {
  return JSON.parse(adapter.eventOf(input, { runId: 'r', fn: FN, attempt: 1 })) as ProxyEvent;
}

describe('the event of an input', () => {
  test('is the proxy event of the request, where there was one', () => {
    const request = {
      ...{ method: 'PUT', path: '/func/v1/x', query: 'a=1', rawHeaders: ['X-Mine', 'yes'] },
      ...{ body: 'AP8B', isBase64: true, ip: '198.51.100.7', httpVersion: '1.1', receivedAtMs: 0 },
    };
    const event = eventOf({ trigger: 'http', source: SOURCE, request });
    assert.deepEqual([event.httpMethod, event.body, event.headers['X-Mine']], ['PUT', 'AP8B', 'yes']);
  });

  test('posts the event resource of an account event', () => {
    const event: AccountEvent = {
      ...{
        id: 'e1',
        type: 'order:created',
        notations: [],
        itemType: 'order',
        itemId: '7',
        campaign: null,
        shop: null,
      },
      ...{ date: '2026-11-17T00:00:00.000Z', data: { order_id: '7' }, related: {} },
    };
    const told = eventOf({ trigger: 'account_event', source: SOURCE, event });
    assert.equal(told.httpMethod, 'POST');
    assert.equal(told.headers['Content-Type'], 'application/json');
    assert.deepEqual(JSON.parse(told.body ?? ''), {
      ...{ event_id: 'e1', type: 'order:created', date_created: event.date, data: { order_id: '7' } },
    });
  });

  test('posts the data of every other trigger', () => {
    const data = { scheduled_at: '2026-11-17T00:00:00.000Z' };
    assert.equal(eventOf({ trigger: 'schedule', source: SOURCE, data }).body, JSON.stringify(data));
    assert.equal(eventOf({ trigger: 'api_direct', source: SOURCE }).body, 'null');
  });
});

const returned = (result: unknown): Outcome => ({
  end: 'returned',
  result: Buffer.from(JSON.stringify(result)),
});

describe('a result that nobody reads', () => {
  const faultOf = (trigger: TriggerKind, result: unknown, reader: ResultReader = 'nobody'): string | null =>
    adapter.read(returned(result), { runId: 'r', trigger, reader }).fault?.type ?? null;

  test('is fine whatever it is, unless it is a status of 400 or more', () => {
    for (const result of [
      null,
      1,
      'x',
      [],
      {},
      { statusCode: 204 },
      { statusCode: 'x' },
      { body: 'statusCode' },
    ]) {
      assert.equal(faultOf('account_event', result), null);
    }
    for (const statusCode of [400, 500, '503']) {
      assert.equal(faultOf('account_event', { statusCode }), 'Function.ErrorResponse');
    }
  });

  test('must be a response where the trigger is a call', () => {
    assert.equal(faultOf('http', null), 'Function.MalformedResponse');
    assert.equal(faultOf('function_url', { statusCode: 200, body: {} }), 'Function.MalformedResponse');
    assert.equal(faultOf('http', { statusCode: 200 }), null);
  });

  test('of a status is no fault to somebody who waits for it', () => {
    assert.equal(faultOf('api_direct', { statusCode: 404 }, 'noun'), null);
  });
});

describe('a result that a caller over HTTP waits for', () => {
  const read = (trigger: TriggerKind, outcome: Outcome) =>
    adapter.read(outcome, { runId: 'r', trigger, reader: 'http_caller' });
  const threw = { end: 'threw', error: { type: 'Error', message: 'secret', stack: '' } } as const;

  test('is the answer', () => {
    for (const trigger of ['http', 'function_url'] as const) {
      const { fault, answer } = read(trigger, returned({ statusCode: 201, body: 'made' }));
      assert.deepEqual([fault, answer?.status, answer?.body], [null, 201, 'made']);
    }
  });

  test('of another shape, or none, is 502 at the function’s own address and left to the platform at a function URL', () => {
    const { fault, answer } = read('http', returned({ statusCode: 'x' }));
    assert.deepEqual([fault?.type, answer?.status], ['Function.MalformedResponse', 502]);
    assert.deepEqual([read('http', threw).fault, read('http', threw).answer?.status], [null, 502]);
    assert.equal(read('function_url', returned(1)).fault?.type, 'Function.MalformedResponse');
    assert.deepEqual(read('function_url', threw), { fault: null, answer: null });
  });
});
