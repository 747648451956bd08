// What an account may have, as the database holds to it: however many are made at once, and that every table
// of ours has something that bounds it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setOwnBounds, writeUsualBounds } from '../../src/accounts/account-bounds-store.ts';
import {
  ACCOUNT_BOUNDS,
  BOUND_NAMES,
  parseAccountBounds,
  usualBounds,
} from '../../src/config/account-bounds.ts';
import { configNames, parseConfig } from '../../src/config/config.ts';
import { LIMIT_RULES } from '../../src/config/limits.ts';
import { createSettingReader } from '../../src/config/setting-reader.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const LIMITS_PAGE = readFileSync(path.resolve(import.meta.dirname, '../../../docs/limits.md'), 'utf8');

/** Rows of the tables whose first cell is code. */
function rows(heading: string): string[][] {
  const part = LIMITS_PAGE.split(`| ${heading} |`)[1]?.split('\n\n')[0] ?? '';
  return [...part.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, name = '', rest = '']) => [
    name,
    ...rest.split(' | '),
  ]);
}

describe('the bounds of an account', () => {
  let database: TestDatabase;
  const usual = usualBounds(
    parseAccountBounds(createSettingReader({ MILLRACE_ACCOUNT_BOUNDS: 'domains=5' }, []), []),
    parseConfig({}, { workingDir: '/', totalMemoryMb: 4096, cores: 2 }).limits,
  );
  before(async () => {
    database = await openTestDatabase();
    for (const id of ['AA0001', 'BB0002'])
      await database.query('insert into accounts (id, alias, sealed_key) values ($1, $1, $2)', [
        id,
        Buffer.alloc(1),
      ]);
    await writeUsualBounds(database, usual);
  });
  after(() => database?.close());

  const domain = (name: string, accountId = 'AA0001', mode = 'live') =>
    database.query('insert into domains (domain, account_id, mode) values ($1, $2, $3)', [
      name,
      accountId,
      mode,
    ]);
  const countDomains = async (accountId = 'AA0001') =>
    (
      await database.query<{ n: number }>('select count(*) as n from domains where account_id = $1', [
        accountId,
      ])
    )[0]?.n;

  test('hold to the last one, however many are made at the same time', async () => {
    const made = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => domain(`d${n}.example`)));
    const refused = made.filter((one) => one.status === 'rejected').map(({ reason }) => reason);
    assert.deepEqual([await countDomains(), refused.length], [5, 7]);
    for (const { code, message, facts } of refused) {
      assert.deepEqual([code, facts], ['conflict', { limit: 5, bound: 'domains' }]);
      assert.equal(message, 'the account has as many domains as it may: 5 (domains)');
    }
  });

  test('are of each mode, and of each account', async () => {
    await domain('test.example', 'AA0001', 'test');
    await domain('other.example', 'BB0002');
    assert.equal(await countDomains('BB0002'), 1);
  });

  test('are an account’s own where it has one, and as usual again afterwards', async () => {
    await setOwnBounds(database, 'AA0001', { domains: 6 });
    await domain('sixth.example');
    await assert.rejects(domain('seventh.example'), {
      code: 'conflict',
      facts: { limit: 6, bound: 'domains' },
    });
    await setOwnBounds(database, 'AA0001', { domains: null });
    await assert.rejects(domain('seventh.example'), { facts: { limit: 5, bound: 'domains' } });
  });

  test('on code count each bundle once, over both modes', async () => {
    await setOwnBounds(database, 'BB0002', { bundle_bytes: 100 });
    const hash = (n: number) => String(n).repeat(64);
    for (const n of [1, 2, 3])
      await database.query(
        'insert into bundles (hash, zip, size_bytes, unpacked_bytes) values ($1, $2, 40, 40)',
        [hash(n), Buffer.alloc(1)],
      );
    await database.query(
      `insert into functions (id, account_id, mode, dialect, name, timeout_ms, memory_mb, reuse, concurrency, active_version)
       values ('f', 'BB0002', 'live', 'any', 'f', 1000, 128, 'warm', 1, 1)`,
    );
    const version = (number: number, n: number) =>
      database.query(
        `insert into versions (function_id, number, account_id, bundle_hash, filename, size_bytes, handler, runtime)
         values ('f', $1, 'BB0002', $2, 'f.zip', 40, 'index.handler', 'nodejs24.x')`,
        [number, hash(n)],
      );
    for (const [number, n] of [
      [1, 1],
      [2, 2],
      [3, 1],
    ] as const)
      await version(number, n);
    await assert.rejects(version(4, 3), { code: 'conflict', facts: { limit: 100, bound: 'bundle_bytes' } });
  });

  test('are told of as they are, each with its number', () => {
    const told = rows('bound').map(([name, number]) => [name, number?.replaceAll(/[`,]/g, '')]);
    assert.deepEqual(
      told,
      BOUND_NAMES.map((name) => {
        const { usual: number } = ACCOUNT_BOUNDS[name];
        return [name, typeof number === 'string' ? LIMIT_RULES[number][0] : String(number)];
      }),
    );
  });

  test('leave out no table: each is named with what holds it', async () => {
    const tables = await database.query<{ name: string; has_account: boolean }>(
      `select t.table_name as name, exists (
         select from information_schema.columns c
         where c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'account_id') as has_account
       from information_schema.tables t join pg_class p on p.oid = format('%I', t.table_name)::regclass
       where t.table_schema = current_schema() and t.table_type = 'BASE TABLE' and not p.relispartition order by t.table_name collate "C"`,
    );
    const known = new Set<string>([...BOUND_NAMES, ...configNames(), ...tables.map(({ name }) => name)]);
    for (const [heading, hasAccount] of [
      ['table', true],
      ['other table', false],
    ] as const) {
      const told = rows(heading);
      const expected = tables.filter(({ has_account }) => has_account === hasAccount);
      assert.deepEqual(
        told.map(([name]) => name),
        expected.map(({ name }) => name),
      );
      for (const [table, held = ''] of told) {
        for (const [, name = ''] of held.matchAll(/`(\w+)`/g))
          assert.ok(known.has(name), `${table}: ${name}`);
      }
    }
  });

  test('that are set wrongly are a problem at the start', () => {
    for (const wrong of ['flows', 'flows=-1', 'flows=1e3', 'rockets=5']) {
      const problems: string[] = [];
      parseAccountBounds(createSettingReader({ MILLRACE_ACCOUNT_BOUNDS: wrong }, problems), problems);
      assert.match(problems[0] ?? '', /MILLRACE_ACCOUNT_BOUNDS must hold entries such as flows=2000/, wrong);
    }
  });
});
