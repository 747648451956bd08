// Group commit on a real PostgreSQL: who shares a transaction, and that nobody pays for another's fault.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Sql } from '../../src/postgres/database.ts';
import { type GroupCommitParts, groupCommit } from '../../src/postgres/group-commit.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

describe('group commit', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
    await database.query('create table items (n integer primary key, txid text not null)');
  });
  after(() => database?.close());
  afterEach(() => database.query('truncate items'));

  async function write(sql: Sql, items: readonly number[]): Promise<number[]> {
    await sql.query('insert into items select n, pg_current_xact_id()::text from unnest($1::int[]) as n', [
      items,
    ]);
    return items.map((item) => item * 10);
  }
  const open = (part: Partial<GroupCommitParts<number, number>> = {}) =>
    groupCommit<number, number>({
      ...{ database, write, weigh: () => 1, mostWeight: 1000, mostWaiting: 1000 },
      ...part,
    });
  const sizes = async (): Promise<number[]> =>
    (
      await database.query<{ size: number }>(
        'select count(*) as size from items group by txid order by min(n)',
      )
    ).map((row) => row.size);

  test('what arrives while a transaction is in flight shares the next', async () => {
    let let_ = (): void => {};
    const isHeld = new Promise<void>((resolve) => {
      let_ = resolve;
    });
    const door = open({
      write: async (sql, items) => {
        if (items.includes(0)) await isHeld;
        return write(sql, items);
      },
    });
    const first = door.add(0);
    await new Promise((resolve) => setImmediate(resolve));
    const rest = [1, 2, 3, 4].map((item) => door.add(item));
    let_();
    assert.deepEqual(await Promise.all([first, ...rest]), [0, 10, 20, 30, 40]);
    assert.deepEqual(await sizes(), [1, 4]);
  });

  test('a transaction carries no more than its weight, and a heavier item goes alone', async () => {
    const door = open({ weigh: (item) => item, mostWeight: 10 });
    await Promise.all([4, 5, 6, 50, 1].map((item) => door.add(item)));
    assert.deepEqual((await sizes()).sort(), [1, 1, 1, 2]);
  });

  test('a bad item fails alone, the others of its group are written by one transaction', async () => {
    await database.query("insert into items values (3, '0')");
    const committed: number[] = [];
    const door = open({ onCommitted: (results) => committed.push(...results) });
    const settled = await Promise.allSettled([1, 2, 3, 4].map((item) => door.add(item)));
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal((settled[2] as PromiseRejectedResult).reason.code, '23505');
    assert.deepEqual(committed, [10, 20, 40]);
    assert.deepEqual(await sizes(), [3, 1]);
  });

  test('a conflict is tried again until it passes', async () => {
    let conflicts = 2;
    const door = open({
      write: async (sql, items) => {
        conflicts -= 1;
        if (conflicts >= 0) await sql.query("do $$ begin raise 'no' using errcode = '40P01'; end $$");
        return write(sql, items);
      },
    });
    assert.equal(await door.add(7), 70);
  });

  test('nothing is believed to be written when the connection breaks', async () => {
    let writes = 0;
    const door = open({
      write: async (sql, items) => {
        writes += 1;
        if (writes === 1) await sql.query('select pg_terminate_backend(pg_backend_pid())');
        return write(sql, items);
      },
    });
    const settled = await Promise.allSettled([1, 2].map((item) => door.add(item)));
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.deepEqual(await sizes(), []);
    assert.equal(await door.add(3), 30, 'and it goes on');
  });

  test('who finds too many waiting is refused at once', async () => {
    const door = open({ mostWaiting: 2 });
    const waiting = [1, 2].map((item) => door.add(item));
    assert.throws(() => door.add(3), { code: 'unavailable' });
    await Promise.all(waiting);
    await door.drain();
  });
});
