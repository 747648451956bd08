-- Who signs in: a person has one e-mail address and its credentials, whichever accounts he has. A user is a person in one account, with a
-- role there; tokens and sessions act for users. An account's first user is there before anybody has claimed it.
create table people (
  id text primary key,
  email text not null,
  email_folded text not null unique,
  name text not null,
  -- Whether somebody has shown that mail to the address reaches him.
  email_proved boolean not null default false,
  password_hash text,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  last_signed_in_at timestamptz
);

alter table users
  add column person_id text references people (id) on delete cascade,
  add column role text not null default 'owner',
  add column sees_inputs boolean not null default false,
  add constraint users_role_check check (role in ('operator', 'owner', 'developer', 'viewer')),
  add constraint users_person_key unique (account_id, person_id);
create index users_person on users (person_id) where person_id is not null;

create table sessions (
  id text primary key,
  session_hash bytea not null unique,
  person_id text not null references people (id) on delete cascade,
  way text not null,
  address text,
  user_agent text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_person on sessions (person_id, created_at);
create index sessions_expiry on sessions (expires_at);

-- One use: accepting deletes the row.
create table invitations (
  id text primary key,
  account_id text not null references accounts (id) on delete cascade,
  email text not null,
  email_folded text not null,
  name text not null,
  role text not null check (role in ('operator', 'owner', 'developer', 'viewer')),
  sees_inputs boolean not null default false,
  link_hash bytea not null unique,
  -- Whether the link went to the address, and to nobody else.
  mailed boolean not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint invitations_email_key unique (account_id, email_folded)
);
create index invitations_expiry on invitations (expires_at);

create table password_resets (
  link_hash bytea primary key,
  person_id text not null references people (id) on delete cascade,
  mailed boolean not null,
  expires_at timestamptz not null
);
create index password_resets_person on password_resets (person_id);
create index password_resets_expiry on password_resets (expires_at);

-- Users and those who are invited count together.
create function hold_users_bound() returns trigger language plpgsql set search_path from current as $$
declare
  owner text;
  allowed bigint;
  held bigint;
begin
  for owner in select distinct account_id from added loop
    select coalesce((select (bounds ->> 'users')::bigint from accounts where id = owner),
      (select most from usual_bounds where name = 'users')) into allowed;
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
create trigger users_bound after insert on users referencing new table as added
  for each statement execute function hold_users_bound();
create trigger invitations_bound after insert on invitations referencing new table as added
  for each statement execute function hold_users_bound();

-- What people do is in the same log: who was signed in, and by which session. Sign-ins are many, so theirs may be deleted once they are old.
alter table operator_audit
  add column user_id text,
  add column session_id text;
create index operator_audit_sessions on operator_audit (at) where action like 'session.%';

create or replace function keep_operator_audit() returns trigger language plpgsql set search_path to '$user', 'public' as $$
begin
  if tg_op = 'UPDATE' and new.before is null and new.after is null
     and (new.id, new.at, new.action) = (old.id, old.at, old.action)
     and (new.token_id, new.address, new.subject_id, new.user_id, new.session_id)
       is not distinct from (old.token_id, old.address, old.subject_id, old.user_id, old.session_id) then
    return new;
  end if;
  if tg_op = 'DELETE' and old.action like 'session.%' and old.at < now() - interval '90 days' then
    return old;
  end if;
  raise exception 'operator_audit is only added to';
end
$$;
