// SQL that says how far the installation is behind: over all accounts, from partial indexes alone, and no
// count goes beyond a bound. Called by gauges.ts, at most once in some seconds on each node.
import type { Sql } from '../postgres/database.ts';

/** A number that stands at it means: as many or more. */
const MOST_COUNTED = 100_000;

const counted = (from: string): string =>
  `(select count(*) from (select 1 from ${from} limit ${MOST_COUNTED}) as counted)`;
const late = (from: string): string =>
  `coalesce(greatest(0, extract(epoch from now() - (
    select min(due_at) from (select due_at from ${from} limit ${MOST_COUNTED}) as some_of
  ))), 0)::float8`;

/** The earliest due run of each function that has any: one probe a function. */
const FIRST_RUNS = `with recursive first_runs as (
  (select function_id, due_at from runs where status = 'queued' and not is_held order by function_id, due_at limit 1)
  union all
  select next.* from first_runs cross join lateral (
    select function_id, due_at from runs
    where status = 'queued' and not is_held and function_id > first_runs.function_id
    order by function_id, due_at limit 1
  ) as next
)`;

const DEAD = `status = 'dead' and dead_letter is null`;

const FACTS = `${FIRST_RUNS}
select
  ${counted(`runs where status = 'queued'`)} as queued,
  ${counted(`runs where status = 'queued' and is_held`)} as held,
  ${counted(`runs where status = 'running'`)} as running,
  ${counted(`(select 1 from runs where ${DEAD} union all select 1 from ended_runs where ${DEAD}) as dead`)}
    as dead_letters,
  coalesce(greatest(0, extract(epoch from now() - (
    select min(due_at) from first_runs join functions f on f.id = first_runs.function_id and f.paused_at is null
  ))), 0)::float8 as run_late_s,
  ${counted('deliveries where due_at <= now()')} as deliveries_due,
  ${late('deliveries where due_at is not null')} as delivery_late_s,
  ${counted(`builds where status = 'building'`)} as builds_open,
  ${counted('events where matched_at is null')} as events_unmatched,
  (select count(*) from nodes where lease_until > now()) as nodes,
  (select extract(epoch from min(expires_at)) from certificates where wanted_at > now() - interval '3 hours')::float8
    as certificate_expires_s,
  pg_database_size(current_database()) as database_bytes`;

export type QueueFacts = {
  queued: number;
  held: number;
  running: number;
  dead_letters: number;
  /** Of the run that is due for longest, of a function that isn't paused. */
  run_late_s: number;
  deliveries_due: number;
  delivery_late_s: number;
  builds_open: number;
  events_unmatched: number;
  nodes: number;
  /** Unix time; null: there is none of an authority. */
  certificate_expires_s: number | null;
  database_bytes: number;
};

export async function readQueueFacts(sql: Sql): Promise<QueueFacts> {
  const [facts] = await sql.query<QueueFacts>(FACTS, [], 'queue facts');
  return facts as QueueFacts;
}
