// SQL of lists of runs, newest first: any filter by function, status, trigger, time, event and item, alone or
// together. The history is read from its newest days backwards, and no further than the page needs; of each
// day, only the ranges of the index that the filter names: one for each status and trigger. So what a page
// costs depends on its length and on the number of days, not on how many runs there are. Called by the API.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { endedIds, type Put, runsOf } from './ended-ids.ts';
import type { RunStatus, StoredRun } from './run.ts';
import { type RunRow, STORED_RUN, storedRun } from './run-store.ts';
import { DAY_MS, firstIdOf, ID_SLACK_MS, msOfId } from './run-time.ts';

export type RunFilter = {
  /** Id of the last run of the page before. */
  after: string | null;
  /** null: whichever; as with the others. */
  functionIds: readonly string[] | null;
  statuses: readonly RunStatus[] | null;
  trigger: string | null;
  createdAfter: Date | null;
  createdBefore: Date | null;
  eventIds: readonly string[] | null;
  runIds: readonly string[] | null;
};

export const EVERY_RUN: RunFilter = {
  ...{ after: null, functionIds: null, statuses: null, trigger: null, createdAfter: null },
  ...{ createdBefore: null, eventIds: null, runIds: null },
};

/** Ids from the least to before the other, which are in the order of time; null: no bound. */
type IdRange = { from: string | null; before: string | null };

/** The days that are read together: few first, since most pages end there. Then all that are left. */
const DAYS_TOGETHER = [1, 2, 4, 8, 16];
/** Newest first. */
export async function listRuns(
  sql: Sql,
  world: World,
  filter: RunFilter,
  limit: number,
): Promise<StoredRun[]> {
  if (filter.eventIds !== null || filter.runIds !== null)
    return await readRange(sql, world, { filter, limit, range: boundsOf(filter) });
  const runs: StoredRun[] = [];
  for (const range of rangesOf(filter, Date.now())) {
    runs.push(...(await readRange(sql, world, { filter, limit: limit - runs.length, range })));
    if (runs.length >= limit) break;
  }
  return runs;
}

/** The ranges of ids that are read one after the other, newest first. Pure. */
function rangesOf(filter: RunFilter, nowMs: number): IdRange[] {
  const { from, before } = boundsOf(filter);
  const ranges: IdRange[] = [];
  let upper = before;
  let ms = before === null ? nowMs : msOfId(before);
  for (const days of DAYS_TOGETHER) {
    ms -= days * DAY_MS;
    const lower = ms > 0 ? firstIdOf(ms) : null;
    if (lower === null || (from !== null && lower <= from)) break;
    ranges.push({ from: lower, before: upper });
    upper = lower;
  }
  return [...ranges, { from, before: upper }];
}

function boundsOf({ after, createdAfter, createdBefore }: RunFilter): IdRange {
  const before = createdBefore === null ? null : firstIdOf(createdBefore.getTime() + ID_SLACK_MS);
  return {
    from: createdAfter === null ? null : firstIdOf(createdAfter.getTime() - ID_SLACK_MS),
    before: before === null || (after !== null && after < before) ? after : before,
  };
}

type Reading = { filter: RunFilter; range: IdRange; limit: number };

async function readRange(sql: Sql, world: World, reading: Reading): Promise<StoredRun[]> {
  const values: unknown[] = [world.accountId, world.mode, reading.limit];
  const put: Put = (value) => `$${values.push(value)}`;
  const rows = await sql.query<RunRow>(
    `select ${STORED_RUN} from ${runsOf(pageOf(put, reading))} order by runs.id desc`,
    values,
  );
  return rows.map(storedRun);
}

function pageOf(put: Put, { filter, range }: Reading): string {
  const { functionIds, statuses, trigger, eventIds, runIds } = filter;
  const from = range.from === null ? null : put(range.from);
  const before = range.before === null ? null : put(range.before);
  const where = conditionsOf(put, filter);
  const inRange = [
    where,
    ...(from === null ? [] : [`runs.id >= ${from}::uuid`]),
    ...(before === null ? [] : [`runs.id < ${before}::uuid`]),
    ownConditionsOf(put, filter),
  ].join(' and ');
  // The runs of an event, and those that are named, are few: their index is read as it is.
  const ended =
    eventIds === null && runIds === null
      ? endedIds(put, { functionIds, statuses, trigger, from, before, where, order: 'desc', limit: '$3' })
      : `select runs.id from ended_runs runs where ${inRange}`;
  return `select id from (
      (select runs.id from runs where ${inRange} order by runs.id desc limit $3) union all (${ended})
    ) as found order by id desc limit $3`;
}

function conditionsOf(put: Put, { eventIds, runIds, createdAfter, createdBefore }: RunFilter): string {
  const conditions = ['runs.account_id = $1', 'runs.mode = $2'];
  if (eventIds !== null) conditions.push(`runs.event_id = any (${put(eventIds)}::text[])`);
  if (runIds !== null) conditions.push(`runs.id = any (${put(runIds)}::uuid[])`);
  if (createdAfter !== null) conditions.push(`runs.created_at > ${put(createdAfter)}`);
  if (createdBefore !== null) conditions.push(`runs.created_at < ${put(createdBefore)}`);
  return conditions.join(' and ');
}

/** What of the filter is a range of its own in the history. */
function ownConditionsOf(put: Put, { functionIds, statuses, trigger }: RunFilter): string {
  const conditions = ['true'];
  if (functionIds !== null) conditions.push(`runs.function_id = any (${put(functionIds)}::text[])`);
  if (statuses !== null) conditions.push(`runs.status = any (${put(statuses)}::run_status[])`);
  if (trigger !== null) conditions.push(`runs.trigger = ${put(trigger)}`);
  return conditions.join(' and ');
}
