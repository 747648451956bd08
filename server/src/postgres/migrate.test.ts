import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../../test/database/open-test-database.ts';
import { migrate, migrationsDir, readMigrations } from './migrate.ts';

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

test('a migrated database is left alone', async () => {
  assert.deepEqual(await migrate(database, readMigrations(migrationsDir())), []);
});

test('a migration that fails leaves nothing of itself', async () => {
  const broken = { number: 9001, name: 'broken', sql: 'create table half (a int); select nonsense' };
  await assert.rejects(migrate(database, [...readMigrations(migrationsDir()), broken]), /nonsense/);
  assert.deepEqual(await database.query("select 1 from pg_tables where tablename = 'half'"), []);
  assert.deepEqual(await database.query('select 1 from migrations where number = 9001'), []);
});

test('several nodes that start at once apply a migration once', async () => {
  const next = { number: 9002, name: 'once', sql: 'create table once (a int)' };
  const all = [...readMigrations(migrationsDir()), next];
  const applied = await Promise.all([migrate(database, all), migrate(database, all), migrate(database, all)]);
  assert.deepEqual(applied.flat(), ['once']);
});

test('a database of a newer version is refused', async () => {
  await assert.rejects(migrate(database, readMigrations(migrationsDir())), /start a newer Millrace/);
});
