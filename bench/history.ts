// What lists of runs cost at a history's length: fills a database of its own with 1 and 5 million ended runs
// of thirty days (MILLRACE_BENCH_HISTORY=1,5,20 for others, in millions), then asks for pages as the API
// does: by each filter alone and two together, from accounts with many runs and with few. Prints times and
// blocks of 8 KB that were looked at. Nothing else runs. Called by `npm run bench -- history`.

import type { World } from '../server/src/accounts/account.ts';
import { insertAccount } from '../server/src/accounts/account-store.ts';
import { openDatabase } from '../server/src/postgres/database.ts';
import { makeDay } from '../server/src/runs/history-days-store.ts';
import { EVERY_RUN, listRuns, type RunFilter } from '../server/src/runs/run-list-store.ts';
import { DAY_MS } from '../server/src/runs/run-time.ts';
import { openTestDatabase } from '../server/test/database/open-test-database.ts';
import { percentile } from './durable-scene.ts';
import { printTable } from './table.ts';

const MILLIONS = (process.env.MILLRACE_BENCH_HISTORY ?? '1,5').split(',').map(Number);
const DAYS = 30;
const PORTION = 100_000;
const PAGES = 30;
const WORLDS: Record<string, World> = {
  large: { accountId: 'LARGE1', mode: 'live' },
  small: { accountId: 'SMALL1', mode: 'live' },
};

const since = (days: number): Date => new Date(Date.now() - days * DAY_MS);
const FILTERS: Record<string, Partial<RunFilter>> = {
  'no filter': {},
  'status=timed_out (1 of 100,000)': { statuses: ['timed_out'] },
  'status=failed (1 of 50)': { statuses: ['failed'] },
  'trigger=schedule (1 of 100)': { trigger: 'schedule' },
  'trigger=flow (none)': { trigger: 'flow' },
  'function (1 of 1,000)': { functionIds: ['f500'] },
  'function, status=timed_out': { functionIds: ['f500'], statuses: ['timed_out'] },
  'function, trigger=schedule': { functionIds: ['f500'], trigger: 'schedule' },
  'status=timed_out, trigger=webhook': { statuses: ['timed_out'], trigger: 'webhook' },
  'status=failed, 20 days ago': { statuses: ['failed'], createdBefore: since(20) },
  'trigger=schedule, a day': { trigger: 'schedule', createdAfter: since(9), createdBefore: since(8) },
  event: { eventIds: ['e300000'] },
  'event, status=failed': { eventIds: ['e300000'], statuses: ['failed'] },
};

const opened = await openTestDatabase();
/** Filling takes longer than a statement of the server may. */
const database = openDatabase(opened.url, () => {}, 4, 0);
try {
  for (const { accountId } of Object.values(WORLDS)) {
    await insertAccount(database, { id: accountId, alias: accountId, sealedKey: Buffer.alloc(1) });
  }
  const today = Math.floor(Date.now() / DAY_MS);
  for (let day = today - DAYS; day <= today + 1; day += 1) await makeDay(database, 'ended_runs', day);
  let filled = 0;
  for (const millions of MILLIONS) {
    for (; filled < millions * 1_000_000; filled += PORTION) await fill(filled);
    await database.query('vacuum analyze ended_runs');
    printTable(`${millions} million ended runs of ${DAYS} days, pages of 50`, await rows());
    printTable('on disk', [await sizes(filled)]);
  }
} finally {
  await database.close();
  await opened.close();
}

/** One account has 99 of 100 runs. Rows as a synchronous no-op call makes them, in the order of time. */
async function fill(from: number): Promise<void> {
  await database.query(
    `insert into ended_runs (id, account_id, mode, function_id, version, trigger, cause, status, memory_mb, attempts,
       created_at, started_at, ended_at, duration_ms, memory_peak_bytes, engine, response_status, event_id)
     select (substr(first_run_id(at)::text, 1, 14) || '7' || substr(h, 1, 3) || '-8' || substr(h, 4, 3) || '-'
         || substr(h, 7, 12))::uuid,
       case when n % 100 = 7 then 'SMALL1' else 'LARGE1' end, 'live', 'f' || n % 1000, 1,
       case when n % 100 = 0 then 'schedule' when n % 3 = 0 then 'webhook' when n % 3 = 1 then 'http'
         else 'account_event' end,
       '{"ip":"127.0.0.1"}',
       (case when n % 100000 = 500 then 'timed_out' when n % 50 = 0 then 'failed' else 'succeeded' end)::run_status,
       256, 1, at, at, at, 3.5, 13012992, 'node v24.22.3', 200, case when n % 3 = 2 then 'e' || n end
     from (
       select n, md5(n::text) as h,
         now() - make_interval(secs => random() * $3 * 86400) as at
       from generate_series($1::integer + 1, $1::integer + $2::integer) n
     ) as made order by at`,
    [from, PORTION, DAYS],
  );
}

async function rows(): Promise<Record<string, string>[]> {
  const table: Record<string, string>[] = [];
  for (const [name, filter] of Object.entries(FILTERS)) {
    const row: Record<string, string> = { filter: name };
    for (const [size, world] of Object.entries(WORLDS)) {
      const ms: number[] = [];
      for (let page = 0; page < PAGES; page += 1) {
        const at = performance.now();
        await listRuns(database, world, { ...EVERY_RUN, ...filter }, 51);
        ms.push(performance.now() - at);
      }
      row[`${size}: p50 ms`] = percentile(ms, 0.5).toFixed(1);
      row[`${size}: p99 ms`] = percentile(ms, 0.99).toFixed(1);
      row[`${size}: blocks`] = String(await blocksOf(world, filter));
    }
    table.push(row);
  }
  return table;
}

async function blocksOf(world: World, filter: Partial<RunFilter>): Promise<number> {
  let blocks = 0;
  const explained = {
    query: async <Row extends object>(text: string, values?: unknown[]): Promise<Row[]> => {
      const plan = await database.query(`explain (analyze, buffers, timing off) ${text}`, values);
      const [, hit = '0', , read = '0'] =
        /Buffers: shared hit=(\d+)( read=(\d+))?/.exec(plan.map((row) => row['QUERY PLAN']).join('\n')) ?? [];
      blocks += Number(hit) + Number(read);
      return await database.query<Row & Record<string, unknown>>(text, values);
    },
  };
  await listRuns(explained, world, { ...EVERY_RUN, ...filter }, 51);
  return blocks;
}

async function sizes(count: number): Promise<Record<string, string>> {
  const [row] = await database.query<{ rows: number; indexes: number }>(
    `select sum(pg_table_size(inhrelid))::float8 as rows, sum(pg_indexes_size(inhrelid))::float8 as indexes
     from pg_inherits where inhparent = 'ended_runs'::regclass`,
  );
  const each = (bytes: number): string => (bytes / count).toFixed(0);
  return {
    'bytes a row': each(row?.rows ?? 0),
    'bytes in indexes': each(row?.indexes ?? 0),
    together: each((row?.rows ?? 0) + (row?.indexes ?? 0)),
  };
}
