// A call that meets an instance which is about to end: its code was never called there, so it runs in another
// one. Each way to end keeps the process busy first, so that the next run is in the dying process's hand,
// unread, when it goes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostedFunction, RunView } from './customer.ts';
import { RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const LOOK_EVERY_MS = 20;
const BUSY_MS = 400;

/** Answers, and does afterwards, or at once, what the call says. */
const MORTAL = `
  const instance = require('node:crypto').randomUUID();
  const busy = (ms) => { for (const until = Date.now() + ms; Date.now() < until; ); };
  const ends = {
    'an unhandled rejection': () => { Promise.reject(new Error('left behind')); },
    'an uncaught error': () => { throw new Error('left behind'); },
    'process.exit': () => process.exit(3),
    'a signal': () => { process.kill(process.pid, 'SIGKILL'); busy(1000); },
    'all of its memory': () => { const eaten = []; for (;;) eaten.push(Buffer.alloc(8e6, eaten.length + 1)); },
  };
  exports.handler = async (event) => {
    const { later, now, busyMs = 0 } = JSON.parse(event.body || '{}');
    console.log('began');
    if (now) { busy(busyMs); ends[now](); }
    if (later) setImmediate(() => { busy(busyMs); console.log('goes'); ends[later](); });
    return { statusCode: 200, body: instance };
  };`;
const WAYS = ['an unhandled rejection', 'an uncaught error', 'process.exit', 'a signal', 'all of its memory'];

let millrace: Millrace;
let customer: RevcentCustomer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new RevcentCustomer(millrace);
});
after(() => millrace?.close());

function call(fn: HostedFunction, does: Record<string, unknown> = {}): Promise<Response> {
  return customer.call(fn, { method: 'POST', body: JSON.stringify(does) });
}

async function began(run: RunView): Promise<number> {
  return (await customer.logOf(run)).filter((line) => line.includes('\tbegan')).length;
}

async function ended(id: string): Promise<RunView> {
  for (const giveUpAt = Date.now() + 30_000; ; await delay(LOOK_EVERY_MS)) {
    const run = await customer.json<RunView>(`/millrace/v1/runs/${id}`);
    if (run.status !== 'queued' && run.status !== 'running') return run;
    assert.ok(Date.now() < giveUpAt, `${JSON.stringify(run)}\n${millrace.output()}`);
  }
}

/** Waits until a run of the function is in its instance. */
async function running(fn: HostedFunction): Promise<void> {
  for (const giveUpAt = Date.now() + 30_000; ; await delay(LOOK_EVERY_MS)) {
    const path = `/millrace/v1/runs?function_id=${fn.id}&status=running`;
    const { data } = await customer.json<{ data: RunView[] }>(path);
    if (data.length > 0) return;
    assert.ok(Date.now() < giveUpAt, millrace.output());
  }
}

describe('a call that meets an instance which ends', { skip }, () => {
  for (const later of WAYS) {
    test(`by ${later} of the run before, runs in another one, as its first attempt`, async () => {
      const fn = await customer.uploadCode(MORTAL);
      const first = await call(fn, { later, busyMs: BUSY_MS });
      const next = await call(fn);
      assert.deepEqual([first.status, next.status], [200, 200], await next.clone().text());
      assert.notEqual(await next.text(), await first.text());
      const run = await customer.runOf(next);
      assert.deepEqual([run.status, run.attempts, run.error], ['succeeded', 1, null]);
      assert.equal(await began(run), 1);
      assert.ok(!(await customer.logOf(run)).some((line) => /goes|left behind/.test(line)));
    });
  }

  test('as a queued run, runs in another one, as its first attempt', async () => {
    const fn = await customer.uploadCode(MORTAL);
    await (await call(fn, { later: 'process.exit', busyMs: BUSY_MS })).text();
    const { id } = await customer.json<RunView>(`/millrace/v1/functions/${fn.id}/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: '{}',
    });
    const run = await ended(id);
    assert.deepEqual([run.attempts, run.error?.type ?? null], [1, null]);
  });

  test('is not run twice where its code was called', async () => {
    const fn = await customer.uploadCode(MORTAL);
    await (await call(fn)).text();
    for (const now of ['process.exit', 'a signal']) {
      const answer = await call(fn, { now });
      const run = await customer.runOf(answer);
      assert.deepEqual([answer.status, run.status, run.attempts], [502, 'crashed', 1]);
      assert.equal(await began(run), 1);
    }
  });

  test('beside runs that have begun, is the only one that goes on', async () => {
    const fn = await customer.uploadCode(MORTAL);
    await customer.settings(fn, { concurrency: 5 });
    const before = await (await call(fn)).text();
    const cause = call(fn, { now: 'process.exit', busyMs: 1_500 });
    await running(fn);
    const others = await Promise.all([1, 2, 3].map(() => call(fn)));
    const crashed = await customer.runOf(await cause);
    assert.deepEqual([(await cause).status, crashed.status], [502, 'crashed']);
    assert.ok(!crashed.error?.message.includes('other run'), crashed.error?.message);
    for (const other of others) {
      const run = await customer.runOf(other);
      assert.deepEqual([other.status, run.status, run.attempts], [200, 'succeeded', 1]);
      assert.notEqual(await other.text(), before);
    }
  });

  test('again and again, fails in the end', async () => {
    const fn = await customer.uploadCode(`
      setImmediate(() => { for (const until = Date.now() + 300; Date.now() < until; ); process.exit(4); });
      exports.handler = async () => ({ statusCode: 200, body: 'never' });`);
    const answer = await call(fn);
    const run = await customer.runOf(answer);
    assert.deepEqual([answer.status, run.status, run.attempts], [502, 'crashed', 1]);
    assert.match(run.error?.message ?? '', /exit status 4/);
  });
});
