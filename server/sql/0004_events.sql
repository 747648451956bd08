-- Account events: kept from before they are acknowledged. One that an SQL caller published stands unmatched until a node
-- has matched it; one that came by the API is matched in the transaction that keeps it.
create table events (
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- The publisher's own id: the same one twice is one event.
  id text not null,
  -- In the order in which they were kept.
  position bigint generated always as identity,
  -- Its type, or its most specific notation.
  type text not null,
  -- Every notation, most specific first, prefixes included; as the publisher wrote them while it is unmatched.
  notations text[] not null,
  item_type text not null,
  item_id text not null,
  campaign text,
  shop text,
  -- When it happened, by the publisher.
  happened_at timestamptz not null,
  -- The subject, and its children by name.
  data jsonb not null,
  related jsonb not null default '{}',
  created_at timestamptz not null default now(),
  -- null: not matched yet.
  matched_at timestamptz,
  -- It could not be matched just now, its account having too much queued: when it is tried again.
  retry_at timestamptz,
  -- Why it can never be; null: all is well.
  fault text,
  -- Events grow from one another when functions publish: how far this one is from the outside.
  depth integer not null default 0,
  primary key (account_id, mode, id)
);
create index events_unmatched on events (position) where matched_at is null;
create index events_position on events (account_id, mode, position desc);
create index events_type on events (account_id, mode, type, position desc);
create index events_item on events (account_id, mode, item_id, position desc);
create index events_created on events (created_at);

-- Types (`order:created`) and notations (`sale.created.success`) that are known: to the installation, or to one account.
create table event_types (
  -- null: to every account.
  account_id text references accounts on delete cascade,
  name text not null,
  item_type text not null,
  description text,
  -- The platform publishes it, and nobody else.
  is_own boolean not null default false,
  created_at timestamptz not null default now(),
  unique nulls not distinct (account_id, name)
);

create function tell_event_type_change() returns trigger
language plpgsql as $$
begin
  perform pg_notify('millrace_event_types', coalesce(new.account_id, old.account_id, ''));
  return null;
end
$$;
create trigger event_types_change after insert or update or delete on event_types
  for each row execute function tell_event_type_change();

-- What events can be about, besides the item types of the types above.
create table event_item_types (name text primary key);

insert into event_types (name, item_type)
select name, split_part(name, ':', 1) from unnest(array[
  'account:modified',
  'cart:payment_completed',
  'event_subscription:created', 'event_subscription:deleted', 'event_subscription:modified',
  'gateway:created', 'gateway:modified',
  'invoice:created', 'invoice:paid', 'invoice:payment_completed', 'invoice:published',
  'license_service:low_licenses',
  'order:created', 'order:fulfilled', 'order:licenses_assigned', 'order:payment_completed',
  'payment:captured_failure', 'payment:captured_success', 'payment:completed', 'payment:created_failure',
  'payment:created_success', 'payment:voided',
  'product:created', 'product:deleted', 'product:modified',
  'refund:created_failure', 'refund:created_success', 'refund:deleted',
  'shipment:created', 'shipment:deleted', 'shipment:modified',
  'subscription:cancellation_scheduled', 'subscription:cancellation_unscheduled', 'subscription:cancelled',
  'subscription:completed', 'subscription:converted', 'subscription:created', 'subscription:modified',
  'subscription:renewal_failure', 'subscription:renewal_success',
  'subscription_item:added', 'subscription_item:cancellation_scheduled', 'subscription_item:cancellation_unscheduled',
  'subscription_item:cancelled', 'subscription_item:modified',
  'user:created', 'user:modified'
]) as name;

insert into event_types (name, item_type)
select name, split_part(name, '.', 1) from unnest(array[
  'sale.created', 'sale.created.success', 'sale.created.success.paid', 'customer.created', 'pending_refund.created'
]) as name;

insert into event_types (name, item_type, description, is_own) values
  ('function.failed', 'function', 'A run of the function failed for good', true),
  ('function.disabled', 'function', 'The platform disabled the function after faults in a row', true),
  ('function.dead_lettered', 'function', 'A run of the function is on the dead-letter list', true),
  ('limit.near', 'account', 'The account uses most of one of its limits', true);

insert into event_item_types (name)
select unnest(array[
  'sale', 'customer', 'product_sale', 'shipping', 'subscription', 'subscription_renewal', 'salvage_transaction',
  'transaction', 'chargeback', 'fraud_detection', 'pending_refund', 'tax', 'discount', 'trial', 'check_direct',
  'offline_payment', 'note', 'usage_account'
]);

