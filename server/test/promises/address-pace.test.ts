// Requests of one address are bounded before anything is done for them; other addresses, and who asks whether
// the server is there, don't notice. Through the public port, behind a proxy that is trusted.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const PER_SECOND = 3;
const CONSOLE = 'console.localhost';

/** `fetch` sets the header Host itself. */
function statusAt(at: http.RequestOptions, host: string, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'x-forwarded-for': address };
    const asked = http.get({ ...at, headers, agent: false }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.once('error', reject);
  });
}

describe('an address that sends too much', { skip: noJails() }, () => {
  let millrace: Millrace;
  before(async () => {
    millrace = await startMillrace({
      env: {
        ...{ MILLRACE_REQUESTS_PER_ADDRESS: String(PER_SECOND), MILLRACE_TRUSTED_PROXIES: '127.0.0.1,::1' },
        MILLRACE_CONSOLE_URL: `http://${CONSOLE}:8080`,
      },
    });
  });
  after(() => millrace?.close());

  const ask = (path: string, address: string): Promise<Response> =>
    fetch(`${millrace.url}${path}`, {
      headers: { 'x-forwarded-for': address, authorization: `Bearer ${millrace.token}` },
    });

  test('is answered 429, with or without a good token, and others are served', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const answer = await ask(at % 2 === 0 ? '/millrace/v1/runs' : '/func/v1/x', '198.51.100.7');
        return [answer.status, answer.headers.get('retry-after')] as const;
      }),
    );
    const refused = statuses.filter(([status]) => status === 429);
    // Twice the second's share at once, and what came in while a busy machine took its time.
    assert.ok(refused.length > 0 && refused.length <= 60 - 2 * PER_SECOND, `${refused.length} were refused`);
    for (const [, retryAfter] of refused) assert.match(retryAfter ?? '', /^[1-9][0-9]*$/);
    assert.equal((await ask('/millrace/v1/runs', '198.51.100.8')).status, 200);
  });

  test('is one however it chooses among the addresses of its IPv6 network', async () => {
    const statuses = await Promise.all(
      Array.from(
        { length: 60 },
        async (_, at) => (await ask('/millrace/v1/runs', `2001:db8::${at.toString(16)}`)).status,
      ),
    );
    assert.ok(statuses.includes(429));
    assert.equal((await ask('/millrace/v1/runs', '2001:db8:1::1')).status, 200);
  });

  test('is refused pages of the console, too', async () => {
    const { hostname, port } = new URL(millrace.url);
    const page = () => statusAt({ host: hostname, port, path: '/' }, `${CONSOLE}:${port}`, '198.51.100.10');
    const statuses = await Promise.all(Array.from({ length: 60 }, page));
    assert.ok(statuses.includes(429), String(statuses));
    assert.ok(!statuses.includes(404), 'the console answers there');
  });

  test('may always ask whether the server is there', async () => {
    for (const path of ['/healthz', '/readyz']) {
      for (let asked = 0; asked < 20; asked += 1) assert.equal((await ask(path, '198.51.100.9')).status, 200);
    }
  });
});
