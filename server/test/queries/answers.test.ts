// What queries answer: over the platform's own records on a real PostgreSQL, over the operator's PostgreSQL
// and MariaDB; and what they can't do there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import type { World } from '../../src/accounts/account.ts';
import type { QueryDatabase } from '../../src/config/query-sources.ts';
import {
  type Answer,
  type AnswerQuery,
  createQueryAnswerer,
} from '../../src/sources/queries/answer-query.ts';
import type { ResultRow } from '../../src/sources/queries/query.ts';
import { askOwn } from '../../src/sources/queries/query-databases.ts';
import { readDefinition } from '../../src/sources/queries/query-fields.ts';
import { openMaria, type TestMaria } from '../database/open-mariadb.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const LIVE: World = { accountId: 'AA0001', mode: 'live' };
const NOW = Date.parse('2026-05-06T12:00:00Z');

/** The same shop in both systems. */
const SHOP = [
  'create table sales (product varchar(50), amount decimal(10,2), quantity int, sold_at timestamp null, note text)',
  `insert into sales values ('Bundle', 600.42, 2, '2026-05-06 10:00:00', 'a'), ('Bundle', 25.50, 1, '2026-05-06 11:00:00', null),
     ('Plan', 208.64, 3, '2026-05-06 01:00:00', 'b'), ('Plan', 1000, 9, '2026-05-01 01:00:00', 'c'), (null, 1, 1, '2026-05-06 02:00:00', 'd')`,
];

let database: TestDatabase;
let maria: TestMaria;
let answer: AnswerQuery;
let databases: QueryDatabase[];

before(async () => {
  [database, maria] = await Promise.all([openTestDatabase(), openMaria(SHOP)]);
  await database.query('create database shop');
  const shop = new pg.Client({ connectionString: shopUrl() });
  await shop.connect();
  for (const statement of SHOP) await shop.query(statement);
  await shop.end();
  databases = [
    { name: 'pg', kind: 'postgres', url: shopUrl(), accounts: null },
    { name: 'maria', kind: 'mysql', url: maria.url, accounts: ['AA0001', 'ZZ'] },
    { name: 'down', kind: 'mysql', url: 'mysql://u:secret@127.0.0.1:1/x', accounts: '*' },
  ];
  answer = answererOf({});
  await fill();
});
after(async () => {
  await database?.close();
  await maria?.close();
});

function shopUrl(): string {
  return database.url.replace(/(\/)[^/?]*\?/, '$1shop?');
}

function answererOf(part: { mostGroups?: number; timeoutMs?: number; mostAtOnce?: number }): AnswerQuery {
  const usual = { mostGroups: 100, timeoutMs: 5_000, mostAtOnce: 8 };
  return createQueryAnswerer({
    ...usual,
    ...part,
    askOwn: askOwn(database),
    databases,
    firstAccountId: 'AA0001',
  });
}

async function fill(): Promise<void> {
  for (const id of ['AA0001', 'BB0002'])
    await database.query('insert into accounts (id, alias, sealed_key) values ($1, $1, $2)', [
      id,
      Buffer.alloc(1),
    ]);
  const sale = (account: string, mode: string, at: string, data: unknown): Promise<unknown> =>
    database.query(
      `insert into events (account_id, mode, id, type, notations, item_type, item_id, campaign, happened_at, data)
       values ($1, $2::mode, gen_random_uuid()::text, 'sale.created', '{sale.created}', 'sale', 'i', 'spring', $3, $4)`,
      [account, mode, at, JSON.stringify(data)],
    );
  await sale('AA0001', 'live', '2026-05-06T01:00:00Z', {
    product: 'Bundle',
    amount_gross: 600.42,
    tags: ['x'],
  });
  await sale('AA0001', 'live', '2026-05-06T02:00:00Z', {
    product: 'Bundle',
    amount_gross: '25.50',
    deep: { n: 5 },
  });
  await sale('AA0001', 'live', '2026-05-06T03:00:00Z', {
    product: 'Plan',
    amount_gross: 208.64,
    tags: { a: 1 },
  });
  await sale('AA0001', 'live', '2026-05-06T04:00:00Z', { product: 7, amount_gross: 'no number' });
  await sale('AA0001', 'live', '2026-05-05T23:59:59Z', { product: 'Plan', amount_gross: 1e9 });
  await sale('AA0001', 'test', '2026-05-06T01:00:00Z', { product: 'Test', amount_gross: 1 });
  await sale('BB0002', 'live', '2026-05-06T01:00:00Z', { product: 'Other', amount_gross: 1 });
  await database.query(
    `insert into key_values (account_id, mode, key, key_type, sealed_value, size_bytes, modified_at)
     values ('AA0001', 'live', 'a', 'string', '', 10, '2026-05-06'), ('AA0001', 'live', 'b', 'string', '', 30, '2026-05-06'),
       ('BB0002', 'live', 'c', 'string', '', 30, '2026-05-06')`,
  );
}

