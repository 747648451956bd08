// SQL that reads what runs came to, over a span and in steps: what is folded, and what is counted and not
// folded yet, in one statement, so that nothing is missing and nothing is there twice. Called by the API.
import type { Mode, World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { ADDED, type Grain } from './fold-store.ts';
import { type Numbers, PEAKS, SUMS } from './tally-runs.ts';

export const GROUPINGS = ['function', 'trigger', 'none'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export type MetricQuery = {
  from: Date;
  /** The first moment behind it. */
  to: Date;
  /** The grain that the span and its steps are made of. */
  grain: Grain;
  stepMs: number;
  groupBy: Grouping;
  functionId: string | null;
  trigger: string | null;
  /** Rows that it may read, and points that it may give. */
  mostRows: number;
  mostPoints: number;
};

export type MetricPoint = {
  at: Date;
  /** Id of the function, or the trigger; '' where all are one. */
  group: string;
  numbers: Numbers;
  buckets: ReadonlyMap<number, number>;
};

export type MetricAnswer = { kind: 'points'; points: MetricPoint[] } | { kind: 'too_many' };

type PointRow = Numbers & {
  at: Date;
  group: string;
  buckets: number[] | null;
  bucket_counts: number[] | null;
  has_more: boolean;
};

/** Which rows of one grain are asked for. */
export type Asked = Pick<MetricQuery, 'from' | 'to' | 'grain' | 'functionId' | 'trigger'>;

/** Whether more than so many rows are asked for: found out at a small part of what reading them costs. */
export async function hasMoreNumbers(sql: Sql, world: World, asked: Asked, most: number): Promise<boolean> {
  const [row] = await sql.query<{ has_more: boolean }>(
    `select count(*) > $8 as has_more from (
       select from run_metrics
       where account_id = $1 and mode = $2 and grain = $3 and at >= $4 and at < $5
         and ($6::text is null or function_id = $6) and ($7::text is null or trigger = $7) limit $8 + 1
     ) as counted`,
    [
      ...[world.accountId, world.mode, asked.grain, asked.from, asked.to],
      ...[asked.functionId, asked.trigger, most],
    ],
  );
  return row?.has_more === true;
}

const NUMBERS = [...SUMS, ...PEAKS].join(', ');
const GROUP: Record<Grouping, string> = { function: 'function_id', trigger: 'trigger', none: "''" };

export async function readMetrics(sql: Sql, world: World, query: MetricQuery): Promise<MetricAnswer> {
  if (await hasMoreNumbers(sql, world, query, query.mostRows)) return { kind: 'too_many' };
  const rows = await sql.query<PointRow>(
    `with base as (
       (select at, function_id, trigger, ${NUMBERS}, buckets, bucket_counts from run_metrics
        where account_id = $1 and mode = $2 and grain = $3 and at >= $4 and at < $5
          and ($6::text is null or function_id = $6) and ($7::text is null or trigger = $7) limit $10 + 1)
       union all
       select at, function_id, trigger, ${NUMBERS}, buckets, bucket_counts from run_counts
       where account_id = $1 and mode = $2 and at >= $4 and at < $5
         and ($6::text is null or function_id = $6) and ($7::text is null or trigger = $7)
     ), placed as (
       select date_bin($8::float8 * interval '1 millisecond', at, $4) as at, ${GROUP[query.groupBy]} as "group",
         ${NUMBERS}, buckets, bucket_counts from base
     ), added as (
       select at, "group", ${ADDED} from placed group by at, "group" order by at, "group" limit $9 + 1
     ), filled as (
       select at, "group", array_agg(bucket) as buckets, array_agg(count) as bucket_counts from (
         select at, "group", bucket, sum(count)::bigint as count
         from placed cross join unnest(buckets, bucket_counts) as t(bucket, count) group by at, "group", bucket
       ) as by_bucket group by at, "group"
     )
     select added.*, filled.buckets, filled.bucket_counts, (select count(*) from base) > $10 as has_more
     from added left join filled using (at, "group") order by at, "group"`,
    [
      world.accountId,
      world.mode,
      query.grain,
      query.from,
      query.to,
      query.functionId,
      query.trigger,
      query.stepMs,
      query.mostPoints,
      query.mostRows,
    ],
  );
  if (rows[0]?.has_more === true || rows.length > query.mostPoints) return { kind: 'too_many' };
  return { kind: 'points', points: rows.map(pointOf) };
}

function pointOf(row: PointRow): MetricPoint {
  const { at, group, buckets, bucket_counts: counts, has_more: _, ...numbers } = row;
  const filled = (buckets ?? []).map((bucket, place): [number, number] => [bucket, Number(counts?.[place])]);
  return { at, group, numbers, buckets: new Map(filled) };
}

/** What one account used on one day, in one of its modes. */
export type UsageDay = { accountId: string; mode: Mode; day: Date; numbers: Numbers };

/** `after`: the last one of the page before. */
export type UsagePage = {
  from: Date;
  to: Date;
  after: { day: Date; accountId: string; mode: Mode } | null;
  limit: number;
};

type UsageRow = Numbers & { account_id: string; mode: Mode; day: Date };

/** By day, account and mode. @param owner null: of every account; both of its modes where none is named */
export async function readUsage(
  sql: Sql,
  owner: { accountId: string; mode: Mode | null } | null,
  { from, to, after, limit }: UsagePage,
): Promise<UsageDay[]> {
  const rows = await sql.query<UsageRow>(
    `with base as (
       select at as day, account_id, mode, ${NUMBERS} from run_metrics
       where grain = 'day' and at >= greatest($1, $5::timestamptz) and at < $2
         and ($3::text is null or account_id = $3) and ($4::mode is null or mode = $4)
       union all
       select date_trunc('day', at, 'UTC'), account_id, mode, ${NUMBERS} from run_counts
       where at >= greatest($1, $5::timestamptz) and at < $2 and ($3::text is null or account_id = $3) and ($4::mode is null or mode = $4)
     )
     select day, account_id, mode, ${ADDED} from base
     where $5::timestamptz is null or (day, account_id, mode) > ($5, $6, $7::mode)
     group by day, account_id, mode order by day, account_id, mode limit $8`,
    [
      from,
      to,
      owner?.accountId ?? null,
      owner?.mode ?? null,
      after?.day ?? null,
      after?.accountId ?? null,
      after?.mode ?? null,
      limit,
    ],
  );
  return rows.map(({ account_id: accountId, mode, day, ...numbers }) => ({ accountId, mode, day, numbers }));
}
