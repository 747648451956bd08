-- Flows: what follows from an event in steps. A flow run is one item's way through one flow; it moves in transactions alone, so
-- that no restart loses it or takes a step twice.
create table flows (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  name text not null,
  description text,
  -- What goes through it: `customer_lifecycle`, `sale_lifecycle`.
  kind text not null check (kind in ('customer_lifecycle', 'sale_lifecycle')),
  enabled boolean not null default false,
  -- Notations that start it.
  starts text[] not null,
  -- flows/flow.ts
  nodes jsonb not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create index flows_account on flows (account_id, mode, created_at desc, id desc);

create function tell_flow_change() returns trigger
language plpgsql set search_path from current as $$
declare
  changed flows;
begin
  if tg_op = 'DELETE' then changed := old; else changed := new; end if;
  perform bump_trigger_revision(changed.account_id, changed.mode);
  return null;
end
$$;
create trigger flows_change after insert or update or delete on flows
  for each row execute function tell_flow_change();

create table flow_runs (
  -- 20 letters and digits
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- No foreign key: a run goes on as it began, whatever becomes of its flow.
  flow_id text not null,
  flow_name text not null,
  -- The flow's nodes when it began.
  nodes jsonb not null,
  event_id text not null,
  item_type text not null,
  item_id text not null,
  item_details jsonb not null,
  status text not null default 'going' check (status in ('going', 'completed', 'failed', 'cancelled')),
  -- Where it stands: at a node, `entering` it, `waiting` in it, or `returned` from what it asked for.
  node_id text,
  phase text not null default 'entering' check (phase in ('entering', 'waiting', 'returned')),
  process_id uuid not null,
  prior_process_id uuid,
  -- The function run that it waits for, how that ended, and what it returned.
  run_id uuid,
  run_status text,
  response jsonb,
  -- When it moves on; null while it waits for a run.
  due_at timestamptz,
  -- Nodes entered.
  steps integer not null default 0,
  -- [{node_id, process_id, at, what}]
  history jsonb not null default '[]',
  error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index flow_runs_due on flow_runs (due_at) where status = 'going' and due_at is not null;
create index flow_runs_account on flow_runs (account_id, mode, created_at desc, id desc);
create index flow_runs_flow on flow_runs (flow_id, created_at desc, id desc);
create unique index flow_runs_run on flow_runs (run_id) where run_id is not null;
create index flow_runs_ended on flow_runs (ended_at) where ended_at is not null;