const ask = (body: unknown, world = LIVE, by = answer): Promise<Answer> =>
  by({ world, definition: readDefinition(body), atMs: NOW });
const rowsOf = async (body: unknown): Promise<ResultRow[]> => (await ask(body)).rows;

const SALES = { source: { kind: 'events', item_type: 'sale' }, date_range: { preset: 'today' } };
const SUM = [{ function: 'sum', field: 'item_details.amount_gross' }];

describe('a query over events', () => {
  test('answers in the shape of the page, the largest group first', async () => {
    const rows = await rowsOf({ ...SALES, group_by: 'item_details.product', metrics: SUM });
    assert.deepEqual(rows, [
      { group_by_value: 'Bundle', sale_sum_amount_gross: 625.92 },
      { group_by_value: 'Plan', sale_sum_amount_gross: 208.64 },
      { group_by_value: 7, sale_sum_amount_gross: 0 },
    ]);
  });

  test('knows every metric, and takes what is no number for none', async () => {
    const functions = ['count', 'sum', 'avg', 'min', 'max'];
    const metrics = functions.map((name) => ({ function: name, field: 'item_details.amount_gross' }));
    const [row] = await rowsOf({ ...SALES, metrics: [{ function: 'count' }, ...metrics] });
    assert.deepEqual(row, {
      ...{ group_by_value: null, sale_count: 4, sale_count_amount_gross: 4, sale_sum_amount_gross: 834.56 },
      ...{ sale_avg_amount_gross: 834.56 / 3, sale_min_amount_gross: 25.5, sale_max_amount_gross: 600.42 },
    });
  });

  for (const [field, operator, value, expected] of [
    ['item_details.product', 'equals', 'Bundle', 2],
    ['item_details.product', 'not_equals', 'Bundle', 2],
    ['item_details.amount_gross', 'equals', 25.5, 1],
    ['item_details.amount_gross', 'greater', 100, 2],
    ['item_details.amount_gross', 'less', 100, 1],
    ['item_details.product', 'contains', 'und', 2],
    ['item_details.product', 'in', ['Plan', 7], 2],
    ['item_details.deep.n', 'exists', undefined, 1],
    ['item_details.deep.n', 'missing', undefined, 3],
    ['campaign', 'equals', 'spring', 4],
    ['item_details.constructor', 'exists', undefined, 0],
    [`item_details.x' or '1'='1`, 'exists', undefined, 0],
  ] as const) {
    test(`keeps what ${field} ${operator} ${JSON.stringify(value) ?? ''}`, async () => {
      const filter = value === undefined ? { field, operator } : { field, operator, value };
      const [row] = await rowsOf({ ...SALES, filters: [filter], metrics: [{ function: 'count' }] });
      assert.equal(row?.sale_count, expected);
    });
  }

  test('makes no groups of lists and objects', async () => {
    const rows = await rowsOf({ ...SALES, group_by: 'item_details.tags', metrics: [{ function: 'count' }] });
    assert.deepEqual(rows, [{ group_by_value: null, sale_count: 4 }]);
  });

  test('sees one account in one mode alone', async () => {
    const body = { ...SALES, group_by: 'item_details.product', metrics: [{ function: 'count' }] };
    const { rows } = await ask(body, { accountId: 'BB0002', mode: 'live' });
    assert.deepEqual(rows, [{ group_by_value: 'Other', sale_count: 1 }]);
    assert.equal((await ask(body, { accountId: 'AA0001', mode: 'test' })).rows[0]?.group_by_value, 'Test');
  });

  test('keeps as many groups as are allowed, and says so', async () => {
    const body = { ...SALES, group_by: 'item_details.product', metrics: SUM };
    const { rows, isTruncated } = await ask(body, LIVE, answererOf({ mostGroups: 1 }));
    assert.deepEqual([rows.length, rows[0]?.group_by_value, isTruncated], [1, 'Bundle', true]);
    assert.equal((await ask(body)).isTruncated, false);
  });
});

