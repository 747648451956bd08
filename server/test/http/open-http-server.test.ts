import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { pino } from 'pino';
import { answerFailures } from '../../src/http/answer-failures.ts';
import { createHttpServer, type HttpServerOptions } from '../../src/http/open-http-server.ts';

describe('HTTP server', () => {
  let server: FastifyInstance;
  afterEach(() => server.close());

  async function open(options: Partial<HttpServerOptions> = {}): Promise<string> {
    server = createHttpServer({ log: pino({ level: 'silent' }), bodyLimitBytes: 1000, ...options });
    server.get('/ip', async (request) => ({ ip: request.ip, host: request.host }));
    server.post('/takes', async ({ body }) => ({ body }));
    server.get('/defect', async () => {
      throw new Error('inner secret');
    });
    return await server.listen({ port: 0, host: '127.0.0.1' });
  }

  /** Sends bytes and waits until the server has closed the connection. */
  function exchange(origin: string, bytes: string): Promise<string> {
    const { hostname, port } = new URL(origin);
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        text += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
    });
  }

  test('an unknown address is answered with 404 in JSON', async () => {
    const answer = await fetch(`${await open()}/nowhere`);
    const body = (await answer.json()) as { error: { code: string; reference: string } };
    assert.deepEqual([answer.status, body.error.code], [404, 'not_found']);
    assert.match(body.error.reference, /^[0-9A-Za-z]{7}$/);
  });

  test('an unknown address is answered before its body is there', async () => {
    const origin = await open({ requestTimeoutMs: 60_000 });
    const head = 'POST /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    assert.match(await exchange(origin, head), /^HTTP\/1\.1 404 /);
    const continued = head.replace('Length: 0', 'Length: 9\r\nExpect: 100-continue');
    assert.match(await exchange(origin, continued), /^HTTP\/1\.1 404 /);
  });

  test('a defect is answered with 500 and none of its words', async () => {
    const answer = await fetch(`${await open()}/defect`);
    const text = await answer.text();
    assert.equal(answer.status, 500);
    assert.equal(text.includes('inner secret'), false);
  });

  test("a proxy header doesn't change who calls", async () => {
    const answer = await fetch(`${await open()}/ip`, {
      headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example' },
    });
    const { ip, host } = (await answer.json()) as { ip: string; host: string };
    assert.equal(ip, '127.0.0.1');
    assert.notEqual(host, 'evil.example');
  });

  test('headers over the limit are refused with 431', async () => {
    const origin = await open({ maxHeaderBytes: 2048 });
    const text = await exchange(origin, `GET /ip HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(4000)}\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 431 /);
  });

  test('a head that does not end is cut off with 408', async () => {
    const origin = await open({ headersTimeoutMs: 100 });
    const text = await exchange(origin, 'GET /ip HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    assert.match(text, /^HTTP\/1\.1 408 /);
  });

  test('a body that does not end is cut off with 408', async () => {
    const origin = await open({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
    const head =
      'POST /takes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{';
    assert.match(await exchange(origin, head), /^HTTP\/1\.1 408 /);
  });

  /** The parsed body of a raw answer. */
  const bodyOf = (text: string): { error: Record<string, unknown> } =>
    JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as { error: Record<string, unknown> };

  for (const [what, bytes, status, code] of [
    ['without a Host header', 'GET /ip HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'invalid_input'],
    [
      'with an unknown Expect',
      'GET /ip HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nConnection: close\r\n\r\n',
      400,
      'invalid_input',
    ],
    ['to be a proxy', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'method_not_allowed'],
    ['that is none', 'nonsense\r\n\r\n', 400, 'invalid_input'],
  ] as const) {
    test(`a request ${what} is refused in the envelope`, async () => {
      const text = await exchange(await open(), bytes);
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
      const { error } = bodyOf(text);
      assert.equal(error.code, code);
      assert.equal(typeof error.message, 'string');
      assert.match(String(error.reference), /^[0-9A-Za-z]{7}$/);
    });
  }

  test('a request that expects 100-continue, or speaks HTTP/1.0 without a Host, is served', async () => {
    const origin = await open();
    const expecting = 'GET /ip HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nConnection: close\r\n\r\n';
    assert.match(await exchange(origin, expecting), /HTTP\/1\.1 200 /);
    assert.match(await exchange(origin, 'GET /ip HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /);
  });

  test('the envelope of a refused head is that of the address', async () => {
    const log = pino({ level: 'silent' });
    server = createHttpServer({ log, bodyLimitBytes: 1000 });
    const vendor: FastifyPluginAsync = async (scope) => {
      answerFailures(scope, log, () => ({ status: 400, headers: {}, body: 'theirs' }));
      scope.get('/ip', async () => ({}));
    };
    await server.register(vendor, { prefix: '/vendor' });
    const origin = await server.listen({ port: 0, host: '127.0.0.1' });
    const text = await exchange(origin, 'GET /vendor/ip HTTP/1.1\r\nConnection: close\r\n\r\n');
    assert.match(text, /theirs$/);
  });
});
