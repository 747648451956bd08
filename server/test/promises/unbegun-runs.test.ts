// A run that was given to an instance and not begun there when the instance died of something outside of it:
// it runs in another one, as its first attempt, its code called once. The instance's processes are held still
// first, so that nothing given to them is read.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, jailedPids, kill } from '../faults/processes.ts';
import { Customer, type HostedFunction, type RunView, zipOf } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const LOOK_EVERY_MS = 20;

/**
 * Says which instance this is and how many runs have come there; a call may stay in an instance that it
 * names.
 */
const CODE = `
  const instance = require('node:crypto').randomUUID();
  let came = 0;
  exports.handler = async (event) => {
    came += 1;
    console.log('began');
    const { stays } = JSON.parse(event.body || '{}');
    if (stays === instance) await new Promise((resolve) => setTimeout(resolve, 60000));
    return { statusCode: 200, body: JSON.stringify({ instance, came }) };
  };`;

type Told = { instance: string; came: number };
type Death = 'the supervisor' | 'the process';

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
});
after(() => millrace?.close());

/** @param word its processes bear as their title, since its packages were loaded */
async function deploy(word: string): Promise<HostedFunction> {
  const files = {
    'index.js': `require('named');${CODE}`,
    'package.json': '{"dependencies":{"named":"1"}}',
    'node_modules/named/index.js': `process.title = '${word}';`,
  };
  return await customer.upload(zipOf(files), { environment: 'nodejs24.x' });
}

const call = (fn: HostedFunction, does = {}): Promise<Response> =>
  customer.call(fn, { method: 'POST', body: JSON.stringify(does) });

/** Its instance has ended a run and is at rest. */
async function rested(fn: HostedFunction): Promise<Told> {
  const answer = await call(fn);
  assert.equal(answer.status, 200);
  await customer.runOf(answer);
  return (await answer.json()) as Told;
}

/** Nothing that is given to these processes is read from now on. */
function holdStill(pids: readonly number[]): void {
  assert.ok(pids.length > 0, 'nothing is jailed');
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
}

async function going(fn: HostedFunction, count: number): Promise<void> {
  for (const giveUpAt = Date.now() + 30_000; ; await delay(LOOK_EVERY_MS)) {
    const path = `/millrace/v1/runs?function_id=${fn.id}&status=running`;
    if ((await customer.json<{ data: RunView[] }>(path)).data.length >= count) return;
    assert.ok(Date.now() < giveUpAt, millrace.output());
  }
}

/** @returns answers to come, once their runs are in an instance */
async function given(fn: HostedFunction, count: number, beside = 0): Promise<Promise<Response>[]> {
  const answers = Array.from({ length: count }, () => call(fn));
  await going(fn, count + beside);
  return answers;
}

async function began(run: RunView): Promise<number> {
  return (await customer.logOf(run)).filter((line) => line.endsWith('\tbegan')).length;
}

async function haveRunOnce(answers: readonly Promise<Response>[], died: string): Promise<void> {
  for (const answer of await Promise.all(answers)) {
    assert.equal(answer.status, 200, await answer.clone().text());
    const run = await customer.runOf(answer);
    assert.deepEqual([run.status, run.attempts, run.error], ['succeeded', 1, null]);
    assert.notEqual(((await answer.json()) as Told).instance, died);
    assert.equal(await began(run), 1);
  }
}

describe('a run that its instance had not begun', { skip }, () => {
  test('when the supervisor died, runs in another one, as its first attempt', async () => {
    const fn = await deploy('alone');
    const { instance } = await rested(fn);
    holdStill(jailedPids(millrace, 'alone'));
    const answers = await given(fn, 1);
    await kill(millrace, 'supervisor');
    await haveRunOnce(answers, instance);
  });

  test('beside one that had, when the supervisor died, has spent no attempt; the other one has', async () => {
    const fn = await deploy('shared');
    await customer.settings(fn, { concurrency: 5, timeout_ms: 90_000 });
    const { instance } = await rested(fn);
    const staying = call(fn, { stays: instance });
    for (let calls = 3; ; calls += 1) if (((await (await call(fn)).json()) as Told).came === calls) break;
    holdStill(jailedPids(millrace, 'shared'));
    const answers = await given(fn, 4, 1);
    await kill(millrace, 'supervisor');
    await haveRunOnce(answers, instance);
    const run = await customer.runOf(await staying);
    assert.deepEqual([run.status, run.attempts], ['succeeded', 2]);
  });

  for (const death of ['the supervisor', 'the process'] satisfies Death[])
    test(`in a process that was made for it, when ${death} died, runs in another one`, async () => {
      const word = death.replace('the ', 'stock-');
      const fn = await deploy(word);
      await customer.settings(fn, { reuse: 'none' });
      const { instance } = await rested(fn);
      const pids = jailedPids(millrace, word);
      const inStock = pids.filter((pid) => pids.some((other) => childrenOf(other).includes(pid)));
      holdStill(inStock);
      const answers = await given(fn, 1);
      if (death === 'the supervisor') await kill(millrace, 'supervisor');
      else for (const pid of inStock) process.kill(pid, 'SIGKILL');
      await haveRunOnce(answers, instance);
    });
});
