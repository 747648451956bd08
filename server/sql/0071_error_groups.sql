-- Faults of functions that are alike: what they have in common, in which versions they were seen, how many there
-- were in each hour, and which runs.
create table error_groups (
  account_id text not null,
  mode mode not null,
  id text not null,
  function_id text not null,
  type text not null,
  -- The message without what changes from run to run.
  message text not null,
  -- The innermost place in the function's own code.
  frame text,
  first_seen_at timestamptz not null,
  first_run_id uuid not null,
  primary key (account_id, mode, id)
);
create index error_groups_function on error_groups (account_id, mode, function_id);

create table error_group_versions (
  account_id text not null,
  mode mode not null,
  group_id text not null,
  version integer not null,
  first_seen_at timestamptz not null,
  primary key (account_id, mode, group_id, version)
);

-- One row a group and hour in each write of runs; folded into error_hours.
create table error_counts (
  at timestamptz not null,
  account_id text not null,
  mode mode not null,
  group_id text not null,
  count bigint not null,
  last_seen_at timestamptz not null,
  last_run_id uuid not null
);

create table error_hours (
  like error_counts including all,
  primary key (account_id, mode, at, group_id)
);
create index error_hours_group on error_hours (account_id, mode, group_id, at);
create index error_hours_age on error_hours (at);

create table error_group_runs (
  account_id text not null,
  mode mode not null,
  group_id text not null,
  run_id uuid not null,
  primary key (account_id, mode, group_id, run_id)
);
create index error_group_runs_age on error_group_runs (run_id);
