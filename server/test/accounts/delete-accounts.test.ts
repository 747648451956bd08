// Deletes accounts on a real PostgreSQL: in which order, in portions that shrink where they take too long,
// and not before it may.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { deletePortion, findDeletion, listAccountTables } from '../../src/accounts/account-deletion-store.ts';
import { inOrder, startDeletingAccounts } from '../../src/accounts/delete-accounts.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { until } from '../until.ts';

describe('the deletion of accounts', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
  });
  after(() => database?.close());

  test('takes what leans on others before what it leans on, of every table of accounts', async () => {
    const tables = await listAccountTables(database);
    const order = inOrder(tables);
    assert.deepEqual([...order].sort(), tables.map(({ name }) => name).sort());
    for (const { name, leansOn } of tables)
      for (const other of leansOn.filter((one) => order.includes(one)))
        assert.ok(order.indexOf(name) < order.indexOf(other), `${name} before ${other}`);
    assert.deepEqual(
      inOrder([
        { name: 'a', partOf: null, leansOn: ['b'] },
        { name: 'b', partOf: null, leansOn: ['a'] },
      ]).sort(),
      ['a', 'b'],
      'two that lean on each other end, too',
    );
  });

  async function close(id: string, graceS: number): Promise<void> {
    await database.query(
      `insert into accounts (id, alias, sealed_key, status, delete_at)
       values ($1, $1, '\\x0102', 'closed', now() + make_interval(secs => $2))`,
      [id, graceS],
    );
    for (const n of [1, 2, 3])
      await database.query(`insert into users (id, account_id, name, email) values ($1, $2, 'u', 'u')`, [
        `${id}${n}`,
        id,
      ]);
  }

  test('waits for the time of grace and for runs that go on, and makes do with small portions', async () => {
    await close('AA0001', 0);
    await close('BB0002', 3_600);
    await database.query(
      `insert into runs (id, account_id, mode, function_id, version, trigger, cause, status, node, memory_mb, created_at)
       values (gen_random_uuid(), 'AA0001', 'live', 'f', 1, 'http', '{}', 'running', 'n', 128, now())`,
    );
    const limits: number[] = [];
    const deleting = startDeletingAccounts({
      ...{ database, log: pino({ level: 'silent' }) },
      own: {
        users: async (sql, accountId, limit) => {
          limits.push(limit);
          if (limit > 1) throw new Error('a statement that takes too long');
          return { users: await deletePortion(sql, 'users', accountId, limit) };
        },
      },
    });
    try {
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(await findDeletion(database, 'AA0001'), null, 'a run goes on');
      await database.query(`update runs set status = 'succeeded' where account_id = 'AA0001'`);
      deleting.wake();
      await until(
        'it is deleted',
        async () => ((await findDeletion(database, 'AA0001'))?.endedAt ?? null) !== null,
      );
    } finally {
      await deleting.stop();
    }
    assert.deepEqual((await findDeletion(database, 'AA0001'))?.rows, { runs: 1, users: 3 });
    assert.deepEqual(limits.slice(0, 4), [1_000, 100, 10, 1]);
    assert.equal(await findDeletion(database, 'BB0002'), null);
    const left = await database.query('select id, sealed_key from accounts');
    assert.deepEqual(left, [{ id: 'BB0002', sealed_key: Buffer.from([1, 2]) }]);
  });
});
