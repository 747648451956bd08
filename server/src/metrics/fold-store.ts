// SQL that folds the counts of runs into numbers by minute, hour and day, and deletes old ones. What is
// counted is in exactly one of the two at any moment: readers add both up. Over all accounts. Called by
// metrics-folder.ts.
import { tryLockWhole } from '../postgres/advisory-locks.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { PEAKS, SUMS } from './tally-runs.ts';

export const GRAINS = ['minute', 'hour', 'day'] as const;
export type Grain = (typeof GRAINS)[number];

const KEY = 'grain, at, account_id, mode, function_id, trigger';
const NUMBERS = [...SUMS, ...PEAKS];
/** As they are added up, of rows of either table. */
export const ADDED = [
  ...SUMS.map((name) => `sum(${name})::bigint as ${name}`),
  ...PEAKS.map((name) => `max(${name}) as ${name}`),
].join(', ');
const SAME = KEY.split(', ')
  .map((column) => `kept.${column} = keys.${column}`)
  .join(' and ');

const FOLD = `
with taken as (
  delete from run_counts where ctid = any (array(select ctid from run_counts limit $1)) returning *
), counted as (
  select grain, date_trunc(grain, at, 'UTC') as at, account_id, mode, function_id, trigger,
    ${NUMBERS.join(', ')}, buckets, bucket_counts
  from taken cross join unnest(array['minute', 'hour', 'day']) as grain
), former as (
  delete from run_metrics kept using (select distinct ${KEY} from counted) keys where ${SAME} returning kept.*
), together as (
  select * from counted
  union all
  select ${KEY}, ${NUMBERS.join(', ')}, buckets, bucket_counts from former
), added as (
  select ${KEY}, ${ADDED} from together group by ${KEY}
), filled as (
  select ${KEY}, array_agg(bucket) as buckets, array_agg(count) as bucket_counts
  from (
    select ${KEY}, bucket, sum(count)::bigint as count
    from together cross join unnest(buckets, bucket_counts) as t(bucket, count) group by ${KEY}, bucket
  ) as by_bucket group by ${KEY}
), written as (
  insert into run_metrics (${KEY}, ${NUMBERS.join(', ')}, buckets, bucket_counts)
  select ${KEY}, ${NUMBERS.join(', ')}, coalesce(buckets, '{}'), coalesce(bucket_counts, '{}')
  from added left join filled using (${KEY})
)
select count(*) as taken from taken`;

/**
 * Folds at most `limit` rows. One node at a time: the others find nothing to do.
 * @returns how many were taken
 */
export async function foldCounts(database: Pick<Database, 'transaction'>, limit: number): Promise<number> {
  return await database.transaction(async (sql) => {
    if (!(await tryLockWhole(sql, 'folded_metrics'))) return 0;
    const [row] = await sql.query<{ taken: number }>(FOLD, [limit], 'fold counts');
    return row?.taken ?? 0;
  });
}

/** @returns how many rows of the grain were deleted, at most `limit` */
export async function deleteOldMetrics(
  sql: Sql,
  old: { grain: Grain; keptDays: number },
  limit: number,
): Promise<number> {
  const [row] = await sql.query<{ gone: number }>(
    `with gone as (
       delete from run_metrics where ctid = any (array(
         select ctid from run_metrics where grain = $1 and at < now() - make_interval(days => $2) limit $3)) returning 1)
     select count(*) as gone from gone`,
    [old.grain, old.keptDays, limit],
  );
  return row?.gone ?? 0;
}
