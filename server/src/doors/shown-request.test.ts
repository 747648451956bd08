import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { newResourceId } from '../ids/ids.ts';
import { makeToken } from '../tokens/token-format.ts';
import { shownJoinedHeaders, shownRequest } from './shown-request.ts';

const TOKEN = makeToken('secret', 'live', newResourceId());
const TEST_TOKEN = makeToken('trusted', 'test', newResourceId());

function shown(url: string, ...rawHeaders: string[]): ReturnType<typeof shownRequest> {
  return shownRequest({ url, raw: { rawHeaders } } as unknown as FastifyRequest);
}

describe('of a request’s head, a function sees', () => {
  test('what was sent, as it was sent', () => {
    const headers = [
      'Host',
      'a.example',
      'Authorization',
      'Bearer own',
      'COOKIE',
      'a=1; b=x.y;c',
      'X-A',
      '',
      'x-a',
      '2',
    ];
    assert.deepEqual(shown('/fn/1?a=%2E&a=b%zz&&c', ...headers), {
      path: '/fn/1',
      query: 'a=%2E&a=b%zz&&c',
      rawHeaders: headers,
    });
  });

  for (const [name, value] of [
    ['Authorization', `Bearer ${TOKEN}`],
    ['authorization', `bearer  ${TEST_TOKEN}`],
    ['Authorization', `Basic ${Buffer.from(`${TOKEN}:`).toString('base64')}`],
    ['Proxy-Authorization', `Basic ${Buffer.from(`user:${TOKEN}`).toString('base64')}`],
    ['X-Forwarded-Authorization', `Bearer ${TOKEN}`],
    ['x-api-key', TOKEN],
    ['X-Anything', ` ${TOKEN} `],
    ['Cookie', `session=${TOKEN}`],
    ['Cookie', `millrace_contact=a.b.c`],
    ['Cookie', `__Host-millrace-session=1; MILLRACE_X=2`],
  ] as const) {
    test(`no ${name}: ${value.slice(0, 24)}…`, () => {
      assert.deepEqual(shown('/', 'Host', 'a', name, value).rawHeaders, ['Host', 'a']);
      assert.deepEqual(shownJoinedHeaders({ host: 'a', [name.toLowerCase()]: value }), { host: 'a' });
    });
  }

  test('the rest of a text that holds a token', () => {
    const referer = `https://a.example/?token=${TOKEN}&b=1`;
    assert.deepEqual(shown('/', 'Referer', referer).rawHeaders, [
      'Referer',
      'https://a.example/?token=****&b=1',
    ]);
    const cookies = `a=1; millrace_session=2; t=${TOKEN}; b=x`;
    assert.deepEqual(shown('/', 'Cookie', cookies).rawHeaders, ['Cookie', 'a=1; b=x']);
  });

  test('no query parameter that holds a token, however it is written', () => {
    for (const written of [
      TOKEN,
      TOKEN.replaceAll('.', '%2E'),
      TOKEN.replaceAll('.', '%2e'),
      `x${TEST_TOKEN}`,
    ]) {
      assert.equal(shown(`/?a=1&hapikey=${written}&b=2`).query, 'a=1&b=2');
      assert.equal(shown(`/?${written}`).query, '');
      assert.equal(shown(`/?a=%zz${written}`).query, '', 'also behind what can not be decoded');
    }
  });
});