test('a query over runs or key values answers too', async () => {
  assert.deepEqual(
    await rowsOf({
      source: { kind: 'runs' },
      metrics: [{ function: 'count' }, { function: 'avg', field: 'duration_ms' }],
    }),
    [{ group_by_value: null, run_count: 0, run_avg_duration_ms: null }],
  );
  assert.deepEqual(
    await rowsOf({
      source: { kind: 'key_values' },
      group_by: 'key_type',
      metrics: [{ function: 'sum', field: 'size_bytes' }],
    }),
    [{ group_by_value: 'string', key_value_sum_size_bytes: 40 }],
  );
});

for (const connection of ['pg', 'maria']) {
  describe(`a query over another database: ${connection}`, () => {
    const source = { kind: 'external', connection, table: 'sales', date_column: 'sold_at' };
    const today = { source, date_range: { preset: 'today' } };

    test('groups, adds up and filters, within its dates', async () => {
      const rows = await rowsOf({
        ...{ ...today, group_by: 'product' },
        metrics: [
          { function: 'sum', field: 'amount' },
          { function: 'count' },
          { function: 'max', field: 'quantity' },
        ],
        filters: [
          { field: 'product', operator: 'in', value: ['Bundle', 'Plan'] },
          { field: 'amount', operator: 'greater', value: 5 },
        ],
      });
      assert.deepEqual(rows, [
        { group_by_value: 'Bundle', sales_sum_amount: 625.92, sales_count: 2, sales_max_quantity: 2 },
        { group_by_value: 'Plan', sales_sum_amount: 208.64, sales_count: 1, sales_max_quantity: 3 },
      ]);
    });

    for (const [operator, value, expected] of [
      ['equals', 'Bundle', 2],
      ['not_equals', 'Bundle', 3],
      ['contains', 'la', 2],
      ['exists', undefined, 4],
      ['missing', undefined, 1],
    ] as const) {
      test(`knows ${operator}`, async () => {
        const filter = { field: 'product', operator, ...(value === undefined ? {} : { value }) };
        const [row] = await rowsOf({ source, filters: [filter], metrics: [{ function: 'count' }] });
        assert.equal(row?.sales_count, expected);
      });
    }

    test('says what its database says, and nothing of where that is', async () => {
      const wrong = { source: { ...source, table: 'no_such' }, metrics: [{ function: 'count' }] };
      await assert.rejects(ask(wrong), /the database says: .*no_such.*(exist)/i);
      for (const name of ['amount") from sales; drop table sales --', 'a`b', "x'; drop table sales; --"]) {
        const hostile = { source, group_by: name, metrics: [{ function: 'sum', field: name }] };
        await assert.rejects(ask(hostile), /the database says: /);
      }
      const [row] = await rowsOf({ source, metrics: [{ function: 'count' }] });
      assert.equal(row?.sales_count, 5);
    });

    test('ends in time', async () => {
      if (connection === 'pg') {
        const shop = new pg.Client({ connectionString: shopUrl() });
        await shop.connect();
        await shop.query('create or replace view slow_view as select pg_sleep(60)::text as x');
        await shop.end();
      } else {
        await maria.query('create or replace view slow_view as select sleep(60) as x from sales');
      }
      const started = performance.now();
      const body = {
        source: { kind: 'external', connection, table: 'slow_view' },
        group_by: 'x',
        metrics: [{ function: 'count' }],
      };
      await assert.rejects(ask(body, LIVE, answererOf({ timeoutMs: 300 })), /longer than 300 ms/);
      assert.ok(performance.now() - started < 5_000);
    });

    test('can not write, whatever its user may', async () => {
      const write =
        connection === 'pg'
          ? `create or replace function meddle() returns text language sql volatile as $$ delete from sales returning 'x' $$`
          : `create or replace function meddle() returns int modifies sql data begin delete from sales; return 1; end`;
      const view = `create or replace view meddling as select meddle() as x`;
      if (connection === 'pg') {
        const shop = new pg.Client({ connectionString: shopUrl() });
        await shop.connect();
        await shop.query(write);
        await shop.query(view);
        await shop.end();
      } else {
        await maria.query(write);
        await maria.query(view);
      }
      const body = {
        source: { kind: 'external', connection, table: 'meddling' },
        group_by: 'x',
        metrics: [{ function: 'count' }],
      };
      await assert.rejects(ask(body), /read.?only/i);
      const [row] = await rowsOf({ source, metrics: [{ function: 'count' }] });
      assert.equal(row?.sales_count, 5);
    });
  });
}

