import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyResponse } from './proxy-response.ts';

const of = (result: unknown): ReturnType<typeof proxyResponse> =>
  proxyResponse(Buffer.from(JSON.stringify(result)));
const responseOf = (
  result: unknown,
): Extract<ReturnType<typeof proxyResponse>, { response: unknown }>['response'] => {
  const outcome = of(result);
  if (!('response' in outcome)) throw new Error(outcome.mistake);
  return outcome.response;
};

test('the page’s own response is passed through', () => {
  const response = responseOf({
    statusCode: 201,
    body: '{ "this":"is my payload" }',
    headers: { 'Content-Type': 'text/x-mine' },
  });
  assert.deepEqual(response, {
    status: 201,
    headers: { 'content-type': 'text/x-mine' },
    body: '{ "this":"is my payload" }',
  });
});

test('a response without a type is JSON, without a body empty', () => {
  for (const body of [null, undefined]) {
    assert.deepEqual(responseOf({ statusCode: '204', body }), {
      status: 204,
      headers: { 'content-type': 'application/json' },
      body: '',
    });
  }
});

test('numbers and booleans are header values, multi-value headers win', () => {
  const response = responseOf({
    statusCode: 200,
    headers: { 'X-Number': 7, 'X-Yes': true, 'Set-Cookie': 'lost=1' },
    multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'], 'X-One': ['1'] },
  });
  assert.deepEqual(response.headers, {
    'content-type': 'application/json',
    'x-number': '7',
    'x-yes': 'true',
    'set-cookie': ['a=1', 'b=2'],
    'x-one': '1',
  });
});

test('a null is no header, cookies whose names differ in case add up, of other headers the last counts', () => {
  const response = responseOf({
    statusCode: 200,
    headers: {
      ...{ 'Content-Type': null, 'X-None': null, 'X-A': 'first', 'x-a': 'last' },
      ...{ 'set-cookie': 'a=1', 'Set-cookie': 'b=2', 'sEt-cookie': 'c=3' },
    },
    multiValueHeaders: { 'X-None': null, 'x-some': [null, 'one'] },
  });
  assert.deepEqual(response.headers, {
    'content-type': 'application/json',
    'x-a': 'last',
    'set-cookie': ['a=1', 'b=2', 'c=3'],
    'x-some': 'one',
  });
});

test('base64 bodies are sent as bytes', () => {
  assert.deepEqual(
    responseOf({ statusCode: 200, body: '//4=', isBase64Encoded: true }).body,
    Buffer.from([255, 254]),
  );
});

test('headers of the connection are ours', () => {
  const response = responseOf({
    statusCode: 200,
    headers: { 'Content-Length': 3, 'Transfer-Encoding': 'chunked' },
  });
  assert.deepEqual(response.headers, { 'content-type': 'application/json' });
});

const malformed: [string, unknown][] = [
  ['null', null],
  ['a string', 'OK'],
  ['an array', []],
  ['no statusCode', { body: 'x' }],
  ['statusCode 99', { statusCode: 99 }],
  ['statusCode 100', { statusCode: 100 }],
  ['statusCode 200.5', { statusCode: 200.5 }],
  ['an object body', { statusCode: 200, body: { a: 1 } }],
  ['a number body', { statusCode: 200, body: 5 }],
  ['headers that are a list', { statusCode: 200, headers: [] }],
  ['a header that is an object', { statusCode: 200, headers: { a: {} } }],
  ['a multi-value header that is a string', { statusCode: 200, multiValueHeaders: { a: 'b' } }],
  ['a header that splits the response', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
  ['a header name with a blank', { statusCode: 200, headers: { 'a b': 'c' } }],
];
for (const [name, result] of malformed) {
  test(`a result with ${name} is a mistake, told in a sentence`, () => {
    const outcome = of(result);
    assert.ok('mistake' in outcome && outcome.mistake.length > 10);
  });
}
