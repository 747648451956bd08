// Instances with real runtimes in them, of functions that aren't Lambda's kind: what they may ask, how long
// the work that they leave keeps them, and what of their secrets is seen. Without jails: walls are not the
// affair of an instance.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parseConfig } from '../../src/config/config.ts';
import { fail } from '../../src/errors/failure.ts';
import type { RunnableFunction } from '../../src/functions/function.ts';
import type { FinishedInvocation } from '../../src/sandbox/invocation.ts';
import type { Lease } from '../../src/sandbox/revision-pool.ts';
import { SandboxPool } from '../../src/sandbox/sandbox-pool.ts';
import { createTargetMaker } from '../../src/sandbox/sandbox-starter.ts';
import { StartFailure } from '../../src/sandbox/start-failure.ts';
import { chooseEngine, openBareScene } from './bare-scene.ts';

const scene = openBareScene({ canFork: true });
const { limits } = parseConfig(
  { MILLRACE_ASKS_PER_RUN: '20' },
  { workingDir: scene.dataDir, totalMemoryMb: 4096, cores: 2 },
);

/** What was asked, in the order of the answers. */
const asked: unknown[][] = [];
let atOnce = 0;
let mostAtOnce = 0;
const targetOf = createTargetMaker({
  driver: scene.driver,
  chooseEngine,
  ensureEngine: async () => {},
  ensureBundle: async () => {},
  egressDenyOf: async () => [],
  limits,
  clock: Date.now,
  onLateLines: () => {},
  offers: {
    globalsOf: (fn) => (fn.convention === 'lambda' ? {} : { store: { Read: 'values.read' } }),
    aliasesOf: () => ({}),
    answer: async (_fn, name, args) => {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await delay(5);
      atOnce -= 1;
      asked.push([name, ...args]);
      if (args[0] === 'missing') fail('not_found', { message: 'there is no such value' });
      if (args[0] === 'broken') throw new Error('a defect with inner words');
      return { key: args[0], value: 'v' };
    },
    onDefect: () => {},
  },
});
const pool = new SandboxPool({ ...limits, instancesPerFunction: 1 }, Date.now);

after(async () => {
  await pool.close();
  await scene.close();
});

function functionOf(code: string, change: Partial<RunnableFunction> = {}): RunnableFunction {
  return scene.functionOf('function.js', code, { convention: 'body', ...change });
}

function handlerOf(main: string, change: Partial<RunnableFunction> = {}): RunnableFunction {
  const kind = { convention: 'respond', reuse: 'warm', handler: 'function.main' } as const;
  return functionOf(`exports.main = ${main}`, { ...kind, ...change });
}

function invoke({ instance }: Lease, event: unknown = {}, timeoutMs = 10_000): Promise<FinishedInvocation> {
  const body = { event: { data: event }, context: {}, data: event };
  return instance.run({ runId: 'run', functionArn: '', timeoutMs, event: JSON.stringify(body) });
}

function resultOf({ outcome }: FinishedInvocation): unknown {
  return outcome.end === 'returned' ? JSON.parse(outcome.result.toString()) : outcome.error;
}

async function runOnce(fn: RunnableFunction, event?: unknown): Promise<FinishedInvocation> {
  const lease = await pool.acquire(targetOf(fn));
  const finished = await invoke(lease, event);
  await finished.settled;
  pool.release(lease);
  return finished;
}

const texts = ({ log }: FinishedInvocation): string => log.lines.map(({ text }) => text).join('\n');

test('a function asks the platform and gets an answer, or an error with its code', async () => {
  const fn = functionOf(
    `global.store.Read(event.data, (error, value) => callback(null, [error && error.code, error && error.message, value]))`,
  );
  assert.deepEqual(resultOf(await runOnce(fn, 'a_key')), [null, null, { key: 'a_key', value: 'v' }]);
  assert.deepEqual(resultOf(await runOnce(fn, 'missing')), ['not_found', 'there is no such value', null]);
  const message = 'the platform could not answer: try again';
  assert.deepEqual(resultOf(await runOnce(fn, 'broken')), ['internal', message, null]);
  assert.deepEqual(asked.slice(-3), [
    ['values.read', 'a_key'],
    ['values.read', 'missing'],
    ['values.read', 'broken'],
  ]);
});

test('questions of one run are answered one after the other, and there are no more than the limit', async () => {
  const fn = functionOf(`
    Promise.allSettled(Array.from({ length: 25 }, () => global.store.Read('k')))
      .then((all) => callback(null, all.map(({ reason }) => reason ? reason.code : 'answered')))`);
  mostAtOnce = 0;
  const answers = resultOf(await runOnce(fn)) as string[];
  assert.equal(mostAtOnce, 1);
  assert.deepEqual(answers.filter((answer) => answer === 'answered').length, 20);
  assert.deepEqual(answers.filter((answer) => answer === 'too_many_requests').length, 5);
});