test('a database is there for the accounts that the operator names, and for nobody else', async () => {
  const body = (connection: string) => ({
    source: { kind: 'external', connection, table: 'sales' },
    metrics: [{ function: 'count' }],
  });
  const other: World = { accountId: 'BB0002', mode: 'live' };
  for (const connection of ['pg', 'maria', 'none'])
    await assert.rejects(ask(body(connection), other), /there is no database \w+ that this account may read/);
  await assert.rejects(ask(body('down'), other), (error: Error) => {
    assert.match(error.message, /could not be reached \(ECONNREFUSED\)/);
    assert.doesNotMatch(error.message, /127|secret/);
    return true;
  });
});

test('an account has half of the queries that may go on at a time', async () => {
  const few = answererOf({ mostAtOnce: 2 });
  const body = {
    source: { kind: 'external', connection: 'pg', table: 'slow' },
    metrics: [{ function: 'count' }],
  };
  const first = ask(body, LIVE, few).catch(() => 'ended');
  await assert.rejects(ask(body, LIVE, few), /going on already/);
  assert.equal((await ask(SALES_COUNT, { accountId: 'BB0002', mode: 'live' }, few)).rows.length, 1);
  await first;
  assert.equal((await ask(SALES_COUNT, LIVE, few)).rows.length, 1);
});
const SALES_COUNT = { ...SALES, metrics: [{ function: 'count' }] };

test('what can’t be asked is refused with the field', () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ ...SALES, metrics: [] }, /^metrics: /],
    [{ ...SALES, metrics: [{ function: 'sum' }] }, /^metrics.0.field: is required/],
    [
      { ...SALES, metrics: [{ function: 'count' }, { function: 'count' }] },
      /^metrics.1: would be a second sale_count/,
    ],
    [{ ...SALES_COUNT, group_by: 'data' }, /^group_by: must be one of item_type/],
    [
      { ...SALES_COUNT, filters: [{ field: 'shop', operator: 'in', value: 'x' }] },
      /^filters.0.value: must be a list/,
    ],
    [
      { ...SALES_COUNT, filters: [{ field: 'shop', operator: 'equals' }] },
      /^filters.0.value: must be one value/,
    ],
    [{ ...SALES_COUNT, date_range: { from: '2026-02-01', to: '2026-01-01' } }, /^date_range.from: /],
    [{ ...SALES_COUNT, time_zone: 'Nowhere' }, /^time_zone: /],
    [
      { source: { kind: 'external', connection: 'pg', table: 'pg_catalog.pg_authid' }, metrics: SUM },
      /database system/,
    ],
    [{ source: { kind: 'external', connection: 'pg', table: 'a.b.c' }, metrics: SUM }, /schema.table/],
  ];
  for (const [body, words] of cases) {
    assert.throws(
      () => readDefinition(body),
      (error: Error) => {
        assert.match(error.message, words);
        return true;
      },
    );
  }
});
