-- How many things an account may have. The database itself holds to it, whichever way something is made, and however many are made at the
-- same time: who adds one of a kind waits for those who are adding others of it.
alter table accounts add column bounds jsonb not null default '{}'::jsonb;

-- What holds for accounts that have nothing of their own in accounts.bounds; written by every server at its start.
create table usual_bounds (
  name text primary key,
  most bigint not null
);

-- Called after an insert: (name of the bound, further condition of rows that count). Rows of one account and mode count together.
create function hold_account_bound() returns trigger language plpgsql set search_path from current as $$
declare
  world record;
  allowed bigint;
  found_rows bigint;
begin
  for world in select distinct account_id, mode from added loop
    select coalesce((select (bounds ->> tg_argv[0])::bigint from accounts where id = world.account_id),
      (select most from usual_bounds where name = tg_argv[0])) into allowed;
    continue when allowed is null;
    perform pg_advisory_xact_lock(hashtextextended(format('bound %s %s %s', tg_argv[0], world.account_id, world.mode), 0));
    execute format('select count(*) from (select from %I where account_id = $1 and mode = $2 and %s limit $3) as counted',
      tg_table_name, tg_argv[1]) into found_rows using world.account_id, world.mode, allowed + 1;
    if found_rows > allowed then
      raise exception using errcode = 'MR409', message = tg_argv[0], detail = allowed::text;
    end if;
  end loop;
  return null;
end
$$;

create trigger functions_bound after insert on functions referencing new table as added
  for each statement execute function hold_account_bound('functions', 'true');
create trigger flows_bound after insert on flows referencing new table as added
  for each statement execute function hold_account_bound('flows', 'true');
create trigger email_templates_bound after insert on email_templates referencing new table as added
  for each statement execute function hold_account_bound('email_templates', 'true');
create trigger smtp_profiles_bound after insert on smtp_profiles referencing new table as added
  for each statement execute function hold_account_bound('smtp_profiles', 'true');
create trigger payment_profiles_bound after insert on payment_profiles referencing new table as added
  for each statement execute function hold_account_bound('payment_profiles', 'true');
create trigger function_folders_bound after insert on function_folders referencing new table as added
  for each statement execute function hold_account_bound('function_folders', 'true');
create trigger domains_bound after insert on domains referencing new table as added
  for each statement execute function hold_account_bound('domains', 'true');
create trigger portals_bound after insert on portals referencing new table as added
  for each statement execute function hold_account_bound('portals', 'true');
-- One that has expired is of no use any more, and of no weight.
create trigger secret_tokens_bound after insert on tokens referencing new table as added
  for each statement execute function hold_account_bound('secret_tokens',
    $$kind = 'secret' and (expires_at is null or expires_at > now())$$);
create trigger limited_tokens_bound after insert on tokens referencing new table as added
  for each statement execute function hold_account_bound('limited_tokens',
    $$kind = 'limited' and (expires_at is null or expires_at > now())$$);

-- The code of all versions of all functions of an account, each bundle once.
create function hold_bundle_bytes() returns trigger language plpgsql set search_path from current as $$
declare
  owner text;
  allowed bigint;
  held bigint;
begin
  for owner in select distinct account_id from added loop
    select coalesce((select (bounds ->> 'bundle_bytes')::bigint from accounts where id = owner),
      (select most from usual_bounds where name = 'bundle_bytes')) into allowed;
    continue when allowed is null;
    perform pg_advisory_xact_lock(hashtextextended(format('bound bundle_bytes %s', owner), 0));
    select coalesce(sum(size_bytes), 0) into held
      from (select distinct bundle_hash, size_bytes from versions where account_id = owner) as bundles;
    if held > allowed then
      raise exception using errcode = 'MR409', message = 'bundle_bytes', detail = allowed::text;
    end if;
  end loop;
  return null;
end
$$;
create index runs_pinned on runs (function_id, pinned_version)
  where pinned_version is not null and status in ('queued', 'running');
-- Those that count as waiting.
create index flow_runs_going on flow_runs (account_id) where status = 'going';

create index versions_account on versions (account_id);
create trigger versions_bound after insert on versions referencing new table as added
  for each statement execute function hold_bundle_bytes();
