// Runs of many days in a real database, made by the database itself: where they lie now, or as a Millrace
// from before there was a history left them.
import type { World } from '../../src/accounts/account.ts';
import { insertAccount } from '../../src/accounts/account-store.ts';
import { DAY_MS } from '../../src/runs/run-time.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

export const WORLD: World = { accountId: 'AA0001', mode: 'live' };

export async function openHistory(): Promise<TestDatabase> {
  const database = await openTestDatabase();
  for (const id of ['AA0001', 'BB0002']) {
    await insertAccount(database, { id, alias: id, sealedKey: Buffer.alloc(1) });
  }
  return database;
}

export type Filling = {
  table: 'runs' | 'ended_runs';
  count: number;
  /** The newest is now, the oldest so long ago. */
  days: number;
  accountId?: string;
  /** All succeeded calls of one function. */
  areAlike?: true;
};

/** Statuses, triggers and functions in turn, some of them rare; every third is caused by an event. */
export async function fill(database: TestDatabase, filling: Filling): Promise<void> {
  const { table, count, days, accountId = 'AA0001', areAlike = false } = filling;
  const more = table === 'runs' ? ', node, history' : '';
  await database.query(
    `insert into ${table} (id, account_id, mode, function_id, version, trigger, cause, status, memory_mb, attempts,
       created_at, started_at, ended_at, duration_ms, event_id${more})
     select (substr(first_run_id(at)::text, 1, 14) || '7' || substr(md5(n::text || $3), 1, 3) || '-8'
         || substr(md5(n::text || $3), 4, 3) || '-' || substr(md5(n::text || $3), 7, 12))::uuid,
       $3, 'live', 'f' || case when $4 then 0 else n % 7 end, 1,
       case when $4 then 'http' else (array['http', 'http', 'http', 'account_event', 'webhook'])[1 + n % 5] end, '{}',
       (case when $4 then 'succeeded' when n % 997 = 0 then 'timed_out' when n % 499 = 0 then 'dead' when n % 10 = 0 then 'failed'
         else 'succeeded' end)::run_status,
       128, 1, at, at, at, 1, case when n % 3 = 0 then 'e' || n / 6 end${table === 'runs' ? ", 'n', '[]'" : ''}
     from (
       select n, now() - n * $2::float8 / $1 * interval '1 millisecond' as at from generate_series(1, $1::integer) n
     ) as made`,
    [count, days * DAY_MS, accountId, areAlike],
  );
}
