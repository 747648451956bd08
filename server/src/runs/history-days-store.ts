// SQL of the days of the history: each of its tables has a partition a day (UTC, by the time that an id
// begins with), and a default one for what no day has been made for, so that a write never fails. Makes and
// drops partitions, one a transaction; a lock that isn't free at once is given up rather than waited for,
// because those who read would wait behind. Over all accounts: called by history-keeper.ts and
// history-mover.ts.
import { lockWhole } from '../postgres/advisory-locks.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { DAY_MS, type Day, firstIdOf } from './run-time.ts';

/** The tables that have days, and the column that says which. */
export const DAILY = {
  ended_runs: 'id',
  run_contents: 'run_id',
  run_logs: 'run_id',
  run_calls: 'run_id',
  run_correlations: 'run_id',
} as const;
export type DailyTable = keyof typeof DAILY;
export const DAILY_TABLES = Object.keys(DAILY) as DailyTable[];

/** More rows of a day than so many stay in the default partition: moving them would hold up who writes. */
const MOST_MOVED = 20_000;
const GIVE_UP_LOCKS = "set local lock_timeout = '500ms'";

/** Today and now, by the database's clock. */
export async function databaseDay(sql: Sql): Promise<{ day: Day; nowMs: number }> {
  const [row] = await sql.query<{ ms: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
  );
  const nowMs = row?.ms ?? 0;
  return { day: Math.floor(nowMs / DAY_MS), nowMs };
}

export async function listDays(sql: Sql, table: DailyTable): Promise<Day[]> {
  const rows = await sql.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = to_regclass($1) and c.relname ~ '_[0-9]{8}$' order by c.relname`,
    [table],
  );
  return rows.map(({ name }) => dayOfName(name));
}

/**
 * Makes a day's partition and moves there what the default one has of it.
 * @returns whether it is there now; not where the default one has too much of the day: that stays where it is
 */
export function makeDay(database: Database, table: DailyTable, day: Day): Promise<boolean> {
  const name = nameOfDay(table, day);
  const [from, to] = [firstIdOfDay(day), firstIdOfDay(day + 1)];
  const theirs = `${DAILY[table]} >= '${from}' and ${DAILY[table]} < '${to}'`;
  return database.transaction(async (sql) => {
    await lockWhole(sql, 'history_days');
    if ((await listDays(sql, table)).includes(day)) return true;
    const [row] = await sql.query<{ n: number }>(
      `select count(*) as n from (select from ${table}_default where ${theirs} limit ${MOST_MOVED + 1}) as counted`,
    );
    if ((row?.n ?? 0) > MOST_MOVED) return false;
    await sql.query(GIVE_UP_LOCKS);
    await sql.query(`create table ${name} (like ${table} including all)`);
    if ((row?.n ?? 0) > 0) {
      await sql.query(`lock table ${table}_default in access exclusive mode`);
      await sql.query(
        `with gone as (delete from ${table}_default where ${theirs} returning *) insert into ${name} select * from gone`,
      );
    }
    await sql.query(`alter table ${table} attach partition ${name} for values from ('${from}') to ('${to}')`);
    return true;
  });
}

export async function dropDay(database: Database, table: DailyTable, day: Day): Promise<void> {
  await database.transaction(async (sql) => {
    await lockWhole(sql, 'history_days');
    await sql.query(GIVE_UP_LOCKS);
    await sql.query(`drop table if exists ${nameOfDay(table, day)}`);
  });
}

/**
 * Whether days may be dropped now: once in a while over all nodes, so that a clock that jumps ahead costs a
 * few days before it is noticed, not all of them.
 */
export async function mayDropDays(sql: Sql, everyMinutes: number): Promise<boolean> {
  const rows = await sql.query(
    `update history_state set dropped_at = now()
     where dropped_at < now() - make_interval(mins => $1) or dropped_at > now() returning is_only`,
    [everyMinutes],
  );
  return rows.length > 0;
}

/** Deletes what the default partition has of before a time, at most `limit` rows. @returns how many */
export async function deleteFromDefault(
  sql: Sql,
  table: DailyTable,
  beforeMs: number,
  limit: number,
): Promise<number> {
  const key = DAILY[table];
  const rows = await sql.query(
    `delete from ${table}_default where ${key} in (
       select ${key} from ${table}_default where ${key} < $1::uuid order by ${key} limit $2)
     returning ${key}`,
    [firstIdOf(beforeMs), limit],
  );
  return rows.length;
}

function firstIdOfDay(day: Day): string {
  return firstIdOf(day * DAY_MS);
}

function nameOfDay(table: DailyTable, day: Day): string {
  return `${table}_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function dayOfName(name: string): Day {
  const [year, month, date] = [name.slice(-8, -4), name.slice(-4, -2), name.slice(-2)];
  return Math.floor(Date.parse(`${year}-${month}-${date}T00:00:00Z`) / DAY_MS);
}
