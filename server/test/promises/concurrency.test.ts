// Several runs at a time in one instance, through the public doors: that they overlap, and that nothing of
// one is another's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostedFunction, RunView } from './customer.ts';
import { RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const JSON_TYPE = { 'content-type': 'application/json' };
const LOOK_EVERY_MS = 20;

/**
 * Waits until so many runs are in its instance as the call says, and returns the order in which they came and
 * who else is in there. What else it does is in the call.
 */
const MEETING = `
  const instance = require('node:crypto').randomUUID();
  const inHand = new Set();
  let order = 0;
  const waiting = [];
  const met = async (runs) => {
    // Who waits for others alone has nothing left to do, and would learn so.
    const timer = setInterval(() => {}, 1000);
    await new Promise((resolve) => {
      waiting.push({ runs, resolve });
      for (const one of [...waiting]) if (inHand.size >= one.runs) one.resolve();
    });
    clearInterval(timer);
  };
  exports.handler = async (event, context) => {
    const { name, runs = 1, does = 'answer', ms = 0, code = 1 } = JSON.parse(event.body);
    inHand.add(name);
    const place = ++order;
    console.log('came', name);
    await met(runs);
    process.stdout.write('met ' + name + '\\n');
    if (does === 'block') for (const until = Date.now() + ms; Date.now() < until; );
    if (does === 'exit') process.exit(code);
    if (does === 'throw later') setImmediate(() => { throw new TypeError('thrown by ' + name); });
    if (does === 'hang' || does === 'throw later') await new Promise(() => setInterval(() => {}, 1000));
    if (does === 'eat') { const eaten = []; for (;;) eaten.push(Buffer.alloc(8e6, eaten.length + 1)); }
    await new Promise((resolve) => setTimeout(resolve, ms));
    console.log('goes', name);
    const together = inHand.size;
    inHand.delete(name);
    return { statusCode: 200, body: JSON.stringify({ instance, name, place, together, id: context.awsRequestId }) };
  };`;

type Visit = { name: string; runs?: number; does?: string; ms?: number; code?: number };
type Told = { instance: string; name: string; place: number; together: number; id: string };

let millrace: Millrace;
let customer: RevcentCustomer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new RevcentCustomer(millrace);
});
after(() => millrace?.close());

async function meeting(concurrency: number, settings: Record<string, unknown> = {}): Promise<HostedFunction> {
  const fn = await customer.uploadCode(MEETING);
  await customer.settings(fn, { concurrency, ...settings });
  return fn;
}

function visit(fn: HostedFunction, body: Visit): Promise<Response> {
  return customer.call(fn, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });
}

async function told(answer: Response | Promise<Response>): Promise<Told> {
  const { status, text } = await (async (given) => ({ status: given.status, text: await given.text() }))(
    await answer,
  );
  assert.equal(status, 200, text);
  return JSON.parse(text) as Told;
}

async function begin(fn: HostedFunction, body: Visit): Promise<RunView> {
  return await customer.json<RunView>(`/millrace/v1/functions/${fn.id}/runs`, {
    method: 'POST',
    headers: { ...JSON_TYPE, prefer: 'respond-async' },
    body: JSON.stringify(body),
  });
}

async function until(id: string, isReached: (run: RunView) => boolean): Promise<RunView> {
  for (const giveUpAt = Date.now() + 30_000; ; await delay(LOOK_EVERY_MS)) {
    const run = await customer.json<RunView>(`/millrace/v1/runs/${id}`);
    if (isReached(run)) return run;
    assert.ok(Date.now() < giveUpAt, `${JSON.stringify(run)}\n${millrace.output()}`);
  }
}
const ended = (id: string): Promise<RunView> =>
  until(id, ({ status }) => status !== 'queued' && status !== 'running');

