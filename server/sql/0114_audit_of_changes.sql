-- What is changed by any API is in the log, too: by which route, of what kind, which one. And entries go when their own time is over, which
-- the server writes down at its start; nothing else takes them away.
alter table operator_audit
  add column route text,
  add column resource text,
  add column target text,
  add column mode mode;
create index operator_audit_at on operator_audit (at);
drop index operator_audit_sessions;

create table audit_retention (
  is_only boolean primary key default true check (is_only),
  -- 0: for good.
  days integer not null,
  sign_in_days integer not null
);

create or replace function keep_operator_audit() returns trigger language plpgsql set search_path to '$user', 'public' as $$
declare
  kept_days integer;
begin
  if tg_op = 'UPDATE' and new.before is null and new.after is null and new.target is null
     and (new.id, new.at, new.action) = (old.id, old.at, old.action)
     and (new.token_id, new.address, new.subject_id, new.user_id, new.session_id, new.route, new.resource, new.mode)
       is not distinct from
         (old.token_id, old.address, old.subject_id, old.user_id, old.session_id, old.route, old.resource, old.mode) then
    return new;
  end if;
  if tg_op = 'DELETE' then
    select nullif(case when old.action like 'session.%' then sign_in_days else days end, 0) into kept_days from audit_retention;
    if old.at < now() - make_interval(days => kept_days) then
      return old;
    end if;
  end if;
  raise exception 'operator_audit is only added to';
end
$$;
