// A known address with another method, and an unknown address, over real HTTP: plain scopes, nested ones and
// the root.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { pino } from 'pino';
import { answerFailures } from '../../src/http/answer-failures.ts';
import { answerHealth } from '../../src/http/answer-health.ts';
import { watchAddresses } from '../../src/http/known-addresses.ts';
import { createHttpServer } from '../../src/http/open-http-server.ts';
import { takeJson } from '../../src/http/take-json.ts';

type Answer = { status: number; allow: string | undefined; body: string };

describe('an address', () => {
  let server: FastifyInstance;
  let origin: string;

  before(async () => {
    const log = pino({ level: 'silent' });
    server = createHttpServer({ log, bodyLimitBytes: 1000 });
    answerHealth(server, new AbortController().signal);
    const vendor: FastifyPluginAsync = async (scope) => {
      answerFailures(scope, log, ({ kind, code }) => ({
        status: kind.status,
        headers: {},
        body: { vendor: code },
      }));
      takeJson(scope);
      const addresses = watchAddresses(scope);
      scope.get('/things/:id', async () => ({}));
      scope.delete('/things/:id', async () => ({}));
      scope.post('/things/special', async () => ({}));
      addresses.refuseOtherMethods();
    };
    await server.register(vendor, { prefix: '/vendor' });
    origin = await server.listen({ port: 0, host: '127.0.0.1' });
  });
  after(() => server.close());

  function ask(method: string, path: string, body = ''): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = body === '' ? {} : { 'content-type': 'text/odd' };
      const sent = request(`${origin}${path}`, { method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, allow: response.headers.allow, body: text }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  for (const method of ['POST', 'PUT', 'PATCH', 'PROPFIND', 'TRACE', 'QUERY', 'M-SEARCH']) {
    test(`that is known is 405 for ${method}, with what it takes instead, in the envelope of its scope`, async () => {
      const answer = await ask(method, '/vendor/things/7', method === 'PUT' ? 'body' : '');
      assert.deepEqual([answer.status, answer.allow], [405, 'GET, HEAD, DELETE, OPTIONS']);
      assert.equal(answer.body, '{"vendor":"method_not_allowed"}');
      const health = await ask(method, '/healthz');
      assert.deepEqual([health.status, health.allow], [405, 'GET, HEAD, OPTIONS']);
      assert.match(health.body, /"code":"method_not_allowed"/);
    });
  }

  test('that is known takes HEAD where it takes GET, and OPTIONS always', async () => {
    assert.deepEqual((await ask('HEAD', '/healthz')).status, 200);
    for (const path of ['/healthz', '/vendor/things/7', '/vendor/things/special']) {
      const { status, allow, body } = await ask('OPTIONS', path);
      assert.deepEqual([status, body], [204, ''], path);
      assert.match(allow ?? '', /OPTIONS/);
    }
  });

  test('that has a word in the place of an id has its own methods', async () => {
    const answer = await ask('GET', '/vendor/things/special');
    assert.deepEqual([answer.status, answer.allow], [405, 'POST, OPTIONS']);
  });

  test('that is unknown is 404 for every method', async () => {
    for (const method of ['GET', 'OPTIONS', 'PROPFIND', 'DELETE']) {
      const answer = await ask(method, '/vendor/nothing');
      assert.deepEqual([answer.status, answer.body], [404, '{"vendor":"not_found"}'], method);
      assert.equal((await ask(method, '/nothing')).status, 404);
    }
  });

  test('takes an empty body of any type, and refuses another type only for what is there', async () => {
    const post = (body: string, headers: Record<string, string>) =>
      fetch(`${origin}/vendor/things/special`, { method: 'POST', body, headers });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal((await post('', form)).status, 200);
    assert.equal((await post('a=b', form)).status, 415);
    const chunked = (chunks: string[]) =>
      fetch(`${origin}/vendor/things/special`, {
        method: 'POST',
        headers: form,
        body: ReadableStream.from(chunks.map((chunk) => Buffer.from(chunk))),
        duplex: 'half',
      } as RequestInit);
    assert.equal((await chunked([])).status, 200);
    assert.equal((await chunked(['a', '=b'])).status, 415);
  });
});
