-- Queries that accounts save, and their executions. A tick of a query's frequency and its execution are written together; a
-- function's run is queued in the transaction that ends the execution: one run for one tick, whatever is killed in between.
create table queries (
  -- 20 letters and digits
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  name text not null,
  enabled boolean not null default true,
  -- What it asks: queries/query.ts
  definition jsonb not null,
  -- {cron, timeZone} or {everyS}; null: by request alone.
  frequency jsonb,
  -- Is given the results; null: they are only kept.
  function_id text,
  next_at timestamptz,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create unique index queries_name on queries (account_id, mode, lower(name));
create index queries_due on queries (next_at) where enabled and next_at is not null;

create table query_executions (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- No foreign key: what came out outlives its query.
  query_id text not null,
  cause text not null check (cause in ('frequency', 'request')),
  -- The tick, or when it was asked for: what `today` means is said by this.
  at timestamptz not null,
  status text not null default 'queued' check (status in ('queued', 'succeeded', 'failed')),
  due_at timestamptz not null default now(),
  -- Who has it in hand, until when, and how often it was taken: the fence.
  held_until timestamptz,
  claims integer not null default 0,
  attempts integer not null default 0,
  -- Why it failed or is tried again; of one that succeeded, why there is no run.
  error text,
  -- [{group_by_value, <metric>: number}]
  results jsonb,
  -- There were more groups than are kept.
  is_truncated boolean not null default false,
  range_from timestamptz,
  range_to timestamptz,
  run_id uuid,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index query_executions_due on query_executions (due_at) where status = 'queued';
create index query_executions_query on query_executions (query_id, id desc);
create index query_executions_account on query_executions (account_id, mode, id desc);
create index query_executions_ended on query_executions (ended_at) where ended_at is not null;
