-- The last limit that an account may have of its own, what it was told of limits that are near, and events that can't be routed.

alter table accounts
  -- Largest body of a request whose body is for a function. null: the installation's, which it never exceeds.
  add column payload_bytes integer check (payload_bytes > 0);

-- When an account was told that a limit which is of no minute is near: said once in a while, over all nodes.
create table account_alerts (
  account_id text not null references accounts on delete cascade,
  -- `concurrent_runs`, `queued_runs`
  limit_name text not null,
  told_at timestamptz not null,
  primary key (account_id, limit_name)
);

alter table events
  -- How often something that was not its fault kept the router from routing it. Beyond a bound it is set aside: matched_at and fault say so.
  add column tries integer not null default 0,
  -- The run that published it, where it said so. Runs may be gone before the events that they published.
  add column cause_run uuid;
create index events_set_aside on events (account_id, mode, position desc) where fault is not null;

insert into event_types (name, item_type, description, is_own) values
  ('event.set_aside', 'event', 'An event could not be routed, and waits for somebody to route it again', true);
