-- The history: runs that have ended, apart from `runs`, which keeps those that wait or go on. By day of their id
-- (UUID version 7), so that a day goes as a whole when its time is over. What is written for a day that has no
-- partition lies in the default one. `runs` may hold ended ones of before this migration: they are moved while
-- Millrace serves (runs/history-mover.ts), and read as part of `all_runs` meanwhile.

-- The least id that a run of a moment can have.
create function first_run_id(at timestamptz) returns uuid language sql immutable strict parallel safe as
$$ select (lpad(to_hex(greatest(0, (extract(epoch from at) * 1000)::bigint)), 12, '0') || '00000000000000000000')::uuid $$;

-- Columns of eight bytes first: nothing is lost to padding.
create table ended_runs (
  id uuid not null,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  duration_ms double precision,
  memory_peak_bytes bigint,
  mode mode not null,
  status run_status not null,
  version integer not null,
  memory_mb integer not null,
  attempts integer not null,
  response_status integer,
  account_id text not null,
  function_id text not null,
  trigger text not null,
  cause jsonb not null,
  engine text,
  init_ms double precision,
  error jsonb,
  due_at timestamptz,
  pinned_version integer,
  trigger_id text,
  event_id text,
  replay_of uuid,
  -- null: there was one attempt.
  history jsonb,
  dead_letter text check (dead_letter in ('redriven', 'discarded')),
  primary key (id)
) partition by range (id);
create table ended_runs_default partition of ended_runs default;

-- Any filter by status and trigger is a few ranges of these two, each in the order of ids. Four bytes stand for what a
-- range has in common, which would take more room than the rest of the entry; readers compare the columns as well.
create index ended_runs_account on ended_runs
  ((hashtext(account_id || '/' || trigger) # hashenum(mode) # hashenum(status)), id);
create index ended_runs_function on ended_runs ((hashtext(function_id || '/' || trigger) # hashenum(status)), id);
create index ended_runs_dead on ended_runs (account_id, mode, id) where status = 'dead';
create index ended_runs_dead_letters on ended_runs (account_id, mode, id) where status = 'dead' and dead_letter is null;
create index ended_runs_event on ended_runs (account_id, event_id) where event_id is not null;
create index ended_runs_replays on ended_runs (replay_of) where replay_of is not null;

-- What ended runs were told and returned: goes sooner than they do.
create table run_contents (
  account_id text not null,
  run_id uuid not null,
  sealed_input bytea storage external,
  sealed_result bytea storage external,
  primary key (account_id, run_id)
) partition by range (run_id);
create table run_contents_default partition of run_contents default;

-- Logs by day as well. What was printed before lies in old_run_logs until it is moved with its run.
alter table run_logs rename to old_run_logs;
alter table old_run_logs rename constraint run_logs_pkey to old_run_logs_pkey;
alter table old_run_logs drop constraint run_logs_run_id_fkey;
create table run_logs (
  run_id uuid not null,
  account_id text not null,
  lines jsonb not null,
  truncated boolean not null default false,
  primary key (account_id, run_id)
) partition by range (run_id);
create table run_logs_default partition of run_logs default;

-- Every run, wherever it lies; at one moment it is in one place.
create view all_runs as
select id, account_id, mode, function_id, version, trigger, cause, status, attempts, memory_mb, created_at, started_at,
  ended_at, duration_ms, init_ms, memory_peak_bytes, error, engine, response_status, due_at, is_held, pinned_version,
  trigger_id, event_id, replay_of, dead_letter, history, sealed_input, sealed_result
from runs
union all
select e.id, e.account_id, e.mode, e.function_id, e.version, e.trigger, e.cause, e.status, e.attempts, e.memory_mb,
  e.created_at, e.started_at, e.ended_at, e.duration_ms, e.init_ms, e.memory_peak_bytes, e.error, e.engine,
  e.response_status, e.due_at, false, e.pinned_version, e.trigger_id, e.event_id, e.replay_of, e.dead_letter,
  coalesce(e.history, '[]'), c.sealed_input, c.sealed_result
from ended_runs e left join run_contents c on c.account_id = e.account_id and c.run_id = e.id;

-- One row: how far the runs of before are moved, and when days were last dropped.
create table history_state (
  is_only boolean primary key default true check (is_only),
  -- All runs up to this one are where they belong; null: none was looked at.
  moved_to uuid,
  -- null: it goes on.
  moved_at timestamptz,
  dropped_at timestamptz not null default '-infinity'
);
insert into history_state (moved_at) select case when exists (select from runs) then null else now() end;

-- Runs come and go here all the time: their room is given back soon.
alter table runs set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
