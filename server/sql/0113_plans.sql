-- Plans: named sets of limits and bounds that accounts are put on. What an account has of its own counts first, then what its plan says, then
-- what is usual here. A change of a plan holds for all that are on it.
create table plans (
  name text primary key,
  description text,
  -- As in the API: runs_per_minute, ...; 0: none.
  limits jsonb not null default '{}',
  bounds jsonb not null default '{}',
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
alter table accounts add column plan text references plans (name);
create index accounts_plan on accounts (plan) where plan is not null;

-- What is said of an account's bound, by itself or by its plan; null: nothing.
create function own_or_plans_bound(account text, bound text) returns bigint language sql stable set search_path from current as $$
  select coalesce((a.bounds ->> bound)::bigint, (p.bounds ->> bound)::bigint)
  from accounts a left join plans p on p.name = a.plan where a.id = account
$$;
create function account_bound(account text, bound text) returns bigint language sql stable set search_path from current as $$
  select coalesce(own_or_plans_bound(account, bound), (select most from usual_bounds where name = bound))
$$;

create or replace function hold_account_bound() returns trigger language plpgsql set search_path from current as $$
declare
  world record;
  allowed bigint;
  found_rows bigint;
begin
  for world in select distinct account_id, mode from added loop
    allowed := account_bound(world.account_id, tg_argv[0]);
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

create or replace function hold_bundle_bytes() returns trigger language plpgsql set search_path from current as $$
declare
  owner text;
  allowed bigint;
  held bigint;
begin
  for owner in select distinct account_id from added loop
    allowed := account_bound(owner, 'bundle_bytes');
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

create or replace function hold_users_bound() returns trigger language plpgsql set search_path from current as $$
declare
  owner text;
  allowed bigint;
  held bigint;
begin
  for owner in select distinct account_id from added loop
    allowed := account_bound(owner, 'users');
    continue when allowed is null;
    perform pg_advisory_xact_lock(hashtextextended(format('bound users %s', owner), 0));
    select (select count(*) from users where account_id = owner)
      + (select count(*) from invitations where account_id = owner and expires_at > now()) into held;
    if held > allowed then
      raise exception using errcode = 'MR409', message = 'users', detail = allowed::text;
    end if;
  end loop;
  return null;
end
$$;
