// SQL of groups of errors. What is counted is only ever added, and folded behind: as metrics/fold-store.ts
// does. Readers are limited to one world.
import type { World } from '../accounts/account.ts';
import { storableTexts } from '../logs/storable-text.ts';
import { tryLockWhole } from '../postgres/advisory-locks.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { Fingerprint } from './error-fingerprint.ts';

/** Of one group and version, in one hour, as a batch of runs has it. */
export type GroupedError = World & {
  functionId: string;
  version: number;
  fingerprint: Fingerprint;
  /** Of the group, over all worlds. */
  key: string;
  firstMs: number;
  lastMs: number;
  runIds: string[];
  /** That caused the first of them. */
  eventId: string | null;
};

/** Of one function: errors beyond it are in no group. */
const MOST_GROUPS = 1_000;

/** Adds those that aren't there, before {@link countErrors}. */
export async function insertGroups(sql: Sql, errors: readonly GroupedError[]): Promise<void> {
  await sql.query(
    `insert into error_groups (account_id, mode, id, function_id, type, message, frame, first_seen_at, first_run_id)
     select distinct on (account_id, mode, id) account_id, mode, id, function_id, type, message, frame, first_seen_at, run_id
     from jsonb_to_recordset($1::jsonb) as t(account_id text, mode mode, id text, function_id text, type text,
       message text, frame text, first_seen_at timestamptz, run_id uuid)
     where not exists (
       select from error_groups g where g.account_id = t.account_id and g.mode = t.mode and g.id = t.id)
       and (select count(*) from (
         select from error_groups g
         where g.account_id = t.account_id and g.mode = t.mode and g.function_id = t.function_id limit ${MOST_GROUPS}
       ) as known) < ${MOST_GROUPS}
     order by account_id, mode, id, first_seen_at
     on conflict do nothing`,
    [JSON.stringify(errors.map(toRow))],
    'insert error groups',
  );
}

/** @returns groups and versions that weren't seen together before: `<key> <version>` */
export async function countErrors(sql: Sql, errors: readonly GroupedError[]): Promise<Set<string>> {
  const rows = await sql.query<{ account_id: string; mode: string; group_id: string; version: number }>(
    `with given as (
       select t.* from jsonb_to_recordset($1::jsonb) as t(account_id text, mode mode, id text, version integer,
         first_seen_at timestamptz, last_seen_at timestamptz, run_ids uuid[])
       where exists (
         select from error_groups g where g.account_id = t.account_id and g.mode = t.mode and g.id = t.id)
     ), counted as (
       insert into error_counts (at, account_id, mode, group_id, count, last_seen_at, last_run_id)
       select date_trunc('hour', last_seen_at, 'UTC'), account_id, mode, id, cardinality(run_ids), last_seen_at,
         run_ids[cardinality(run_ids)] from given
     ), listed as (
       insert into error_group_runs (account_id, mode, group_id, run_id)
       select account_id, mode, id, run_id from given cross join unnest(run_ids) as run_id on conflict do nothing
     )
     insert into error_group_versions (account_id, mode, group_id, version, first_seen_at)
     select account_id, mode, id, version, min(first_seen_at) from given group by account_id, mode, id, version
     order by account_id, mode, id, version
     on conflict do nothing returning account_id, mode, group_id, version`,
    [JSON.stringify(errors.map(toRow))],
    'count errors',
  );
  return new Set(rows.map((row) => `${row.account_id} ${row.mode} ${row.group_id} ${row.version}`));
}

function toRow({ accountId, mode, functionId, version, fingerprint, firstMs, lastMs, runIds }: GroupedError) {
  return {
    ...{ account_id: accountId, mode, function_id: functionId, version, run_id: runIds[0], run_ids: runIds },
    ...storableTexts(fingerprint),
    first_seen_at: new Date(firstMs).toISOString(),
    last_seen_at: new Date(lastMs).toISOString(),
  };
}

/** Folds at most `limit` rows, one node at a time. @returns how many were taken */
export async function foldErrors(database: Pick<Database, 'transaction'>, limit: number): Promise<number> {
  return await database.transaction(async (sql) => {
    if (!(await tryLockWhole(sql, 'folded_errors'))) return 0;
    const [row] = await sql.query<{ taken: number }>(
      `with taken as (
         delete from error_counts where ctid = any (array(select ctid from error_counts limit $1)) returning *
       ), written as (
         insert into error_hours (at, account_id, mode, group_id, count, last_seen_at, last_run_id)
         select at, account_id, mode, group_id, sum(count), max(last_seen_at),
           (array_agg(last_run_id order by last_seen_at desc))[1]
         from taken group by at, account_id, mode, group_id
         on conflict (account_id, mode, at, group_id) do update set count = error_hours.count + excluded.count,
           last_run_id = case when excluded.last_seen_at > error_hours.last_seen_at then excluded.last_run_id
             else error_hours.last_run_id end,
           last_seen_at = greatest(error_hours.last_seen_at, excluded.last_seen_at)
       )
       select count(*) as taken from taken`,
      [limit],
    );
    return row?.taken ?? 0;
  });
}

export type OldErrors = { runDays: number; hourDays: number };

/** Over all accounts. @returns how many rows were deleted, at most `limit` of each kind */
export async function deleteOldErrors(
  sql: Sql,
  { runDays, hourDays }: OldErrors,
  limit: number,
): Promise<number> {
  const [row] = await sql.query<{ gone: number }>(
    `with runs_gone as (
       delete from error_group_runs where ctid = any (array(
         select ctid from error_group_runs
         -- An id begins with its time.
         where run_id < (lpad(to_hex((extract(epoch from now() - make_interval(days => $1)) * 1000)::bigint), 12, '0')
           || '00000000000000000000')::uuid limit $3)) returning 1
     ), hours_gone as (
       delete from error_hours where ctid = any (array(
         select ctid from error_hours where at < now() - make_interval(days => $2) limit $3)) returning 1
     ), groups_gone as (
       delete from error_groups g where ctid = any (array(
         select ctid from error_groups old where first_seen_at < now() - make_interval(days => $2)
           and not exists (select from error_hours h
             where h.account_id = old.account_id and h.mode = old.mode and h.group_id = old.id)
           and not exists (select from error_counts c
             where c.account_id = old.account_id and c.mode = old.mode and c.group_id = old.id) limit $3))
       returning account_id, mode, id
     ), versions_gone as (
       delete from error_group_versions v using groups_gone g
       where v.account_id = g.account_id and v.mode = g.mode and v.group_id = g.id
     )
     select greatest((select count(*) from runs_gone), (select count(*) from hours_gone),
       (select count(*) from groups_gone)) as gone`,
    [runDays, hourDays, limit],
  );
  return row?.gone ?? 0;
}
