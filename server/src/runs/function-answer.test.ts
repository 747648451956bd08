import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Outcome } from '../sandbox/outcome.ts';
import { functionAnswer } from './function-answer.ts';

const returned = (json: string): Outcome => ({ end: 'returned', result: Buffer.from(json) });
const JSON_TYPE = { 'content-type': 'application/json' };

describe('a function URL answers', () => {
  for (const [json, status, headers, body] of [
    ['"hello"', 200, { 'content-type': 'text/plain; charset=utf-8' }, 'hello'],
    ['""', 200, { 'content-type': 'text/plain; charset=utf-8' }, ''],
    ['null', 204, {}, ''],
    ['', 204, {}, ''],
    ['{"a":1}', 200, JSON_TYPE, '{"a":1}'],
    ['[1,2]', 200, JSON_TYPE, '[1,2]'],
    ['7', 200, JSON_TYPE, '7'],
    ['false', 200, JSON_TYPE, 'false'],
    ['{"statusCode":302,"headers":{"Location":"/x"}}', 302, { location: '/x' }, ''],
    [
      '{"statusCode":200,"headers":{"Set-Cookie":["a=1","b=2"]},"body":"x"}',
      200,
      { 'set-cookie': ['a=1', 'b=2'] },
      'x',
    ],
    ['{"statusCode":201,"body":{"a":1}}', 201, JSON_TYPE, '{"a":1}'],
    ['{"statusCode":200,"body":"aGk=","isBase64Encoded":true}', 200, {}, 'hi'],
    ['{"statusCode":200,"headers":{"Content-Length":"9","Connection":"x"},"body":"x"}', 200, {}, 'x'],
    // Objects that only look like a response are objects.
    [
      '{"statusCode":200,"body":"x","request":{}}',
      200,
      JSON_TYPE,
      '{"statusCode":200,"body":"x","request":{}}',
    ],
    ['{"statusCode":99}', 200, JSON_TYPE, '{"statusCode":99}'],
    ['{"statusCode":"declined"}', 200, JSON_TYPE, '{"statusCode":"declined"}'],
    [
      '{"statusCode":200,"headers":{"a\\nb":"x"}}',
      200,
      JSON_TYPE,
      '{"statusCode":200,"headers":{"a\\nb":"x"}}',
    ],
    [
      '{"statusCode":200,"headers":{"a":"x\\r\\nb: c"}}',
      200,
      JSON_TYPE,
      '{"statusCode":200,"headers":{"a":"x\\r\\nb: c"}}',
    ],
  ] as const) {
    test(`${json === '' ? 'nothing' : json} with ${status}`, () => {
      const answer = functionAnswer(returned(json), 'r1');
      assert.equal(answer.status, status);
      assert.deepEqual(answer.headers, headers);
      assert.equal(answer.body.toString(), body);
    });
  }

  for (const [end, status, code] of [
    ['threw', 502, 'function_failed'],
    ['crashed', 502, 'function_failed'],
    ['out_of_memory', 502, 'function_failed'],
    ['too_large', 502, 'function_failed'],
    ['platform_fault', 502, 'function_failed'],
    ['timed_out', 504, 'function_timed_out'],
  ] as const) {
    test(`${end} with ${status}, the run's id, and none of the error's words`, () => {
      const error = { type: 'Error', message: 'secret', stack: 'at secret.js:1' };
      const { status: given, body } = functionAnswer({ end, error }, 'r1');
      const parsed = JSON.parse(body.toString()) as { error: { code: string; run_id: string } };
      assert.deepEqual([given, parsed.error.code, parsed.error.run_id], [status, code, 'r1']);
      assert.ok(!body.toString().includes('secret'));
    });
  }
});
