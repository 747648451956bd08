-- Subscriptions listen to the events of a world as triggers do: what nodes keep in memory of them goes by the same revision, and a
-- publisher to whom nobody has subscribed spends no statement on deliveries.
create function tell_subscription_change() returns trigger
language plpgsql set search_path from current as $$
declare
  changed event_subscriptions;
begin
  if tg_op = 'DELETE' then changed := old; else changed := new; end if;
  perform bump_trigger_revision(changed.account_id, changed.mode);
  return null;
end
$$;
create trigger event_subscriptions_change after insert or delete or update of active, event_type on event_subscriptions
  for each row execute function tell_subscription_change();

-- Worlds whose subscriptions are older than the trigger.
select bump_trigger_revision(account_id, mode)
from (select distinct account_id, mode from event_subscriptions) as subscribed;
