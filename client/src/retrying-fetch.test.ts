import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MillraceError } from './millrace-error.ts';
import { type RetryRules, retryingFetch } from './retrying-fetch.ts';

const URL_OF_RUNS = 'http://millrace.test/millrace/v1/runs';

/** What is answered one after the other; an error is thrown. */
function answering(...answers: (Response | Error)[]) {
  const sent: { method: string; key: string | null; body: string }[] = [];
  const waits: number[] = [];
  const rules: RetryRules = {
    tries: 3,
    random: () => 1,
    wait: async (ms) => void waits.push(ms),
    fetch: async (request) => {
      const { method, headers } = request;
      sent.push({ method, key: headers.get('idempotency-key'), body: await request.text() });
      const answer = answers.shift() as Response | Error;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { fetch: retryingFetch(rules), sent, waits };
}

const lost = (): Error => new TypeError('fetch failed', { cause: 'ECONNRESET' });
const status = (code: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { status: code, headers });

test('a request that reads is tried again after a lost answer, later each time', async () => {
  const { fetch, sent, waits } = answering(lost(), status(502), status(200));
  assert.equal((await fetch(new Request(URL_OF_RUNS))).status, 200);
  assert.equal(sent.length, 3);
  assert.deepEqual(waits, [200, 400]);
});

test('a POST is sent again with the same key and body where nothing was done', async () => {
  const { fetch, sent, waits } = answering(status(429, { 'retry-after': '2' }), status(503), status(201));
  const answer = await fetch(new Request(URL_OF_RUNS, { method: 'POST', body: '{"name": "a"}' }));
  assert.equal(answer.status, 201);
  assert.deepEqual(
    sent.map(({ body }) => body),
    Array(3).fill('{"name": "a"}'),
  );
  assert.match(sent[0]?.key ?? '', /^[0-9a-f]{32}$/);
  assert.equal(new Set(sent.map(({ key }) => key)).size, 1);
  assert.deepEqual(waits, [2000, 400]);
});

test('a POST whose answer was lost is sent again with its key, until what goes on has ended', async () => {
  const { fetch, sent } = answering(lost(), status(409), status(201));
  const answer = await fetch(new Request(URL_OF_RUNS, { method: 'POST', body: '{}' }));
  assert.equal(answer.status, 201);
  assert.equal(new Set(sent.map(({ key }) => key)).size, 1);
});

test('a conflict is an answer where none was lost', async () => {
  const { fetch, sent } = answering(status(409));
  assert.equal((await fetch(new Request(URL_OF_RUNS, { method: 'POST', body: '{}' }))).status, 409);
  assert.equal(sent.length, 1);
});

test('a refusal is not tried again', async () => {
  const { fetch, sent } = answering(status(404));
  assert.equal((await fetch(new Request(URL_OF_RUNS))).status, 404);
  assert.equal(sent.length, 1);
});

test('the last try says that Millrace is out of reach', async () => {
  const { fetch, sent } = answering(lost(), lost(), lost());
  await assert.rejects(fetch(new Request(URL_OF_RUNS)), (error: unknown) => {
    assert.ok(error instanceof MillraceError);
    assert.equal(error.isOurs, true);
    assert.equal(error.message, "http://millrace.test can't be reached: ECONNRESET");
    return true;
  });
  assert.equal(sent.length, 3);
});
