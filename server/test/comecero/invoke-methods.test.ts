// The methods of /func/v1/<id>, over real HTTP: what is no call of a function reaches neither tokens nor
// functions.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createComeceroAdapter } from '../../src/dialects/comecero/comecero-adapter.ts';
import { comeceroInvoke } from '../../src/dialects/comecero/invoke.ts';
import { createHttpServer } from '../../src/http/open-http-server.ts';

describe('the address of a function', () => {
  let server: FastifyInstance;
  let origin: string;
  before(async () => {
    const log = pino({ level: 'silent' });
    server = createHttpServer({ log, bodyLimitBytes: 1000 });
    const door = comeceroInvoke({
      tokens: { peek: () => assert.fail('a token was read'), authenticate: () => assert.fail('asked for') },
      invoke: () => assert.fail('a function was called'),
      adapter: createComeceroAdapter(Date.now),
      accept: () => assert.fail('a run was accepted'),
      log,
      publicUrl: 'http://localhost',
      bodyLimitBytes: 1000,
      payloadLimitOf: () => null,
      requireRoom: () => {},
    });
    await server.register(door, { prefix: '/func/v1' });
    origin = await server.listen({ port: 0, host: '127.0.0.1' });
  });
  after(() => server.close());

  for (const [method, status] of [
    ['HEAD', 405],
    ['PROPFIND', 405],
    ['OPTIONS', 204],
  ] as const) {
    test(`answers ${method} with ${status} and the methods that call it`, async () => {
      const answer = await fetch(`${origin}/func/v1/abc?token=x`, { method });
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get('allow'), 'GET, POST, PUT, PATCH, DELETE, OPTIONS');
      const text = await answer.text();
      assert.equal(text.includes('"status":405'), method === 'PROPFIND', text);
    });
  }
});
