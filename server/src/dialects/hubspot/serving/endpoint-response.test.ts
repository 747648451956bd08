import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HttpAnswer } from '../../../http/http-answer.ts';
import { endpointResponse } from './endpoint-response.ts';

const usual = {
  statusCode: 200,
  headers: {},
  multiValueHeaders: {},
  body: '',
  bodyType: 'none',
  isBase64: false,
};
const read = (change: Record<string, unknown>) =>
  endpointResponse(Buffer.from(JSON.stringify({ ...usual, ...change })));

function responseOf(change: Record<string, unknown>): HttpAnswer {
  const outcome = read(change);
  if ('mistake' in outcome) return assert.fail(outcome.mistake);
  return { ...outcome.response, headers: { ...outcome.response.headers } };
}

describe('the response of an endpoint', () => {
  for (const [name, change, type, body] of [
    ['a text is a page', { body: '<p>ü', bodyType: 'text' }, 'text/html; charset=utf-8', '<p>ü'],
    [
      'an object is JSON',
      { body: '{"a":1}', bodyType: 'json' },
      'application/json; charset=utf-8',
      '{"a":1}',
    ],
    [
      'bytes are bytes',
      { body: '//4=', bodyType: 'bytes', isBase64: true },
      'application/octet-stream',
      Buffer.from([255, 254]),
    ],
    [
      'base64 text is bytes',
      { body: '//4=', bodyType: 'text', isBase64: true },
      'application/octet-stream',
      Buffer.from([255, 254]),
    ],
    ['nothing has no type', {}, undefined, ''],
  ] as const) {
    test(name, () => {
      const response = responseOf(change);
      assert.deepEqual([response.headers['content-type'], response.body], [type, body]);
    });
  }

  test('keeps the type that the function gives it, and says of a text that it is UTF-8', () => {
    const typed = (type: string) =>
      responseOf({ bodyType: 'text', body: 'x', headers: { 'content-type': type } });
    assert.equal(typed('text/plain').headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(typed('text/plain; charset=latin1').headers['content-type'], 'text/plain; charset=latin1');
    assert.equal(typed('application/xml').headers['content-type'], 'application/xml');
  });

  test('keeps several cookies apart and drops the headers of the connection', () => {
    const { headers } = responseOf({
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
      headers: { connection: 'close', 'content-length': '7', 'transfer-encoding': 'chunked' },
    });
    assert.deepEqual(headers, { 'set-cookie': ['a=1', 'b=2'] });
  });

  test('sends an address with other letters so that every browser reads it', () => {
    assert.equal(
      responseOf({ headers: { location: '/grüße?a=ü%20' } }).headers.location,
      '/gr%C3%BC%C3%9Fe?a=%C3%BC%20',
    );
  });

  for (const [name, change] of [
    ['a status of 99', { statusCode: 99 }],
    ['a status of 200.5', { statusCode: 200.5 }],
    ['a body that is no text', { body: { a: 1 } }],
    ['a body of unknown kind', { bodyType: 'stream' }],
    ['a header that splits the response', { headers: { a: 'b\r\nSet-Cookie: c=d' } }],
    ['an address that splits the response', { headers: { location: '/ü\r\nSet-Cookie: c=d' } }],
    ['a header name with a blank', { headers: { 'a b': 'c' } }],
    ['headers that are a list', { headers: [] }],
  ] as const) {
    test(`with ${name} is a mistake, told in a sentence`, () => {
      const outcome = read(change);
      assert.ok('mistake' in outcome && outcome.mistake.length > 10);
    });
  }
});
