// What an account's seconds of execution are used by, beside its runs: what they leave behind, what they do
// after their answers, what loading takes. Through the public port, with real jails.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../until.ts';
import { Customer } from './customer.ts';
import { makeSecondAccount } from './second-account.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

/** A call may leave a process behind that spins. */
const SPINS = `
  exports.handler = async (event) => {
    const options = { detached: true, stdio: 'ignore' };
    if (event.queryStringParameters?.spin)
      require('node:child_process').spawn(process.execPath, ['-e', 'for (;;);'], options).unref();
    return { statusCode: 200 };
  };`;

/** Takes so much of the processor, however busy the machine is. */
const SPIN = `
  const spin = (ms) => {
    const from = process.cpuUsage();
    for (let used = 0; used < ms * 1000; ) {
      for (let i = 0; i < 1e5; i += 1);
      const { user, system } = process.cpuUsage(from);
      used = user + system;
    }
  };`;
/** Over long before it is looked at, as a rule: once a second. */
const SHORT_CPU_MS = 150;
const LONG_CPU_MS = 1_500;

let millrace: Millrace;
let customer: Customer;
let site: Site;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
  site = new Site(millrace);
});
after(() => millrace?.close());

async function anotherCustomer(): Promise<Customer> {
  return new Customer(millrace, (await makeSecondAccount(millrace)).token);
}

/** Of execution, a minute. */
async function giveOneSecond(to: Customer): Promise<void> {
  const { account_id: id } = await to.json<{ account_id: string }>('/millrace/v1/account/limits');
  await customer.json(`/millrace/v1/accounts/${id}/limits`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ execution_seconds_per_minute: 1 }),
  });
}

/** @returns the answer with 429, which must come within so many calls */
async function refusedWithin(most: number, call: () => Promise<Response>): Promise<Response> {
  for (let calls = 0; calls < most; calls += 1) {
    const answer = await call();
    if (answer.status === 429) return answer;
    assert.ok([200, 502].includes(answer.status), await answer.clone().text());
  }
  return assert.fail(`none of ${most} calls was refused`);
}

describe('an account’s seconds of execution', { skip }, () => {
  test('are used by what runs leave behind, and no other account’s are', async () => {
    const [own, other] = [await anotherCustomer(), customer];
    const [fn, others] = await Promise.all([own.uploadCode(SPINS), other.uploadCode(SPINS)]);
    for (const one of [own, other]) await giveOneSecond(one);
    // The runs take milliseconds, what they leave behind more than a second; the minute may turn in between.
    const refused = await refusedWithin(3, async () => {
      const answer = await own.request(`${fn.invokeUrl}?spin=1`);
      if (answer.status !== 200) return answer;
      const run = await own.runOf(answer);
      const ends = '[millrace] what runs have left behind';
      await until(millrace.output, async () => (await own.logOf(run)).some((line) => line.includes(ends)));
      return answer;
    });
    assert.match(await refused.text(), /taken the 1 seconds/);
    assert.equal((await other.call(others)).status, 200);
  });

  test('are used by what ends with its instance before anybody has looked at it', async () => {
    const own = await anotherCustomer();
    const fn = await own.uploadCode(`${SPIN}
      exports.handler = async () => {
        setTimeout(() => { spin(${SHORT_CPU_MS}); console.log('gone'); process.exit(0); }, 10);
        return { statusCode: 200 };
      };`);
    await giveOneSecond(own);
    // Of one minute.
    let [minute, calls, runsMs] = [0, 0, 0];
    await refusedWithin(30, async () => {
      const now = Math.floor(Date.now() / 60_000);
      if (now !== minute) [minute, calls, runsMs] = [now, 0, 0];
      const answer = await own.call(fn);
      if (answer.status !== 200) return answer;
      const run = await own.runOf(answer);
      calls += 1;
      runsMs += run.duration_ms;
      await until(millrace.output, async () => (await own.logOf(run)).some((line) => line.endsWith('gone')));
      return answer;
    });
    // The runs themselves have taken too little for that, by half of what they have left behind at least.
    assert.ok(runsMs < 1_000 - (calls * SHORT_CPU_MS) / 2, `${calls} runs took ${runsMs} ms`);
  });

  test('are used by what loading takes, of code that can’t be loaded, too', async () => {
    const own = await anotherCustomer();
    const fn = await own.uploadCode(`${SPIN}
      spin(${SHORT_CPU_MS * 4});
      throw new Error('not to be loaded');`);
    await giveOneSecond(own);
    let calls = 0;
    const refused = await refusedWithin(6, async () => {
      const answer = await own.call(fn);
      if (answer.status === 502) calls += 1;
      return answer;
    });
    assert.ok(calls > 0);
    assert.match(await refused.text(), /taken the 1 seconds/);
  });

  test('are used by runs that go on after their answers', async () => {
    await site.upload(
      'goes-on.functions',
      { endpoints: { 'goes-on': { file: 'goes-on.js', method: 'GET' } } },
      {
        'goes-on.js': `${SPIN}
          exports.main = (context, sendResponse) => {
            sendResponse({ statusCode: 200, body: {} });
            spin(${LONG_CPU_MS});
          };`,
      },
    );
    await giveOneSecond(customer);
    const refused = await refusedWithin(3, async () => {
      const answer = await site.call('goes-on?portalid=1001');
      if (answer.status === 200) await customer.runOf(answer);
      return answer;
    });
    assert.match(await refused.text(), /taken the 1 seconds/);
  });
});
