-- How attempts got their sandbox that didn't find one warm at once: of most there is no row.
create table run_starts (
  run_id uuid not null,
  attempt integer not null,
  account_id text not null,
  sandbox text not null check (sandbox in ('warm', 'ahead', 'stock', 'cold')),
  -- Until there was a place in a sandbox.
  waited_ms double precision not null,
  init_ms double precision,
  primary key (run_id, attempt)
);
create index run_starts_account on run_starts (account_id);