/** Writes ASK frames past the runtime. */
const FORGER = `
  const fs = process.mainModule.require('node:fs');
  const write = fs.writeSync;
  function ask(nonce, head, body) {
    const h = Buffer.from(head), b = Buffer.from(body);
    const frame = Buffer.alloc(17 + h.length + b.length);
    frame.writeUInt32LE(4 + h.length + b.length, 0);
    frame[4] = 20;
    nonce.copy(frame, 5);
    frame.writeUInt32LE(h.length, 13);
    h.copy(frame, 17);
    b.copy(frame, 17 + h.length);
    for (let at = 0; at < frame.length; ) {
      try { at += write(3, frame, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
    }
  }`;

test('a run that asks without its nonce asks in vain', async () => {
  const before = asked.length;
  const fn = functionOf(`${FORGER}
    ask(Buffer.alloc(8, 7), '{"id":1,"name":"values.read"}', '["forged"]');
    callback(null, 'done');`);
  assert.equal(resultOf(await runOnce(fn)), 'done');
  assert.equal(asked.length, before);
});

test('a flood of questions ends the sandbox of its own run and nothing else', async () => {
  const neighbour = functionOf(`global.store.Read('k', (error, value) => callback(error, value.key))`);
  const flood = functionOf(`${FORGER}
    for (let i = 0; i < 100000; i++) ask(Buffer.alloc(8, 1), '{"id":1,"name":"values.read"}', '["x"]');
    callback(null, 'survived');`);
  const [finished, other] = await Promise.all([runOnce(flood), runOnce(neighbour)]);
  assert.equal(finished.outcome.end, 'crashed');
  assert.deepEqual(resultOf(finished), {
    type: 'Runtime.BadFrame',
    message: 'too many frames that belong to no run',
    stack: '',
  });
  assert.equal(resultOf(other), 'k');
});

test('the answer is there while its work goes on, and the instance is free when that is done', async () => {
  const fn = handlerOf(`(context, sendResponse) => {
    sendResponse({ body: 'at once' });
    setTimeout(() => console.log('the work is done'), 50);
  }`);
  const lease = await pool.acquire(targetOf(fn));
  const finished = await invoke(lease);
  assert.equal((resultOf(finished) as { body: string }).body, 'at once');
  assert.doesNotMatch(texts(finished), /the work is done/);
  await finished.settled;
  assert.match(texts(finished), /\tINFO\tthe work is done$/);
  assert.equal(lease.instance.isEnded, false);
  pool.release(lease);
});

test('work that never ends keeps the instance no longer than the run may take', async () => {
  const fn = handlerOf(
    `(context, sendResponse) => { setInterval(() => {}, 1000); sendResponse({ body: 'x' }); }`,
  );
  const lease = await pool.acquire(targetOf(fn));
  const finished = await invoke(lease, {}, 300);
  // Without that limit it would never settle.
  await finished.settled;
  assert.equal(lease.instance.isEnded, false);
  assert.equal((resultOf(await invoke(lease)) as { body: string }).body, 'x');
  pool.release(lease);
});

test('a run that waits for the instance gets it although the work of the one before goes on', async () => {
  const fn = handlerOf(
    `(context, sendResponse) => { setInterval(() => {}, 1000); sendResponse({ body: 'x' }); }`,
  );
  const target = targetOf(fn);
  const startedAt = performance.now();
  for (let i = 0; i < 4; i++) {
    const lease = await pool.acquire(target);
    const finished = await invoke(lease, {}, 60_000);
    void finished.settled.then(() => pool.release(lease));
  }
  assert.ok(performance.now() - startedAt < 60_000, 'none waited for the time limit of the one before');
  assert.equal(pool.stats().waiting, 0);
});

test('in a fork the work after the response is done before the next child is there', async () => {
  const fn = handlerOf(
    `(context, sendResponse) => { sendResponse({ body: 'x' }); setTimeout(() => console.log('done'), 30); }`,
    { reuse: 'none' },
  );
  for (let i = 0; i < 2; i++) assert.match(texts(await runOnce(fn)), /\tINFO\tdone$/);
});

const SECRETS = { variables: { token: 's3cr3t-token', plain: 'visible' }, secretNames: ['token'] };

test('secrets are hidden in the log and in errors, and not in what the caller gets', async () => {
  const fn = functionOf(
    `console.log('the token is', process.env.token, process.env.plain);
     process.stdout.write('half s3cr3t-');
     setTimeout(() => { process.stdout.write('token\\n'); callback(event.data === true ? 'no: ' + process.env.token : null, process.env.token); }, 20);`,
    SECRETS,
  );
  const fine = await runOnce(fn);
  assert.match(texts(fine), /the token is \*\*\* visible\nhalf \*\*\*$/);
  assert.equal(resultOf(fine), 's3cr3t-token');
  const failed = await runOnce(fn, true);
  assert.deepEqual(resultOf(failed), { type: 'string', message: 'no: ***', stack: '' });
});

test('secrets are hidden where the code can’t be loaded', async () => {
  const fn = handlerOf(`0; throw new Error('with ' + process.env.token);`, SECRETS);
  await assert.rejects(pool.acquire(targetOf(fn)), (error) => {
    assert.ok(error instanceof StartFailure);
    assert.equal(error.outcome.error.message, 'with ***');
    assert.doesNotMatch(JSON.stringify([error.outcome.error, error.log.lines]), /s3cr3t/);
    return true;
  });
});
