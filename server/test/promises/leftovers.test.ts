// What a run leaves behind in a warm instance: it goes on, within a budget of processor time. Through the
// public port, with real jails.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../until.ts';
import { Customer } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
/** A second, a tenth of a core for a while, the second until it is looked at, and a busy machine's delays. */
const MOST_CPU_MS = 8_000;
const TICKS_PER_SECOND = 100;
const LOOK_EVERY_MS = 20;

/** A call may leave a process behind that spins and has the call's word among its arguments. */
const SPINS = `
  const instance = require('node:crypto').randomUUID();
  exports.handler = async (event) => {
    const { spin } = event.queryStringParameters ?? {};
    if (spin) {
      const options = { detached: true, stdio: 'ignore' };
      require('node:child_process').spawn(process.execPath, ['-e', 'for (;;);', spin], options).unref();
    }
    return { statusCode: 200, body: instance };
  };`;

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
});
after(() => millrace?.close());

/** @returns processor time of the process that has the word among its arguments; null: there is none. ms */
function cpuMsOf(word: string): number | null {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word)) continue;
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
    } catch {
      // It has ended meanwhile.
    }
  }
  return null;
}

/** What its run has left behind has ended its instance. */
async function leftTooMuch(answer: Response): Promise<void> {
  const run = await customer.runOf(answer);
  assert.equal(run.status, 'succeeded');
  await until(millrace.output, async () =>
    (await customer.logOf(run)).some((line) => line.includes('[millrace] what runs have left behind')),
  );
}

describe('what a run leaves behind', { skip }, () => {
  test('is ended with its instance when it spins, and the next call runs in another', async () => {
    const word = `spins-${process.pid}`;
    const fn = await customer.uploadCode(SPINS);
    const first = await customer.request(`${fn.invokeUrl}?spin=${word}`);
    const instance = await first.text();
    const giveUpAt = Date.now() + 60_000;
    let cpuMs: number | null = null;
    while (cpuMs === null) {
      cpuMs = cpuMsOf(word);
      assert.ok(Date.now() < giveUpAt, 'it was not started');
      await delay(LOOK_EVERY_MS);
    }
    for (let now = cpuMsOf(word); now !== null; now = cpuMsOf(word)) {
      cpuMs = now;
      assert.ok(Date.now() < giveUpAt, `it still spins after ${cpuMs} ms of processor time`);
      await delay(LOOK_EVERY_MS);
    }
    assert.ok(cpuMs < MOST_CPU_MS, `${cpuMs} ms`);
    const next = await customer.call(fn);
    assert.equal(next.status, 200);
    assert.notEqual(await next.text(), instance);
    await leftTooMuch(first);
  });

  test('goes on where it is modest: a timer of one run has fired before the next', async () => {
    const fn = await customer.uploadCode(`
      let ticks = 0;
      let timer;
      exports.handler = async () => {
        timer ??= setInterval(() => { ticks += 1; }, 10);
        return { statusCode: 200, body: String(ticks) };
      };`);
    assert.equal(await (await customer.call(fn)).text(), '0');
    const giveUpAt = Date.now() + 30_000;
    for (;;) {
      if (Number(await (await customer.call(fn)).text()) > 5) break;
      assert.ok(Date.now() < giveUpAt, 'no timer has fired');
      await delay(LOOK_EVERY_MS);
    }
  });
});
