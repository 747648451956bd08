-- What may start a function besides a direct call. One row a trigger, of whatever kind; what a kind needs is in `settings`.
create table triggers (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  function_id text not null references functions on delete cascade,
  kind text not null check (kind in ('account_event', 'webhook', 'function_url', 'schedule')),
  name text,
  enabled boolean not null default true,
  -- Its runs are accepted and held.
  paused_at timestamptz,
  -- How long after the cause a run is due, account events and webhooks only.
  delay_ms bigint not null default 0 check (delay_ms >= 0),
  -- By kind: see triggers/trigger.ts.
  settings jsonb not null,
  -- The uuid in the address of a webhook or function URL.
  address uuid unique,
  -- Secrets of its verification, sealed with the account's key.
  sealed_secrets bytea,
  -- Of a schedule: its next tick.
  next_tick_at timestamptz,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create index triggers_account on triggers (account_id, mode, created_at desc, id desc);
create index triggers_function on triggers (function_id);
create index triggers_due on triggers (next_tick_at) where kind = 'schedule' and enabled and paused_at is null;

-- Another number with every change to what listens to the events of a world: what a node keeps in memory is then stale.
create table trigger_revisions (
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  revision bigint not null,
  primary key (account_id, mode)
);
-- Never gives a number twice: one that was rolled back can't come again and stand for something else.
create sequence trigger_revision_numbers;

-- What listens to the events of a world has changed. Publishers hold the row while they match, so a change waits for them.
create function bump_trigger_revision(changed_account text, changed_mode mode) returns void
language sql set search_path from current as $$
  insert into trigger_revisions (account_id, mode, revision)
  select a.id, changed_mode, nextval('trigger_revision_numbers') from accounts a where a.id = changed_account
  on conflict (account_id, mode) do update set revision = excluded.revision
$$;

-- By the database itself, so that no writer forgets it, a cascade least of all.
create function tell_trigger_change() returns trigger
language plpgsql set search_path from current as $$
declare
  changed triggers;
begin
  if tg_op = 'DELETE' then changed := old; else changed := new; end if;
  if changed.kind = 'account_event' then
    perform bump_trigger_revision(changed.account_id, changed.mode);
  end if;
  perform pg_notify('millrace_triggers', changed.id);
  return null;
end
$$;
create trigger triggers_change after insert or delete
  or update of function_id, name, enabled, paused_at, delay_ms, settings, address, sealed_secrets on triggers
  for each row execute function tell_trigger_change();

-- A disabled function's triggers don't match.
create function tell_function_switch() returns trigger
language plpgsql set search_path from current as $$
begin
  perform bump_trigger_revision(new.account_id, new.mode);
  return null;
end
$$;
create trigger functions_switch after update of enabled on functions
  for each row when (old.enabled is distinct from new.enabled) execute function tell_function_switch();
