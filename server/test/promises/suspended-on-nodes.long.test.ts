// An account that is suspended at one node is refused at the other, too, and what waits for it begins on
// neither; and one node deletes what was closed at another. Two real servers on one PostgreSQL.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { until } from '../until.ts';
import type { HostedFunction } from './customer.ts';
import { makeSecondAccount, type SecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';
import { Subscriber } from './subscriber.ts';

const ACCOUNTS = '/millrace/v1/operator/accounts';

describe('on two nodes, a suspended account', { skip: noJails() }, () => {
  let folder: string;
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let second: SecondAccount;
  let fn: HostedFunction;
  const nodes: Millrace[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-suspended-'));
    database = await openTestDatabase();
    proxy = await DatabaseProxy.open(database.url);
    const env = {
      MILLRACE_DATABASE_URL: proxy.url,
      MILLRACE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      MILLRACE_DELAY_LEAST_MS: '1000',
    };
    for (const name of ['one', 'two'])
      nodes.push(await startMillrace({ dataDir: path.join(folder, name), env }));
    second = await makeSecondAccount(nodes[0] as Millrace);
    fn = await customerAt(0).uploadCode(
      'exports.handler = async () => ({ statusCode: 200, body: "hello" });',
    );
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await proxy?.close();
    await database?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const customerAt = (at: number): Subscriber => new Subscriber(nodes[at] as Millrace, second.token);
  const operatorAt = (at: number): Subscriber => new Subscriber(nodes[at] as Millrace);
  const statusAt = async (at: number): Promise<number> =>
    (await customerAt(at).request(`/func/v1/${fn.id}`, { method: 'POST', body: '{}' })).status;

  async function runs(status: string): Promise<number> {
    const [row] = await database.query<{ n: number }>(
      `select count(*) as n from all_runs where account_id = $1 and trigger = 'webhook' and status = $2::run_status`,
      [second.id, status],
    );
    return row?.n ?? 0;
  }

  test('is refused at both, and served at both again', async () => {
    assert.deepEqual([await statusAt(0), await statusAt(1)], [200, 200]);
    await operatorAt(0).post(`${ACCOUNTS}/${second.id}/suspend`, { reason: 'unpaid' });
    assert.equal(await statusAt(0), 403, 'at once where it was asked for');
    await until('the other node has heard of it', async () => (await statusAt(1)) === 403);
    await operatorAt(1).post(`${ACCOUNTS}/${second.id}/resume`);
    assert.equal(await statusAt(1), 200, 'at once where it was asked for');
    await until('the other node has heard of it', async () => (await statusAt(0)) === 200);
  });

  test('has nothing begin on either, until it is resumed', async () => {
    const delayed = async (who: Subscriber, functionId: string): Promise<string> => {
      const made = await who.post<{ url: string }>('/millrace/v1/triggers', {
        ...{ function_id: functionId, kind: 'webhook', delay_ms: 2_000 },
      });
      return new URL(made.url).pathname;
    };
    const hook = await delayed(customerAt(0), fn.id);
    const beside = operatorAt(0);
    const other = await beside.uploadCode('exports.handler = async () => null;');
    const otherHook = await delayed(beside, other.id);
    for (const at of [0, 1, 0, 1])
      assert.equal((await fetch(`${nodes[at]?.url}${hook}`, { method: 'POST' })).status, 200);
    await operatorAt(0).post(`${ACCOUNTS}/${second.id}/suspend`, {});
    // What another account has due later goes on: so the time of these has come.
    assert.equal((await fetch(`${nodes[1]?.url}${otherHook}`, { method: 'POST' })).status, 200);
    await until('another account goes on', async () => {
      const [row] = await database.query<{ n: number }>(
        `select count(*) as n from all_runs where account_id <> $1 and trigger = 'webhook' and status = 'succeeded'`,
        [second.id],
      );
      return row?.n === 1;
    });
    assert.deepEqual([await runs('queued'), await runs('succeeded')], [4, 0]);
    await operatorAt(1).post(`${ACCOUNTS}/${second.id}/resume`);
    await until('all of them go on', async () => (await runs('succeeded')) === 4);
  });

  test('that is closed is deleted once, and gone at both', async () => {
    await operatorAt(1).post(`${ACCOUNTS}/${second.id}/close`, { grace_days: 0 });
    await until('it is deleted', async () => {
      const answer = await operatorAt(0).request(`/millrace/v1/operator/deletions/${second.id}`);
      return (
        answer.status === 200 && ((await answer.json()) as { ended_at: string | null }).ended_at !== null
      );
    });
    for (const at of [0, 1]) {
      assert.ok([401, 403].includes(await statusAt(at)), `node ${at}`);
      assert.equal((await operatorAt(at).request(`${ACCOUNTS}/${second.id}`)).status, 404);
    }
  });
});
