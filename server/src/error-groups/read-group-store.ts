// SQL that reads groups of errors: what is folded, and what is counted and not folded yet. Limited to one
// world.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';

export type ErrorGroup = {
  id: string;
  functionId: string;
  type: string;
  message: string;
  frame: string | null;
  firstSeenAt: Date;
  firstRunId: string;
  versions: number[];
  /** Of the span that was asked for. */
  count: number;
  lastSeenAt: Date;
  lastRunId: string;
};

export type GroupQuery = {
  from: Date;
  to: Date;
  functionId: string | null;
  id: string | null;
  limit: number;
};

type GroupRow = {
  id: string;
  function_id: string;
  type: string;
  message: string;
  frame: string | null;
  first_seen_at: Date;
  first_run_id: string;
  versions: number[] | null;
  count: number;
  last_seen_at: Date;
  last_run_id: string;
};

/** Versions that are shown of a group, the newest. */
const SHOWN_VERSIONS = 20;
const BASE = `
  select at, group_id, count, last_seen_at, last_run_id from error_hours
  where account_id = $1 and mode = $2 and at >= date_trunc('hour', $3::timestamptz, 'UTC') and at < $4
    and ($5::text is null or group_id = $5)
  union all
  select at, group_id, count, last_seen_at, last_run_id from error_counts
  where account_id = $1 and mode = $2 and at >= date_trunc('hour', $3::timestamptz, 'UTC') and at < $4
    and ($5::text is null or group_id = $5)`;

/** As text of SQL; `$6`: of one function alone. */
const OF_FUNCTION = `($6::text is null or group_id in (
  select id from error_groups where account_id = $1 and mode = $2 and function_id = $6))`;

/** Whether more than so many rows would be read: found out at a small part of what reading them costs. */
export async function hasMoreHours(
  sql: Sql,
  world: World,
  { from, to, functionId }: Pick<GroupQuery, 'from' | 'to' | 'functionId'>,
  most: number,
): Promise<boolean> {
  const [row] = await sql.query<{ has_more: boolean }>(
    `select count(*) > $5 as has_more from (
       select from error_hours
       where account_id = $1 and mode = $2 and at >= $3 and at < $4 and ${OF_FUNCTION} limit $5 + 1
     ) as counted`,
    [world.accountId, world.mode, from, to, most, functionId],
  );
  return row?.has_more === true;
}

/** Those of which there were any in a span of whole hours; the most frequent first. */
export async function listGroups(sql: Sql, world: World, query: GroupQuery): Promise<ErrorGroup[]> {
  const rows = await sql.query<GroupRow>(
    `with base as (${BASE}), counted as (
       select group_id, sum(count)::bigint as count, max(last_seen_at) as last_seen_at,
         (array_agg(last_run_id order by last_seen_at desc))[1] as last_run_id
       from base where ${OF_FUNCTION} group by group_id
     )
     select g.id, g.function_id, g.type, g.message, g.frame, g.first_seen_at, g.first_run_id, counted.count,
       counted.last_seen_at, counted.last_run_id, array(
         select version from error_group_versions v
         where v.account_id = $1 and v.mode = $2 and v.group_id = g.id
         order by version desc limit ${SHOWN_VERSIONS}) as versions
     from counted join error_groups g on g.account_id = $1 and g.mode = $2 and g.id = counted.group_id
     order by counted.count desc, g.id limit $7`,
    [world.accountId, world.mode, query.from, query.to, query.id, query.functionId, query.limit],
  );
  return rows.map((row) => ({
    ...{ id: row.id, functionId: row.function_id, type: row.type, message: row.message, frame: row.frame },
    ...{ firstSeenAt: row.first_seen_at, firstRunId: row.first_run_id, versions: row.versions ?? [] },
    ...{ count: row.count, lastSeenAt: row.last_seen_at, lastRunId: row.last_run_id },
  }));
}

/** How many there were in each hour of a span that had any. */
export async function countByHour(
  sql: Sql,
  world: World,
  { from, to, id }: Pick<GroupQuery, 'from' | 'to'> & { id: string },
): Promise<{ at: Date; count: number }[]> {
  return await sql.query<{ at: Date; count: number }>(
    `select at, sum(count)::bigint as count from (${BASE}) as base group by at order by at`,
    [world.accountId, world.mode, from, to, id],
  );
}

/** Newest first. @param page.after the run of the page before that it goes on behind */
export async function listGroupRuns(
  sql: Sql,
  world: World,
  groupId: string,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const rows = await sql.query<{ run_id: string }>(
    `select run_id from error_group_runs
     where account_id = $1 and mode = $2 and group_id = $3 and ($4::uuid is null or run_id < $4)
     order by run_id desc limit $5`,
    [world.accountId, world.mode, groupId, page.after, page.limit],
  );
  return rows.map((row) => row.run_id);
}
