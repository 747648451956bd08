// The headers of functions' answers, at every door behind which functions answer: cookies under names that
// differ in case, nulls, and how many there may be; and bodies that JSON would lose. Through the public port,
// with real jails.
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { Customer, type RunView } from './customer.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

/** A path asks for one of these. */
const HEADERS = `{
  cookies: { 'set-cookie': 'a=1', 'Set-cookie': 'b=2', 'sEt-cookie': 'c=3', 'X-A': 'first', 'x-a': 'last' },
  nulls: { 'X-None': null, 'x-one': 'one' },
  fits: Object.fromEntries(Array.from({ length: 150 }, (_, i) => ['x-' + i, 'v'])),
  lines: Object.fromEntries(Array.from({ length: 10000 }, (_, i) => ['x-' + i, 'v'.repeat(100)])),
  many: { 'not allowed': 'v', ...Object.fromEntries(Array.from({ length: 40000 }, (_, i) => ['x-' + i, 'v'])) },
  list: { 'x-list': Array.from({ length: 201 }, () => 'v') },
  bytes: { 'x-long': 'v'.repeat(70000) },
}`;
type Way = 'cookies' | 'nulls' | 'fits' | 'lines' | 'many' | 'list' | 'bytes';

let millrace: Millrace;
let customer: Customer;
/** By the door's name: the URL that asks for a way. */
const doors: Record<string, (way: Way) => string> = {};

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
  const hosted = await customer.uploadCode(`exports.handler = async (event) => {
    const way = event.queryStringParameters.way;
    const headers = ${HEADERS}[way];
    return { statusCode: 200, body: 'x', ...(way === 'list' ? { multiValueHeaders: headers } : { headers }) };
  };`);
  const own = await customer.json<{ url: string }>('/millrace/v1/triggers', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ function_id: hosted.id, kind: 'function_url', settings: {} }),
  });
  const site = new Site(millrace);
  await site.upload(
    'site.functions',
    {
      endpoints: {
        headers: { file: 'headers.js', method: 'GET' },
        bodies: { file: 'bodies.js', method: 'GET' },
      },
    },
    {
      'bodies.js': `exports.main = (context, sendResponse) => {
        const bytes = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
        const given = { bytes, buffer: bytes.buffer, promise: Promise.resolve('x') };
        sendResponse({ headers: { 'Content-Type': 'image/png' }, body: given[context.params.what] });
      }`,
      'headers.js': `exports.main = (context, sendResponse) =>
        sendResponse({ body: 'x', headers: ${HEADERS}[[context.params.way].flat()[0]] });`,
    },
  );
  doors['a hosted function'] = (way) => `${hosted.invokeUrl}?way=${way}&token=${millrace.token}`;
  doors['its function URL'] = (way) => `${new URL(own.url).pathname}?way=${way}`;
  doors['an endpoint'] = (way) => `/_hcms/api/headers?way=${way}`;
});
after(() => millrace?.close());

type Got = { status: number; headers: NodeJS.Dict<string | string[]>; body: string };

/** Header lines as they came. */
function ask(door: string, way: Way): Promise<Got> {
  const url = new URL(doors[door]?.(way) ?? '', millrace.url);
  return new Promise((resolve, reject) => {
    get(url, { maxHeaderSize: 256 * 1024 }, async (answer) => {
      let body = '';
      for await (const chunk of answer) body += chunk;
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
    }).on('error', reject);
  });
}

for (const door of ['a hosted function', 'its function URL', 'an endpoint']) {
  describe(`headers of ${door}`, { skip }, () => {
    test('hold every cookie, and the last of another header, where names differ in case', async () => {
      const { status, headers } = await ask(door, 'cookies');
      assert.deepEqual([status, headers['set-cookie'], headers['x-a']], [200, ['a=1', 'b=2', 'c=3'], 'last']);
    });

    test('are not there where they are null', async () => {
      const { status, headers } = await ask(door, 'nulls');
      assert.deepEqual([status, headers['x-none'], headers['x-one']], [200, undefined, 'one']);
    });

    test('have a limit, beyond which the run fails with a sentence', async () => {
      assert.equal((await ask(door, 'fits')).status, 200);
      for (const [way, problem] of [
        ['lines', /has 1000[01] header lines, 200 at most/],
        // Counted before any of it is looked at.
        ['many', /has 4000[12] header lines, 200 at most/],
        ['list', /has 20[1-9] header lines, 200 at most/],
        ['bytes', /headers take 70\d\d\d bytes, 65536 at most/],
      ] as const) {
        const { status, headers } = await ask(door, way);
        assert.equal(status, door === 'an endpoint' ? 500 : 502, way);
        assert.equal(headers['x-long'] ?? headers['x-1'] ?? headers['x-list'], undefined);
        const run = await runWithEnd(String(headers['x-run-id']));
        assert.equal(run.status, 'failed');
        assert.match(run.error?.message ?? '', problem);
      }
    });
  });
}

describe('the body of an endpoint', { skip }, () => {
  test('is sent as bytes where it is bytes, a buffer without a view too', async () => {
    for (const what of ['bytes', 'buffer']) {
      const answer = await fetch(`${millrace.url}/_hcms/api/bodies?what=${what}`);
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/png']);
      assert.equal(Buffer.from(await answer.arrayBuffer()).toString('hex'), '89504e47');
    }
  });

  test('fails its run where JSON would lose it', async () => {
    const answer = await fetch(`${millrace.url}/_hcms/api/bodies?what=promise`);
    assert.equal(answer.status, 500);
    const run = await runWithEnd(String(answer.headers.get('x-run-id')));
    assert.match(run.error?.message ?? '', /not a promise: is an await missing/);
  });
});

async function runWithEnd(id: string): Promise<RunView> {
  for (;;) {
    const run = await customer.json<RunView>(`/millrace/v1/runs/${id}`);
    if (run.status !== 'running') return run;
  }
}
