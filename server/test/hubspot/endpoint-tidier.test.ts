// What uploads leave behind is forgotten: with a real database.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { tidyEndpoints } from '../../src/dialects/hubspot/catalog/endpoint-tidier.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const VERSIONS = 30;
const ALL = Array.from({ length: VERSIONS }, (_, at) => at + 1);
let database: TestDatabase;

function hashOf(id: string, number: number): string {
  return createHash('sha256').update(`${id} ${number}`).digest('hex');
}

/** A function of `VERSIONS` versions, each with code of its own; the third is active. */
async function addFunction(id: string, ageDays: number): Promise<void> {
  await database.query(
    `insert into functions (id, account_id, mode, dialect, name, timeout_ms, memory_mb, reuse, concurrency, active_version)
     values ($1, 'ann', 'live', 'hubspot', $1, 1000, 128, 'warm', 1, 3)`,
    [id],
  );
  for (let number = 1; number <= VERSIONS; number += 1) {
    const hash = hashOf(id, number);
    await database.query(
      `insert into bundles (hash, zip, size_bytes, unpacked_bytes) values ($1, '', 0, 0)`,
      [hash],
    );
    await database.query(
      `insert into versions (function_id, number, account_id, bundle_hash, filename, size_bytes, handler, runtime, created_at)
       values ($1, $2, 'ann', $3, 'a.zip', 0, 'a.main', 'nodejs20.x', now() - make_interval(days => $4))`,
      [id, number, hash, ageDays],
    );
  }
}

async function addEndpoint(path: string, functionId: string, retiredDaysAgo: number | null): Promise<void> {
  await database.query(
    `insert into endpoints (account_id, mode, folder, path, methods, file, secret_names, function_id, claimed_at, retired_at)
     values ('ann', 'live', 'a.functions', $1, '{GET}', 'a.js', '{}', $2, now(), now() - make_interval(days => $3))`,
    [path, functionId, retiredDaysAgo],
  );
}

async function column<T>(text: string): Promise<T[]> {
  return (await database.query<{ value: T }>(text)).map(({ value }) => value);
}

before(async () => {
  database = await openTestDatabase();
  await database.query("insert into accounts (id, alias, sealed_key) values ('ann', 'ann', '')");
  await addFunction('old', 5);
  await addFunction('young', 0);
  await addEndpoint('old', 'old', null);
  await addEndpoint('young', 'young', null);
  await addEndpoint('lately-retired', 'gone-1', 10);
  await addEndpoint('long-retired', 'gone-2', 100);
  await tidyEndpoints(database, 90, new AbortController().signal);
});
after(() => database?.close());

describe('of what uploads leave behind', () => {
  test('endpoints stay as long as their logs', async () => {
    assert.deepEqual(await column('select path as value from endpoints order by path'), [
      'lately-retired',
      'old',
      'young',
    ]);
  });

  test('the newest versions and the active one stay, and no bundle that nobody holds', async () => {
    const numbers = await column<number>(
      "select number as value from versions where function_id = 'old' order by number",
    );
    assert.deepEqual(numbers, [3, ...Array.from({ length: 20 }, (_, at) => at + 11)]);
    const bundles = await column<string>('select hash as value from bundles');
    assert.deepEqual(
      new Set(bundles),
      new Set([
        ...numbers.map((number) => hashOf('old', number)),
        ...ALL.map((number) => hashOf('young', number)),
      ]),
    );
  });

  test('versions of the last day stay, however many', async () => {
    assert.equal(
      (await column("select number as value from versions where function_id = 'young'")).length,
      VERSIONS,
    );
  });
});
