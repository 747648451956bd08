import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequestFacts } from '../../runs/run-input.ts';
import { makeToken } from '../../tokens/token-format.ts';
import { type Admission, proxyEvent } from './proxy-event.ts';

const call = {
  functionId: '0118109048334HfN3oRTa6',
  accountId: 'AA0000',
  mode: 'test',
  runId: '0190b3a0-0000-7000-8000-000000000000',
} as const;
const sent: HttpRequestFacts = {
  method: 'POST',
  path: '/func/v1/0118109048334HfN3oRTa6',
  query: '',
  rawHeaders: ['Host', 'localhost', 'X-My-Header', 'my-custom-value'],
  body: null,
  isBase64: false,
  ip: '198.51.100.7',
  httpVersion: '1.1',
  receivedAtMs: Date.UTC(2026, 3, 9, 12, 34, 56),
};
type Event = {
  headers: Record<string, string>;
  multiValueHeaders: Record<string, string[]>;
  queryStringParameters: Record<string, string>;
  multiValueQueryStringParameters: Record<string, string[]>;
  requestContext: Record<string, unknown>;
  body: string;
  stageVariables: object;
  isBase64Encoded: boolean;
};
const eventOf = (change: Partial<HttpRequestFacts>, admission: Admission = 'token'): Event =>
  JSON.parse(proxyEvent({ ...sent, ...change }, { ...call, admission }));

test('what is absent is null', () => {
  const event = eventOf({});
  assert.equal(event.body, null);
  assert.equal(event.queryStringParameters, null);
  assert.equal(event.multiValueQueryStringParameters, null);
  assert.equal(event.stageVariables, null);
  assert.equal(event.isBase64Encoded, false);
});

test('headers keep their spelling, the last value wins, all values are in multiValueHeaders', () => {
  const event = eventOf({ rawHeaders: ['X-My-Header', 'a', 'x-my-header', 'b', 'Accept', '*/*'] });
  assert.deepEqual(event.headers, {
    'X-My-Header': 'b',
    Accept: '*/*',
    'X-Account-Id': 'AA0000',
    'X-Test': 'true',
    'X-Hosted-Function-Id': '0118109048334HfN3oRTa6',
  });
  assert.deepEqual(event.multiValueHeaders['X-My-Header'], ['a', 'b']);
});

test('a caller can not forge the three headers', () => {
  const event = eventOf({ rawHeaders: ['x-account-id', 'ZZ9999', 'X-TEST', 'false'] });
  assert.deepEqual(event.headers, {
    'X-Account-Id': 'AA0000',
    'X-Test': 'true',
    'X-Hosted-Function-Id': '0118109048334HfN3oRTa6',
  });
});

test('the token is stripped from header and query, a Basic header of the function stays', () => {
  const bearer = eventOf({ rawHeaders: ['authorization', 'bearer secret.test.x'], query: 'token=abc' });
  assert.ok(!JSON.stringify(bearer).includes('secret.test.x'));
  assert.equal(bearer.queryStringParameters, null);
  const basic = eventOf({ rawHeaders: ['Authorization', 'Basic eDp5'], query: 'a=1&token=abc' });
  assert.equal(basic.headers.Authorization, 'Basic eDp5');
  assert.deepEqual(basic.queryStringParameters, { a: '1' });
});

test('where the address lets callers in, their own tokens reach the function, and only a token of ours does not', () => {
  const own = { rawHeaders: ['Authorization', 'Bearer sender-secret'], query: 'token=abc' };
  const event = eventOf(own, 'address');
  assert.equal(event.headers.Authorization, 'Bearer sender-secret');
  assert.deepEqual(event.queryStringParameters, { token: 'abc' });
  const ours = makeToken('secret', 'test', 'i'.repeat(22));
  const strayed = { rawHeaders: ['authorization', `bearer  ${ours}`], query: `token=${ours}` };
  assert.ok(!JSON.stringify(eventOf(strayed, 'address')).includes(ours));
});

test('query values are decoded once', () => {
  const event = eventOf({ query: 'this=that&more=a%2520b&more=c+d&empty=' });
  assert.deepEqual(event.queryStringParameters, { this: 'that', more: 'c d', empty: '' });
  assert.deepEqual(event.multiValueQueryStringParameters, {
    this: ['that'],
    more: ['a%20b', 'c d'],
    empty: [''],
  });
});

test('text stays text, bytes and binary types are base64', () => {
  const text = eventOf({ body: '{"a":"ü"}' });
  assert.equal(text.body, '{"a":"ü"}');
  const bytes = eventOf({ body: '//4=', isBase64: true });
  assert.deepEqual([bytes.body, bytes.isBase64Encoded], ['//4=', true]);
  const png = eventOf({ body: 'abc', rawHeaders: ['content-type', 'image/png'] });
  assert.deepEqual([png.body, png.isBase64Encoded], ['YWJj', true]);
  const edited = eventOf({ body: 'YWJj', isBase64: true });
  assert.deepEqual([edited.body, edited.isBase64Encoded], ['abc', false]);
});

test('names like __proto__ are plain names', () => {
  const event = eventOf({ query: '__proto__=1', rawHeaders: ['__proto__', 'x'] });
  assert.ok(Object.hasOwn(event.queryStringParameters, '__proto__'));
  assert.ok(Object.hasOwn(event.headers, '__proto__'));
});

test('the request context tells time as API Gateway does', () => {
  const { requestTime, stage } = eventOf({}).requestContext;
  assert.equal(requestTime, '09/Apr/2026:12:34:56 +0000');
  assert.equal(stage, 'test');
});
