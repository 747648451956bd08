-- What runs are known by elsewhere: `trace <id>` and `request <id>`, of runs that have either.
create table run_correlations (
  run_id uuid not null,
  account_id text not null,
  value text not null,
  primary key (account_id, value, run_id)
) partition by range (run_id);
create table run_correlations_default partition of run_correlations default;

-- The trace that an event was published in; null: none.
alter table events add column traceparent text;