-- What is wrong with one notation or type that an account publishes; null: nothing.
create function millrace_notation_problem(publisher text, notation text) returns text
language plpgsql stable set search_path from current as $$
declare
  near text;
begin
  if notation is null or length(notation) > 100
     or notation !~ '^[a-z][a-z0-9_]*(:[a-z0-9_]+|(\.[a-z0-9_]+){1,7})$' then
    return format('%s is no type such as order:created and no notation such as sale.created.success', to_json(notation));
  end if;
  -- What it implies is published with it.
  perform 1 from event_types t where (t.account_id is null or t.account_id = publisher) and t.is_own
    and (t.name = notation or starts_with(t.name, notation || '.') or starts_with(notation, t.name || '.'));
  if found then
    return format('%s is published by the platform alone', to_json(notation));
  end if;
  if current_setting('millrace.allow_unknown_events', true) = 'true' then
    return null;
  end if;
  perform 1 from event_types t where (t.account_id is null or t.account_id = publisher)
    and (t.name = notation or starts_with(t.name, notation || '.'));
  if found then
    return null;
  end if;
  select string_agg(t.name, ', ' order by t.name) into near from event_types t
    where (t.account_id is null or t.account_id = publisher) and not t.is_own
      and split_part(translate(t.name, ':', '.'), '.', 1) = split_part(translate(notation, ':', '.'), '.', 1);
  return format('%s is not known%s', to_json(notation), coalesce('; of that item are known: ' || near, ''));
end
$$;

-- Type and notations of an event, as they were written.
create function millrace_event_names(event jsonb) returns text[]
language sql immutable set search_path from current as $$
  select array_remove(array[event ->> 'type'], null) || coalesce((
    select array_agg(name order by place)
    from jsonb_array_elements_text(case jsonb_typeof(event -> 'notations') when 'array' then event -> 'notations' end)
      with ordinality as n(name, place)
  ), '{}')
$$;

-- What an event is about, if its publisher doesn't say: by its most specific name (triggers/notation.ts), what the catalogue says.
create function millrace_item_type(publisher text, names text[]) returns text
language sql stable set search_path from current as $$
  with specific as (
    select name from unnest(names) with ordinality as n(name, place)
    order by strpos(name, ':') > 0 desc, cardinality(string_to_array(name, '.')) desc, place limit 1
  )
  select coalesce(
    (select t.item_type from event_types t
     where (t.account_id is null or t.account_id = publisher) and (t.name = s.name or starts_with(t.name, s.name || '.'))
     order by t.name = s.name desc, t.name, t.account_id nulls first limit 1),
    split_part(translate(s.name, ':', '.'), '.', 1))
  from specific s
$$;

-- What is wrong with the data of an event, or its children; null: nothing. The same rules as events/json-problem.ts: what no
-- double holds, and what is nested so deep that no parser gets through, could never be told to a function.
create function millrace_event_data_problem(event jsonb) returns text
language plpgsql stable set search_path from current as $$
declare
  field text;
  size_bytes integer := 0;
begin
  foreach field in array array['data', 'related'] loop
    if coalesce(event -> field, 'null') = 'null' then continue; end if;
    if jsonb_typeof(event -> field) <> 'object' then return field || ': must be an object'; end if;
    size_bytes := size_bytes + octet_length((event -> field)::text);
    if jsonb_path_exists(event -> field, '$.**{101}') then
      return field || ': must not be nested deeper than 100 levels';
    end if;
    if jsonb_path_exists(event -> field,
      '$.** ? (@.type() == "number" && (@ > 1.7976931348623157e308 || @ < -1.7976931348623157e308))') then
      return field || ': must not hold a number this large';
    end if;
  end loop;
  if size_bytes > coalesce(nullif(current_setting('millrace.event_bytes', true), '')::integer, 262144) then
    return 'the event is too large';
  end if;
  return null;
end
$$;

-- When an event happened; null: not said. Raises what is wrong with it.
create function millrace_event_time(event jsonb) returns timestamptz
language plpgsql stable set search_path from current as $$
declare
  happened timestamptz;
begin
  if event ->> 'date' !~ '^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$' then
    raise exception using errcode = 'invalid_parameter_value', message = 'date: must be a time as in ISO 8601, with its zone';
  end if;
  begin
    happened := (event ->> 'date')::timestamptz;
  exception when data_exception then
    raise exception using errcode = 'invalid_parameter_value', message = 'date: there is no such time';
  end;
  if happened not between '1900-01-01T00:00:00Z' and '9999-12-31T00:00:00Z' then
    raise exception using errcode = 'invalid_parameter_value', message = 'date: must be a time from the years 1900 to 9999';
  end if;
  return happened;
