// A node with many accounts starts, and serves each its own. A representative part of
// `npm run bench -- many-accounts`, which also compares times. Accounts are made through the operator's API.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { OwnCustomer } from './own-customer.ts';
import { processOf } from './remains.ts';
import { makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const ACCOUNTS = 40;
const FUNCTIONS = 5;
/** Accounts that are made at a time. */
const AT_ONCE = 4;

type Made = { token: string; accountId: string; functionIds: string[] };

describe('many accounts', { skip: noJails() }, () => {
  let millrace: Millrace;
  const made: Made[] = [];
  /** Of the server, after a start with all of them. */
  let usedMb = 0;

  before(async () => {
    millrace = await startMillrace();
    let started = 0;
    const work = async (): Promise<void> => {
      for (; started < ACCOUNTS; ) {
        started += 1;
        made.push(await makeAccount());
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await millrace.stop();
    millrace = await startMillrace({ dataDir: millrace.dataDir });
    usedMb = memoryMb(millrace);
  });
  after(() => millrace?.close());

  function memoryMb(of: Millrace): number {
    const status = readFileSync(`/proc/${processOf(of, 'serve')}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  async function makeAccount(): Promise<Made> {
    const { id: accountId, token } = await makeSecondAccount(millrace);
    const customer = new OwnCustomer(millrace, token);
    const functionIds: string[] = [];
    for (let n = 0; n < FUNCTIONS; n += 1) {
      const code = { inline: `exports.handler = async () => [${JSON.stringify(accountId)}, ${n}];` };
      functionIds.push((await customer.make({ code })).id);
    }
    return { token, accountId, functionIds };
  }

  test('are each served their own functions after a start, and nothing of another', async () => {
    for (const { token, functionIds } of made) {
      const { data } = await new OwnCustomer(millrace, token).v1<{ data: { id: string }[] }>(
        'GET',
        '/functions',
      );
      assert.deepEqual(data.map(({ id }) => id).sort(), [...functionIds].sort());
    }
    const [first, last] = [made[0] as Made, made.at(-1) as Made];
    for (const { token, accountId, functionIds } of [first, last])
      assert.deepEqual(await new OwnCustomer(millrace, token).resultOf({ id: functionIds[1] as string }), [
        accountId,
        1,
      ]);
    const foreign = `/functions/${last.functionIds[0]}`;
    await new OwnCustomer(millrace, first.token).v1('GET', foreign, undefined, 404);
  });

  test('leave the server below 400 MB after its start', () => {
    assert.ok(usedMb < 400, `${usedMb} MB with ${ACCOUNTS} accounts`);
  });
});
