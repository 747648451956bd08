// The SQL that picks ids of ended runs in the order of time. An index of the history has the ids of one
// status and trigger (of an account, or of a function) in their order: so a page is the first of each such
// range, put together, and what it costs doesn't depend on how many runs there are. Pure; called by stores of
// runs.
import { RUN_STATUSES, type RunStatus } from './run.ts';
import { TRIGGER_KINDS } from './run-input.ts';

export const ENDED_STATUSES: readonly RunStatus[] = RUN_STATUSES.filter(
  (status) => status !== 'queued' && status !== 'running',
);

/** Adds a value to a statement. @returns its placeholder */
export type Put = (value: unknown) => string;

export type EndedPick = {
  /** null: whichever. */
  functionIds: readonly string[] | null;
  statuses: readonly RunStatus[] | null;
  trigger: string | null;
  /** Placeholders of ids: the least that is read, and the least that isn't; null: no bound. */
  from: string | null;
  before: string | null;
  /** Further conditions on `runs`, the account's and the mode's among them. */
  where: string;
  order: 'asc' | 'desc';
  /** Placeholder of how many. */
  limit: string;
};

/**
 * A query of one column, `id`: more than the limit, in no order. The statement's first two values are the
 * account and the mode.
 */
export function endedIds(put: Put, pick: EndedPick): string {
  const { functionIds, statuses, trigger, from, before, where, order, limit } = pick;
  const wanted = ENDED_STATUSES.filter((status) => statuses?.includes(status) ?? true);
  const functions =
    functionIds === null ? '' : `cross join unnest(${put(functionIds)}::text[]) as f(function_id)`;
  const of = functionIds === null ? rangeOfAccount : rangeOfFunction;
  const range = of({ account: 'runs.account_id', mode: 'runs.mode', fn: 'runs.function_id' }, 'runs');
  const wantedRange = of({ account: '$1', mode: '$2::mode', fn: 'f.function_id' }, null);
  const filters = [
    where,
    'runs.trigger = t.trigger and runs.status = s.status',
    ...(functionIds === null ? [] : ['runs.function_id = f.function_id']),
  ];
  const conditions = [
    // `any` keeps the range in the order by, so that the planner can't take the index of ids alone.
    `${range} = any (array[${wantedRange}])`,
    // All that is in the range passes, but for equal hashes, which the planner doesn't know: where others
    // have nearly all runs, it would take the owner's to be so few that it reads everybody's and sorts.
    `case when ${filters.join(' and ')} then true end`,
    ...(from === null ? [] : [`runs.id >= ${from}::uuid`]),
    ...(before === null ? [] : [`runs.id < ${before}::uuid`]),
  ];
  return `select picked.id from unnest(${put(wanted)}::run_status[]) as s(status)
      cross join unnest(${put(trigger === null ? TRIGGER_KINDS : [trigger])}::text[]) as t(trigger) ${functions}
      cross join lateral (
        select runs.id from ended_runs runs where ${conditions.join(' and ')}
        order by ${range} ${order}, runs.id ${order} limit ${limit}
      ) as picked`;
}

type Owner = { account: string; mode: string; fn: string };

/** What the indexes of the history have in place of the columns (server/sql/0080_history.sql, 0081). */
function rangeOfAccount({ account, mode }: Owner, table: 'runs' | null): string {
  const [trigger, status] = rangeColumns(table);
  return `(hashtext(${account} || '/' || ${trigger}) # hashenum(${mode}) # hashenum(${status}))`;
}

function rangeOfFunction({ account, mode, fn }: Owner, table: 'runs' | null): string {
  const [trigger, status] = rangeColumns(table);
  const names = `${account} || '/' || ${fn} || '/' || ${trigger}`;
  return `(hashtext(${names}) # hashenum(${mode}) # hashenum(${status}))`;
}

function rangeColumns(table: 'runs' | null): [trigger: string, status: string] {
  return table === null ? ['t.trigger', 's.status'] : ['runs.trigger', 'runs.status'];
}

/**
 * A part of `from` that has the runs of a page, named `runs`, wherever they lie. The statement's first two
 * values are the account and the mode.
 * @param ids a query of one column, `id`
 */
export function runsOf(ids: string): string {
  return `(${ids}) as page cross join lateral (
      select * from all_runs a where a.account_id = $1 and a.mode = $2 and a.id = page.id offset 0
    ) as runs`;
}