end
$$;

-- What is wrong with an event; null: nothing. The same rules as POST /millrace/v1/events (events/event-fields.ts).
create function millrace_event_problem(publisher text, event jsonb) returns text
language plpgsql stable set search_path from current as $$
declare
  field text;
  about text;
  notation text;
  problem text;
begin
  if event is null or jsonb_typeof(event) <> 'object' then
    return 'an event must be an object';
  end if;
  select key into field from jsonb_object_keys(event) as key
    where key not in ('id', 'type', 'notations', 'subject', 'item_type', 'item_id', 'data', 'date', 'campaign', 'shop', 'related')
    limit 1;
  if found then
    return format('%s: there is no such field here', field);
  end if;
  foreach field in array array['id', 'type', 'subject', 'item_type', 'item_id', 'date', 'campaign', 'shop'] loop
    if event ? field and event -> field <> 'null' then
      if jsonb_typeof(event -> field) <> 'string' then return field || ': must be text'; end if;
      if length(event ->> field) not between 1 and 200 then return field || ': must have 1 to 200 characters'; end if;
    end if;
  end loop;
  if event ->> 'id' !~ '^[0-9A-Za-z_-][0-9A-Za-z_.:-]{0,99}$' then
    return 'id: must be 1 to 100 letters, digits, _, -, . or :, beginning with none of the last two';
  end if;
  if event ->> 'item_type' <> event ->> 'subject' then return 'subject: must be the same as item_type'; end if;
  about := coalesce(event ->> 'item_type', event ->> 'subject');
  if about !~ '^[a-z][a-z0-9_]*$' then
    return 'item_type: must be lower-case letters, digits and _';
  end if;
  if about is not null and current_setting('millrace.allow_unknown_events', true) is distinct from 'true'
     and not exists (select from event_item_types where name = about)
     and not exists (
       select from event_types t where t.item_type = about and (t.account_id is null or t.account_id = publisher)
     ) then
    return format('item_type: %s is not known', to_json(about));
  end if;
  if event ->> 'item_id' is null then return 'item_id: is required'; end if;
  problem := millrace_event_data_problem(event);
  if problem is not null then return problem; end if;
  if coalesce(event -> 'notations', 'null') <> 'null' then
    if jsonb_typeof(event -> 'notations') <> 'array' or jsonb_array_length(event -> 'notations') > 20 then
      return 'notations: must be a list of at most 20';
    end if;
  end if;
  if cardinality(millrace_event_names(event)) = 0 then return 'type: is required, or notations'; end if;
  foreach notation in array millrace_event_names(event) loop
    problem := millrace_notation_problem(publisher, notation);
    if problem is not null then return problem; end if;
  end loop;
  return null;
end
$$;

-- Publishes an account event inside the caller's own transaction: it is there if and when that commits, and is matched by a
-- node at once thereafter. The same id twice is one event. Returns the event's id.
create function millrace_publish_event(publisher text, world mode, event jsonb) returns text
language plpgsql set search_path from current as $$
declare
  problem text := millrace_event_problem(publisher, event);
  event_id text := coalesce(event ->> 'id', right(replace(gen_random_uuid()::text, '-', ''), 20));
  given text[] := millrace_event_names(event);
begin
  if problem is not null then
    raise exception using errcode = 'invalid_parameter_value', message = problem;
  end if;
  if world is null then
    raise exception using errcode = 'invalid_parameter_value', message = 'the mode must be live or test';
  end if;
  perform 1 from accounts a where a.id = publisher;
  if not found then
    raise exception using errcode = 'invalid_parameter_value', message = format('there is no account %s', publisher);
  end if;
  insert into events (account_id, mode, id, type, notations, item_type, item_id, campaign, shop, happened_at, data, related)
  values (
    publisher, world, event_id, given[1], given,
    coalesce(event ->> 'item_type', event ->> 'subject', millrace_item_type(publisher, given)),
    event ->> 'item_id', event ->> 'campaign', event ->> 'shop', coalesce(millrace_event_time(event), now()),
    coalesce(nullif(event -> 'data', 'null'), '{}'), coalesce(nullif(event -> 'related', 'null'), '{}')
  )
  on conflict (account_id, mode, id) do nothing;
  perform pg_notify('millrace_events', '');
  return event_id;
end
$$;