/** The function's own lines of a run's log, without their time. */
async function linesOf(run: RunView): Promise<string[]> {
  const lines = await customer.logOf(run);
  return lines
    .filter((line) => !/^(START|END|REPORT) RequestId/.test(line))
    .map((line) => line.replace(/^\S+Z\t/, ''));
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

test('ten runs overlap in one instance, and each keeps its own event, result and log', { skip }, async () => {
  const fn = await meeting(10);
  const answers = await Promise.all(NAMES.map((name) => visit(fn, { name, runs: 10 })));
  const all = await Promise.all(answers.map(told));
  assert.deepEqual(
    all.map(({ name }) => name),
    NAMES,
  );
  assert.equal(new Set(all.map(({ instance }) => instance)).size, 1);
  assert.deepEqual(
    all.map(({ place }) => place).sort((a, b) => a - b),
    NAMES.map((_, i) => i + 1),
  );
  for (const [i, answer] of answers.entries()) {
    const run = await customer.runOf(answer);
    const { name, id } = all[i] as Told;
    assert.equal(id, run.id);
    assert.deepEqual(await linesOf(run), [
      `${id}\tINFO\tcame ${name}`,
      `met ${name}`,
      `${id}\tINFO\tgoes ${name}`,
    ]);
  }
});

test('an instance has one run at a time where nobody says otherwise', { skip }, async () => {
  const fn = await customer.uploadCode(MEETING);
  const { concurrency } = await customer.json<{ concurrency: number }>(`/millrace/v1/functions/${fn.id}`);
  assert.equal(concurrency, 1);
  const all = await Promise.all(NAMES.slice(0, 4).map((name) => told(visit(fn, { name, ms: 100 }))));
  assert.deepEqual(
    all.map(({ together }) => together),
    [1, 1, 1, 1],
  );
});

test('a full instance gets a second one beside it', { skip }, async () => {
  const fn = await meeting(2, { timeout_ms: 60_000 });
  const { instance: first } = await told(visit(fn, { name: 'first' }));
  const staying = await Promise.all(['a', 'b'].map((name) => begin(fn, { name, does: 'hang' })));
  let instance = first;
  for (const giveUpAt = Date.now() + 30_000; instance === first; await delay(LOOK_EVERY_MS)) {
    assert.ok(Date.now() < giveUpAt, 'all were in one instance');
    ({ instance } = await told(visit(fn, { name: 'next' })));
  }
  for (const { id } of staying) {
    assert.equal((await until(id, () => true)).status, 'running');
    await customer.request(`/millrace/v1/runs/${id}/cancel`, { method: 'POST' });
    assert.equal((await ended(id)).status, 'cancelled');
  }
});

test('runs that nobody waits for overlap in one instance, too', { skip }, async () => {
  const fn = await meeting(10);
  const begun = await Promise.all(NAMES.map((name) => begin(fn, { name, runs: 10 })));
  const runs = await Promise.all(begun.map(({ id }) => ended(id)));
  assert.deepEqual(
    runs.map(({ status }) => status),
    Array(10).fill('succeeded'),
  );
  const results = await Promise.all(
    runs.map(({ id }) => customer.json<{ result: { body: string } }>(`/millrace/v1/runs/${id}/result`)),
  );
  const all = results.map(({ result }) => JSON.parse(result.body) as Told);
  assert.equal(new Set(all.map(({ instance }) => instance)).size, 1);
  for (const [i, run] of runs.entries()) {
    const name = NAMES[i];
    assert.deepEqual([all[i]?.name, all[i]?.id], [name, run.id]);
    assert.deepEqual((await linesOf(run))[1], `met ${name}`);
  }
});

test('a run that takes too long is answered at its limit, and the others finish', { skip }, async () => {
  // Seconds apart: what comes between them may take its time.
  const fn = await meeting(3, { timeout_ms: 4_000 });
  const other = told(visit(fn, { name: 'early', runs: 2, ms: 2_000 }));
  const late = visit(fn, { name: 'late', runs: 2, does: 'hang' });
  const { instance } = await other;
  const slow = told(visit(fn, { name: 'slow', ms: 3_000 }));
  const lateRun = await customer.runOf(await late);
  assert.equal(lateRun.status, 'timed_out');
  assert.match(lateRun.error?.message ?? '', /Task timed out after 4.00 seconds$/);
  // It was in the instance when that stopped taking runs, and is no worse for it; the next one is in another.
  assert.deepEqual([(await slow).instance, (await slow).name], [instance, 'slow']);
  assert.notEqual((await told(visit(fn, { name: 'next' }))).instance, instance);
});

test('a run that keeps the processor times out with the others, and none is left hanging', {
  skip,
}, async () => {
  const fn = await meeting(2, { timeout_ms: 1000 });
  const answers = await Promise.all([
    visit(fn, { name: 'blocks', runs: 2, does: 'block', ms: 60_000 }),
    visit(fn, { name: 'waits', runs: 2, ms: 10 }),
  ]);
  const runs = await Promise.all(answers.map((answer) => customer.runOf(answer)));
  assert.deepEqual(
    runs.map(({ status }) => status),
    ['timed_out', 'timed_out'],
  );
  assert.equal((await told(visit(fn, { name: 'next' }))).name, 'next');
});

test('an error that nobody catches fails its own run, and the others finish', { skip }, async () => {
  const fn = await meeting(3);
  const [bad, good] = await Promise.all([
    visit(fn, { name: 'bad', runs: 2, does: 'throw later' }),
    visit(fn, { name: 'good', runs: 2, ms: 300 }),
  ]);
  const badRun = await customer.runOf(bad);
  assert.deepEqual(
    [badRun.status, badRun.error?.type, badRun.error?.message],
    ['failed', 'TypeError', 'thrown by bad'],
  );
  assert.match((await linesOf(badRun)).join('\n'), /ERROR\tUncaught Exception .*thrown by bad/);
  const { instance } = await told(good);
  assert.doesNotMatch((await linesOf(await customer.runOf(good))).join('\n'), /bad/);
  assert.notEqual((await told(visit(fn, { name: 'next' }))).instance, instance);
});

test('a run that ends the process takes the others along, and each is told whose doing it was', {
  skip,
}, async () => {
  const fn = await meeting(3);
  const answers = await Promise.all([
    visit(fn, { name: 'ends it', runs: 3, does: 'exit', code: 7 }),
    visit(fn, { name: 'b', runs: 3, ms: 10_000 }),
    visit(fn, { name: 'c', runs: 3, ms: 10_000 }),
  ]);
  const [cause, ...others] = await Promise.all(answers.map((answer) => customer.runOf(answer)));
  const exit = `RequestId: ${cause?.id} Error: Runtime exited with error: exit status 7`;
  assert.deepEqual([cause?.status, cause?.error?.type], ['crashed', 'Runtime.ExitError']);
  assert.equal(cause?.error?.message, `${exit} (2 other runs in the same instance ended with it)`);
  for (const { id, status, error } of others) {
    assert.deepEqual([status, error?.type], ['crashed', 'Runtime.SharedExit']);
    assert.equal(
      error?.message,
      `RequestId: ${id} Error: another run ended the instance that both were in: ${exit}`,
    );
  }
  assert.equal((await told(visit(fn, { name: 'next' }))).place, 1);
});

test('memory that one run eats is the instance’s: all of its runs are out of memory', { skip }, async () => {
  const fn = await meeting(2, { memory_mb: 128 });
  const answers = await Promise.all([
    visit(fn, { name: 'eats', runs: 2, does: 'eat' }),
    visit(fn, { name: 'b', runs: 2, ms: 20_000 }),
  ]);
  for (const run of await Promise.all(answers.map((answer) => customer.runOf(answer)))) {
    assert.equal(run.status, 'out_of_memory');
    assert.match(
      run.error?.message ?? '',
      /128 MB of memory \(1 other run in the same instance ended with it: which of them/,
    );
  }
});

test('a cancelled run ends alone, however often that is asked for', { skip }, async () => {
  const fn = await meeting(3);
  const hanging = await begin(fn, { name: 'hangs', runs: 3, does: 'hang' });
  const other = told(visit(fn, { name: 'other', runs: 3, ms: 1500 }));
  // Who meets them has seen both in the instance.
  await told(visit(fn, { name: 'witness', runs: 3 }));
  const cancel = (): Promise<Response> =>
    customer.request(`/millrace/v1/runs/${hanging.id}/cancel`, { method: 'POST' });
  const answers = await Promise.all([cancel(), cancel(), cancel(), cancel()]);
  assert.ok(answers.some(({ status }) => status === 200));
  assert.equal((await ended(hanging.id)).status, 'cancelled');
  assert.equal((await other).name, 'other');
});

test('a new version takes over without a failed run', { skip }, async () => {
  const fn = await meeting(5);
  const old = Promise.all(NAMES.slice(0, 4).map((name) => told(visit(fn, { name, runs: 5, ms: 1_000 }))));
  // Who meets them has seen all four in the instance.
  await told(visit(fn, { name: 'witness', runs: 5 }));
  await customer.settings(fn, { memory_mb: 300 });
  const next = await told(visit(fn, { name: 'next' }));
  const instances = new Set((await old).map(({ instance }) => instance));
  assert.equal(instances.has(next.instance), false);
});

test('a function body runs side by side where its owner says so, and its secrets stay hidden', {
  skip,
}, async () => {
  const fn = await customer.make({
    name: 'side by side',
    function_code: `
      global.waiting ??= [];
      const name = event.data;
      console.log(name, 'knows', process.env.pass);
      setTimeout(() => console.log(name, 'still knows', process.env.pass), 20);
      global.waiting.push(() => callback(null, { name, together: global.waiting.length }));
      if (global.waiting.length === 3) for (const answer of global.waiting) setTimeout(answer, 50);`,
    environment_variables: [{ name: 'pass', value: 'hunter2hunter2', encrypted: true }],
  });
  await customer.settings({ id: fn.function_id, invokeUrl: '' }, { reuse: 'warm', concurrency: 3 });
  const answers = await Promise.all(
    ['x', 'y', 'z'].map((body) => fetch(fn.function_url ?? '', { method: 'POST', body })),
  );
  for (const [i, answer] of answers.entries()) {
    const name = 'xyz'[i];
    const run = await customer.runOf(answer);
    const lines = (await linesOf(run)).map((line) => line.replace(/^.*INFO\t/, ''));
    assert.deepEqual(lines, [`${name} knows ***`, `${name} still knows ***`]);
  }
});

test('several runs at a time and a fresh process for each contradict one another', { skip }, async () => {
  const fn = await meeting(2);
  const answer = await customer.request(`/millrace/v1/functions/${fn.id}`, {
    method: 'PATCH',
    headers: JSON_TYPE,
    body: JSON.stringify({ reuse: 'none' }),
  });
  const { error } = (await answer.json()) as { error: { code: string; field: string } };
  assert.deepEqual([answer.status, error.code, error.field], [400, 'invalid_input', 'concurrency']);
  await customer.settings(fn, { reuse: 'none', concurrency: 1 });
});
