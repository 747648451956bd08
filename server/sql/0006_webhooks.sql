-- Deliveries of verified webhooks that were accepted lately: a repeated one is answered and runs nothing. A row goes when it has
-- expired; those of a deleted trigger no sooner, so that accepting one never waits for a trigger that is being changed.
create table webhook_deliveries (
  trigger_id text not null,
  -- SHA-256 of the id that the sender's scheme gives a delivery.
  delivery_hash bytea not null,
  expires_at timestamptz not null,
  primary key (trigger_id, delivery_hash)
);
create index webhook_deliveries_expired on webhook_deliveries (expires_at);

alter table triggers
  -- Of a schedule that queues one tick: the tick that waits for the run of an earlier one to end.
  add column waiting_tick_at timestamptz;
create index triggers_waiting on triggers (waiting_tick_at) where waiting_tick_at is not null;

-- A schedule that is switched on again begins anew: what it would have done meanwhile isn't caught up. (A pause is made up for, by
-- its catch-up policy.) Without a next tick a scheduler gives it one, on the database's clock.
create function begin_schedule_anew() returns trigger
language plpgsql set search_path from current as $$
begin
  new.next_tick_at := null;
  new.waiting_tick_at := null;
  return new;
end
$$;
create trigger triggers_switched_on before update of enabled on triggers
  for each row when (new.kind = 'schedule' and new.enabled and not old.enabled)
  execute function begin_schedule_anew();

-- Runs of a schedule that aren't over: what its overlap policy asks for at every tick.
create index runs_of_schedules on runs (trigger_id)
  where trigger = 'schedule' and trigger_id is not null and status in ('queued', 'running');
