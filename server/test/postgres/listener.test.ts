// What a node knows of changes when it answers them: with a real PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pino } from 'pino';
import { LatelyUsed } from '../../src/memory/lately-used.ts';
import { SharedLoads } from '../../src/memory/shared-loads.ts';
import { type Listener, openListener } from '../../src/postgres/listener.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const SILENT = pino({ level: 'silent' });

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
  await database.query('create table things (id text primary key, value int)');
  await database.query("insert into things values ('a', 0)");
});
after(() => database?.close());

async function change(value: number): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query("update things set value = $1 where id = 'a'", [value]);
    await sql.query("select pg_notify('things', 'a')");
  });
}

const readThing = async (): Promise<number> =>
  (await database.query<{ value: number }>("select value from things where id = 'a'"))[0]?.value ?? -1;

async function listening(told: (id: string) => unknown, onMissed: () => unknown): Promise<Listener> {
  return await openListener(database.url, { channels: { things: told }, onMissed }, SILENT);
}

test('once it has caught up, a directory answers by what was committed before, also past a load held since then', async () => {
  const kept = new LatelyUsed<number>(10);
  const loads = new SharedLoads<number>();
  const forget = (id: string): void => {
    kept.delete(id);
    loads.forget(id);
  };
  /** While set, a load that has read is held until it is released. */
  let hold: { hasRead(): void; released: Promise<void> } | null = null;
  const ask = async (): Promise<number> => {
    const holding = hold;
    const value = await readThing();
    holding?.hasRead();
    await holding?.released;
    return value;
  };
  const find = (): Promise<number> => {
    const found = kept.get('a');
    return found !== undefined
      ? Promise.resolve(found)
      : loads.load('a', ask, (value) => kept.set('a', value));
  };
  const listener = await listening(forget, () => assert.fail('nothing is missed'));
  for (let round = 1; round <= 20; round += 1) {
    // A load that began before the change ends after it.
    const [read, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    hold = { hasRead: read.resolve, released: released.promise };
    const old = find();
    hold = null;
    await read.promise;
    await change(round);
    await listener.caughtUp();
    assert.equal(await find(), round);
    released.resolve();
    assert.equal(await old, round - 1);
    assert.equal(await find(), round, 'what was read before the change is not kept');
    forget('a');
  }
  await listener.close();
});

test('what takes long to be taken in is waited for', async () => {
  let isTakenIn = false;
  const listener = await listening(
    async () => {
      await database.query('select pg_sleep(0.1)');
      isTakenIn = true;
    },
    () => {},
  );
  await change(1);
  await listener.caughtUp();
  assert.equal(isTakenIn, true);
  await listener.close();
});

test('those who ask together are answered together', async () => {
  const listener = await listening(
    () => {},
    () => {},
  );
  await Promise.all(Array.from({ length: 500 }, () => listener.caughtUp()));
  await listener.close();
});

test('where nothing is heard, everything counts as missed', async () => {
  let missed = 0;
  const listener = await listening(
    () => {},
    () => {
      missed += 1;
    },
  );
  await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query = 'set synchronous_commit = off'",
  );
  await listener.caughtUp();
  assert.ok(missed >= 1);
  await listener.close();
});
