// Group commit on a real PostgreSQL: who shares a transaction, and that nobody pays for another's fault.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Sql } from '../../src/postgres/database.ts';
import {
  createGroupCommit,
  type GroupCommitParts,
  TooMuchTogether,
} from '../../src/postgres/group-commit.ts';
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
    createGroupCommit<number, number>({
      ...{ database, write, weigh: () => 1, mostWeight: 1000, mostWaiting: 1000, mostOfOwner: 1000 },
      ownerOf: () => 'one',
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
    assert.deepEqual((await sizes()).sort(), [1, 2, 2]);
  });

  test('owners take turns: what one has alone is in the next transaction, however many another has waiting', async () => {
    const door = open({ mostWeight: 10, ownerOf: (item) => (item < 1000 ? 'busy' : 'other') });
    const busy = Array.from({ length: 200 }, (_, n) => door.add(n));
    const other = door.add(1000);
    await Promise.all([...busy, other]);
    const [place] = await database.query<{ before: number }>(
      'select count(*) as before from items where txid::bigint < (select txid::bigint from items where n = 1000)',
    );
    assert.ok((place?.before ?? 99) <= 10, `${place?.before} were written before it`);
  });

  test('an owner with too many waiting is refused, others are not', async () => {
    const door = open({ mostOfOwner: 2, ownerOf: (item) => (item < 1000 ? 'busy' : 'other') });
    const waiting = [1, 2].map((item) => door.add(item));
    assert.throws(() => door.add(3), { code: 'unavailable' });
    waiting.push(door.add(1000));
    await Promise.all(waiting);
  });

  test('a heavy item goes by itself, beside the light ones', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const door = open({
      ...{ weigh: (item) => item, mostWeight: 10 },
      write: async (sql, items, isAlone) => {
        assert.equal(isAlone, items[0] === 50);
        if (isAlone) await held;
        return write(sql, items);
      },
    });
    const heavy = door.add(50);
    assert.deepEqual(await Promise.all([1, 2].map((item) => door.add(item))), [10, 20]);
    release();
    assert.equal(await heavy, 500);
  });

  test('items that turn out to be too much together are written again by what they weigh then', async () => {
    const weights = new Map<number, number>();
    const door = open({
      ...{ weigh: (item) => weights.get(item) ?? 1, mostWeight: 10 },
      write: async (sql, items, isAlone) => {
        for (const item of items) weights.set(item, item);
        if (!isAlone && items.reduce((sum, item) => sum + item, 0) > 10) throw new TooMuchTogether();
        return write(sql, items);
      },
    });
    assert.deepEqual(await Promise.all([4, 5, 6, 50].map((item) => door.add(item))), [40, 50, 60, 500]);
    assert.deepEqual((await sizes()).sort(), [1, 1, 2]);
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
