-- Outgoing calls of runs, by day of the run's id as its log is, and whom functions called on each day.
create table run_calls (
  run_id uuid not null,
  account_id text not null,
  -- outgoing-calls/outgoing-call.ts
  calls jsonb not null,
  -- Beyond what is kept of a run.
  left_out integer not null default 0,
  is_incomplete boolean not null default false,
  primary key (account_id, run_id)
) partition by range (run_id);
create table run_calls_default partition of run_calls default;

create table egress_days (
  account_id text not null,
  mode mode not null,
  day date not null,
  function_id text not null,
  verdict text not null check (verdict in ('allowed', 'refused')),
  protocol text not null check (protocol in ('tcp', 'udp', 'icmp', 'other')),
  -- Empty: one of many more than are told apart.
  address text not null,
  port integer not null,
  -- Empty: unknown.
  host text not null,
  calls bigint not null,
  bytes_sent bigint not null,
  bytes_received bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (account_id, mode, day, function_id, verdict, protocol, address, port, host)
);
create index egress_days_age on egress_days (day);

-- From when to when a node saw no outgoing calls.
create table call_gaps (
  node_id text not null,
  since timestamptz not null default now(),
  -- null: it goes on.
  until timestamptz
);

alter table account_egress add column records_calls boolean not null default true;
-- null: it was never changed.
alter table account_egress add column records_changed_at timestamptz;

insert into event_types (name, item_type, description, is_own) values
  ('egress.refused', 'function', 'The function was kept from an address that it had not tried on that day before', true);
