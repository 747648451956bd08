// A version that has become active is started before anybody calls it. Through the public port, with real
// jails.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Customer, type HostedFunction, zipOf } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const LOOK_EVERY_MS = 20;
const GIVE_UP_MS = 30_000;
/** Half of it is for prestarts. */
const BUDGET_MB = 1_024;

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace({ env: { MILLRACE_MEMORY_BUDGET: String(BUDGET_MB) } });
  customer = new Customer(millrace);
});
after(() => millrace?.close());

/** Its process is called so as soon as it is loaded. */
const code = (title: string): string => `
  process.title = '${title}';
  const loadedAt = Date.now();
  exports.handler = async () => ({ statusCode: 200, body: JSON.stringify({ title: '${title}', loadedAt }) });`;

async function loaded(title: string): Promise<void> {
  for (const giveUpAt = Date.now() + GIVE_UP_MS; !isRunning(title); await delay(LOOK_EVERY_MS))
    assert.ok(Date.now() < giveUpAt, `${title} was not started\n${millrace.output()}`);
}

function isRunning(title: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(title);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

/** A new version. */
async function deploy({ id }: HostedFunction, text: string): Promise<void> {
  const form = new FormData();
  form.set('undefined', new Blob([new Uint8Array(zipOf({ 'index.js': text }))]), 'function.zip');
  await customer.json(`/api/v1/hosted_functions/${id}`, { method: 'POST', body: form });
}

test('a new function, and a new version of it, are loaded before their first call', { skip }, async () => {
  const [first, second] = [`first-${process.pid}`, `second-${process.pid}`];
  const fn = await customer.uploadCode(code(first));
  await loaded(first);
  await deploy(fn, code(second));
  await loaded(second);
  const calledAt = Date.now();
  const told = (await (await customer.call(fn)).json()) as { title: string; loadedAt: number };
  assert.equal(told.title, second);
  assert.ok(told.loadedAt <= calledAt);
});

test('one that can’t be loaded says so at its first call', { skip }, async () => {
  const fn = await customer.uploadCode(`throw new Error('broken from the start');`);
  const answer = await customer.call(fn);
  const run = await customer.runOf(answer);
  assert.deepEqual([answer.status, run.status], [502, 'failed']);
  assert.match(run.error?.message ?? '', /broken from the start/);
});

test('one for which there is no room in half of the memory budget starts at its first call', {
  skip,
}, async () => {
  const [modest, large, last] = ['modest', 'large', 'last'].map((word) => `${word}-${process.pid}`) as [
    string,
    string,
    string,
  ];
  const fn = await customer.uploadCode(code(modest));
  await loaded(modest);
  // That of the first version is idle, and holds some of it.
  await customer.settings(fn, { memory_mb: BUDGET_MB / 2 - 1 });
  await deploy(fn, code(large));
  // They are started one after the other: once a later one has been, it was this one's turn.
  await customer.uploadCode(code(last));
  await loaded(last);
  assert.ok(!isRunning(large));
  const calledAt = Date.now();
  const answer = await customer.call(fn);
  assert.equal(answer.status, 200);
  const told = (await answer.json()) as { title: string; loadedAt: number };
  assert.deepEqual([told.title, told.loadedAt >= calledAt], [large, true]);
});
