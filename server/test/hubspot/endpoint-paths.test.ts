// What the upgrade makes of paths that two folders share: with a real database.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { migrate, migrationsDir, readMigrations } from '../../src/postgres/migrate.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

let database: TestDatabase;

before(async () => {
  database = await openTestDatabase();
  await database.query(
    `insert into accounts (id, alias, sealed_key) values ('ann', 'ann', ''), ('bob', 'bob', '')`,
  );
});
after(() => database?.close());

type Claim = { account?: string; folder: string; path: string; daysAgo: number; isRetired?: boolean };

async function addEndpoint({
  account = 'ann',
  folder,
  path,
  daysAgo,
  isRetired = false,
}: Claim): Promise<void> {
  await database.query(
    `insert into endpoints (account_id, mode, folder, path, methods, file, secret_names, function_id, claimed_at, retired_at)
     values ($1, 'live', $2, $3, '{GET}', 'a.js', '{}', $2 || $3, now() - make_interval(days => $4),
       case when $5 then now() end)`,
    [account, folder, path, daysAgo, isRetired],
  );
  await database.query(
    `insert into function_folders (account_id, mode, path, changes, deployed_changes) values ($1, 'live', $2, 3, 3)
     on conflict do nothing`,
    [account, folder],
  );
}

test('the folder that is called keeps a shared path, and the other one is deployed again', async () => {
  await database.query('drop table endpoint_paths');
  await database.query('delete from migrations where number = 37');
  await addEndpoint({ folder: 'old.functions', path: 'Form', daysAgo: 2 });
  await addEndpoint({ folder: 'new.functions', path: 'form', daysAgo: 1 });
  await addEndpoint({ folder: 'gone.functions', path: 'form', daysAgo: 0, isRetired: true });
  await addEndpoint({ folder: 'alone.functions', path: 'alone', daysAgo: 5 });
  await addEndpoint({ account: 'bob', folder: 'old.functions', path: 'form', daysAgo: 9 });
  assert.deepEqual(await migrate(database, readMigrations(migrationsDir())), ['endpoint_paths']);
  const paths = await database.query(
    'select account_id, path, folder from endpoint_paths order by account_id, path',
  );
  assert.deepEqual(
    paths.map((row) => Object.values(row)),
    [
      ['ann', 'alone', 'alone.functions'],
      ['ann', 'form', 'new.functions'],
      ['bob', 'form', 'old.functions'],
    ],
  );
  const due = await database.query(
    'select account_id, path from function_folders where changes > deployed_changes order by path',
  );
  assert.deepEqual(
    due.map((row) => Object.values(row)),
    [['ann', 'old.functions']],
  );
});
