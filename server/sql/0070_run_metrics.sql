-- What runs come to: counted in the transaction that writes the runs, folded behind them, kept longer than they are.
create table run_counts (
  -- Of the end of the run, or of the attempt.
  at timestamptz not null,
  account_id text not null,
  mode mode not null,
  function_id text not null,
  trigger text not null,
  -- Runs that ended, by how they did.
  succeeded bigint not null default 0,
  failed bigint not null default 0,
  timed_out bigint not null default 0,
  out_of_memory bigint not null default 0,
  crashed bigint not null default 0,
  cancelled bigint not null default 0,
  dead bigint not null default 0,
  -- Of those that ran: how long the last attempt took, in buckets that grow by 2 %.
  duration_us bigint not null default 0,
  duration_max_us bigint not null default 0,
  buckets integer[] not null default '{}',
  bucket_counts bigint[] not null default '{}',
  waits bigint not null default 0,
  wait_us bigint not null default 0,
  wait_max_us bigint not null default 0,
  -- Of attempts.
  attempts bigint not null default 0,
  cold_starts bigint not null default 0,
  init_us bigint not null default 0,
  execution_us bigint not null default 0,
  mb_ms bigint not null default 0,
  bytes_in bigint not null default 0,
  bytes_out bigint not null default 0,
  memory_peak_bytes bigint not null default 0
);

create table run_metrics (
  like run_counts including all,
  grain text not null check (grain in ('minute', 'hour', 'day')),
  primary key (account_id, mode, grain, at, function_id, trigger)
);
create index run_metrics_age on run_metrics (grain, at);
create index run_metrics_function on run_metrics (account_id, mode, function_id, grain, at);
