// Asynchronous runs, through the public door: accepted, executed, retried, cancelled, and ended exactly once
// whatever is killed in between.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Customer, type HostedFunction, type RunView } from './customer.ts';
import { processOf } from './remains.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const JSON_TYPE = { 'content-type': 'application/json' };
const ASYNC = { ...JSON_TYPE, prefer: 'respond-async' };

type AsyncRun = RunView & {
  trigger: string;
  due_at: string | null;
  started_at: string | null;
  input_kept: boolean;
  result_kept: boolean;
  history: { attempt: number; status: string; error: { message: string } | null; ended_at: string }[];
};

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace({ env: { MILLRACE_NODE_LEASE_MS: '2000' } });
  customer = new Customer(millrace);
});
after(() => millrace?.close());

function post(path: string, body: unknown, headers: Record<string, string> = ASYNC): Promise<Response> {
  return customer.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function start(fn: HostedFunction, data: unknown = null): Promise<AsyncRun> {
  const answer = await post(`/millrace/v1/functions/${fn.id}/runs`, data);
  assert.equal(answer.status, 202, await answer.clone().text());
  return (await answer.json()) as AsyncRun;
}

const seen = (id: string): Promise<AsyncRun> => customer.json<AsyncRun>(`/millrace/v1/runs/${id}`);

async function until(id: string, isReached: (run: AsyncRun) => boolean): Promise<AsyncRun> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const run = await seen(id);
    if (isReached(run)) return run;
    assert.ok(Date.now() < giveUpAt, `${JSON.stringify(run)}\n${millrace.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const isFinal = ({ status }: AsyncRun): boolean => status !== 'queued' && status !== 'running';
const ended = (id: string): Promise<AsyncRun> => until(id, isFinal);

test('an async call is answered with 202 and the run, which then ends by itself', { skip }, async () => {
  const fn = await customer.uploadCode(
    `exports.handler = async (event) => ({ statusCode: 200, body: event.httpMethod + event.body });`,
  );
  const answer = await post(fn.invokeUrl, { order: 7 });
  assert.equal(answer.status, 202);
  assert.equal(answer.headers.get('preference-applied'), 'respond-async');
  const accepted = (await answer.json()) as AsyncRun;
  assert.deepEqual([accepted.status, accepted.trigger, accepted.attempts], ['queued', 'http', 0]);
  const location = new URL(answer.headers.get('location') ?? '');
  assert.equal(location.pathname, `/millrace/v1/runs/${accepted.id}`);
  const run = await ended(accepted.id);
  assert.deepEqual([run.status, run.attempts, run.history], ['succeeded', 1, []]);
  const { result } = await customer.json<{ result: unknown }>(`/millrace/v1/runs/${run.id}/result`);
  assert.deepEqual(result, { statusCode: 200, body: 'POST{"order":7}' });
});

test('the API takes any data, and waits where it isn’t told not to', { skip }, async () => {
  const fn = await customer.uploadCode(`exports.handler = async (event) => {
    console.log('got ' + event.body); return { got: JSON.parse(event.body) }; };`);
  for (const data of [{ a: 'ü' }, [1, 2], 'text', null]) {
    const answer = await post(`/millrace/v1/functions/${fn.id}/runs`, data, JSON_TYPE);
    assert.equal(answer.status, 200);
    const { run, result } = (await answer.json()) as { run: AsyncRun; result: unknown };
    assert.deepEqual([run.status, run.trigger, result], ['succeeded', 'api_direct', { got: data }]);
  }
  const run = await ended((await start(fn, { a: 1 })).id);
  assert.equal(run.status, 'succeeded');
  assert.ok((await customer.logOf(run)).some((line) => line.endsWith('got {"a":1}')));
  const input = await customer.json<{ trigger: string; data: unknown }>(`/millrace/v1/runs/${run.id}/input`);
  assert.deepEqual([input.trigger, input.data], ['api_direct', { a: 1 }]);
});

test('what a call was told is kept without its token, and not in the clear', { skip }, async () => {
  const fn = await customer.uploadCode(`exports.handler = async () => ({ statusCode: 204 });`);
  const answer = await fetch(`${fn.invokeUrl}?token=${customer.token}&keep=this`, {
    method: 'POST',
    headers: { authorization: `Bearer ${customer.token}`, 'x-mine': 'yes' },
    body: 'a body',
  });
  const run = (await customer.runOf(answer)) as AsyncRun;
  assert.equal(run.input_kept, true);
  const text = await (await customer.request(`/millrace/v1/runs/${run.id}/input`)).text();
  const { request } = JSON.parse(text) as { request: { query: string; body: string; rawHeaders: string[] } };
  assert.deepEqual([request.query, request.body], ['keep=this', 'a body']);
  assert.ok(request.rawHeaders.includes('x-mine'));
  assert.ok(!text.includes(customer.token));
});

test('a fault is tried again by the function’s policy, until it is dead', { skip }, async () => {
  const fn = await customer.uploadCode(`exports.handler = async () => { throw new Error('no'); };`);
  await customer.settings(fn, { retry: { delays_s: [0.05, 0.05] } });
  const run = await ended((await start(fn)).id);
  assert.deepEqual([run.status, run.attempts, run.error?.message], ['dead', 3, 'no']);
  assert.deepEqual(
    run.history.map(({ attempt, status, error }) => [attempt, status, error?.message]),
    [
      [1, 'failed', 'no'],
      [2, 'failed', 'no'],
    ],
  );
});

test('a status of 400 or more is a fault where nobody reads it', { skip }, async () => {
  const fn = await customer.uploadCode(`exports.handler = async () => ({ statusCode: 503 });`);
  const run = await ended((await start(fn)).id);
  assert.deepEqual([run.status, run.error?.type], ['failed', 'Function.ErrorResponse']);
  assert.equal((await customer.call(fn)).status, 503);
});

test('a run that waits is cancelled at once, one that goes on within a moment', { skip }, async () => {
  const fn = await customer.uploadCode(
    `exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));`,
  );
  await customer.settings(fn, { timeout_ms: 60_000, max_concurrent_runs: 1, retry: { preset: 'lambda' } });
  const going = await start(fn);
  await until(going.id, (run) => run.status === 'running');
  const waiting = await start(fn);
  const early = await customer.request(`/millrace/v1/runs/${going.id}/result`);
  assert.deepEqual(
    [early.status, ((await early.json()) as { error: { message: string } }).error.message],
    [404, 'the run has no result yet: it is running'],
  );
  const cancelled = await post(`/millrace/v1/runs/${waiting.id}/cancel`, {}, JSON_TYPE);
  assert.equal(((await cancelled.json()) as AsyncRun).status, 'cancelled');
  assert.equal((await post(`/millrace/v1/runs/${going.id}/cancel`, {}, JSON_TYPE)).status, 200);
  assert.deepEqual((await ended(going.id)).error?.type, 'Platform.Cancelled');
  const again = await post(`/millrace/v1/runs/${going.id}/cancel`, {}, JSON_TYPE);
  assert.equal(again.status, 422);
});

test('lists are filtered by status, trigger, function and time', { skip }, async () => {
  const fn = await customer.uploadCode(`exports.handler = async () => { throw new Error('no'); };`);
  const run = await ended((await start(fn)).id);
  const ids = async (query: string): Promise<string[]> => {
    const { data } = await customer.json<{ data: AsyncRun[] }>(
      `/millrace/v1/runs?function_id=${fn.id}&${query}`,
    );
    return data.map(({ id }) => id);
  };
  assert.deepEqual(await ids('status=failed&trigger=api_direct'), [run.id]);
  assert.deepEqual(await ids('status=succeeded'), []);
  assert.deepEqual(await ids('status=succeeded,failed,failed'), [run.id]);
  assert.deepEqual(await ids('status=succeeded,crashed'), []);
  assert.deepEqual(await ids('trigger=http'), []);
  assert.deepEqual(await ids(`created_after=2020-01-01T00:00:00Z`), [run.id]);
  assert.deepEqual(await ids(`created_after=2100-01-01T00:00:00Z`), []);
  for (const status of ['lost', 'failed,lost', 'failed,']) {
    const refused = await customer.request(`/millrace/v1/runs?status=${status}`);
    assert.equal(refused.status, 400, status);
  }
});

test('a run whose function is deleted before it begins is cancelled, and says so', { skip }, async () => {
  const fn = await customer.uploadCode(
    `exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));`,
  );
  await customer.settings(fn, { timeout_ms: 60_000, max_concurrent_runs: 1 });
  const first = await start(fn);
  await until(first.id, (run) => run.status === 'running');
  const second = await start(fn);
  await customer.request(`/api/v1/hosted_functions/${fn.id}`, { method: 'DELETE' });
  await post(`/millrace/v1/runs/${first.id}/cancel`, {}, JSON_TYPE);
  const run = await ended(second.id);
  assert.deepEqual([run.status, run.error?.type], ['cancelled', 'Platform.FunctionGone']);
});

test('what is over the limit is refused, and leaves no run', { skip }, async () => {
  const fn = await customer.uploadCode(`exports.handler = async () => null;`);
  const answer = await post(`/millrace/v1/functions/${fn.id}/runs`, 'x'.repeat(1024 * 1024));
  assert.equal(answer.status, 413);
  const { data } = await customer.json<{ data: unknown[] }>(`/millrace/v1/functions/${fn.id}/runs`);
  assert.deepEqual(data, []);
});

test('runs that were accepted before a kill -9 of the server all end, exactly once', { skip }, async () => {
  const fn = await customer.uploadCode(
    `exports.handler = async ({ body }) => {
      await new Promise((r) => setTimeout(r, JSON.parse(body).isLast ? 2_000 : 150)); return null; };`,
  );
  const starts = Array.from({ length: 59 }, (_, n) => start(fn, { n }));
  const accepted = await Promise.all([...starts, start(fn, { isLast: true })]);
  await until((accepted[0] as AsyncRun).id, isFinal);
  await until((accepted.at(-1) as AsyncRun).id, ({ status }) => status === 'running');
  process.kill(processOf(millrace, 'serve'), 'SIGKILL');
  await millrace.printed(/serve ended/);
  const giveUpAt = Date.now() + 30_000;
  while ((await customer.request('/healthz').catch(() => null))?.status !== 200) {
    assert.ok(Date.now() < giveUpAt, millrace.output());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const runs = await Promise.all(accepted.map(({ id }) => ended(id)));
  assert.deepEqual([...new Set(runs.map(({ status }) => status))], ['succeeded']);
  const repeated = runs.filter(({ attempts }) => attempts > 1);
  assert.ok(repeated.length > 0, 'the kill met a run in hand');
  for (const run of repeated) assert.match(run.history[0]?.error?.message ?? '', /node .* was lost/);
});
