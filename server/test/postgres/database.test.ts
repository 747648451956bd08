// Transactions on a real database: statements travel behind one another without waiting, and what fails takes
// all of it along.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { outageOf } from '../../src/errors/database-outage.ts';
import { asFailure } from '../../src/http/report-failure.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
  await database.query('create table kept (id integer primary key)');
});
after(() => database.close());
beforeEach(() => database.query('delete from kept'));

const keep = 'insert into kept (id) values ($1)';
const kept = async (): Promise<number[]> =>
  (await database.query<{ id: number }>('select id from kept order by id')).map(({ id }) => id);

test('statements that are sent together are answered in their order, and committed together', async () => {
  const answers = await database.transaction((sql) =>
    Promise.all([
      sql.query(keep, [1], 'keep'),
      sql.query(keep, [2], 'keep'),
      sql.query<{ count: number }>('select count(*) as count from kept'),
    ]),
  );
  assert.deepEqual(answers, [[], [], [{ count: 2 }]]);
  assert.deepEqual(await kept(), [1, 2]);
});

test('one that fails takes those before and behind it along, and the connection serves the next', async () => {
  const failing = database.transaction((sql) =>
    Promise.all([sql.query(keep, [1]), sql.query(keep, [1]), sql.query(keep, [3], 'behind')]),
  );
  await assert.rejects(failing, { code: '23505' });
  assert.deepEqual(await kept(), []);
  await database.transaction((sql) => sql.query(keep, [4], 'behind'));
  assert.deepEqual(await kept(), [4]);
});

test('what is thrown behind the last statement, or before the first, undoes all', async () => {
  const undone = database.transaction(async (sql) => {
    await sql.query(keep, [1]);
    throw new Error('changed my mind');
  });
  await assert.rejects(undone, /changed my mind/);
  const early = database.transaction(() => {
    throw new Error('not even begun');
  });
  await assert.rejects(early, /not even begun/);
  assert.deepEqual(await kept(), []);
});

test('a connection that breaks in a transaction fails it, whatever was sent, and another takes its place', async () => {
  const broken = database.transaction(async (sql) => {
    await sql.query(keep, [1]);
    await Promise.all([sql.query('select pg_terminate_backend(pg_backend_pid())'), sql.query(keep, [2])]);
  });
  await assert.rejects(broken);
  assert.deepEqual(await kept(), []);
});

test('a statement behind the end of its transaction is refused, wherever its caller kept it', async () => {
  let late: () => Promise<unknown> = async () => assert.fail('the transaction was not begun');
  await database.transaction(async (sql) => {
    late = () => sql.query(keep, [1]);
  });
  await assert.rejects(late, /this transaction is over/);
  assert.deepEqual(await kept(), []);
});

test('a protocol that is violated is a defect of ours, and no outage', async () => {
  for (const asked of [
    database.query('select $1::int, $2::int', [1]),
    database.transaction((sql) => sql.query('select $1::int, $2::int', [1])),
  ]) {
    await assert.rejects(asked, (error) => {
      assert.equal((error as { code?: unknown }).code, '08P01');
      assert.deepEqual([outageOf(error), asFailure(error).kind.status], [null, 500]);
      return true;
    });
  }
});

test('a transaction whose failed statement nobody minds is told as not committed', async () => {
  const careless = database.transaction(async (sql) => {
    await sql.query(keep, [1]);
    await sql.query('select 1/0').catch(() => {});
  });
  await assert.rejects(careless, /nothing was committed/);
  assert.deepEqual(await kept(), []);
});
