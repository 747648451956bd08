-- What the operator has changed of accounts: who, from where, before and after. Rows are added and never changed or deleted; but the words of
-- an account that is deleted go with it, so before and after may become empty.
create table operator_audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  token_id text,
  address text,
  action text not null,
  subject_id text,
  before jsonb,
  after jsonb
);
create index operator_audit_subject on operator_audit (subject_id, id desc);

create function keep_operator_audit() returns trigger language plpgsql set search_path to '$user', 'public' as $$
begin
  if tg_op = 'UPDATE' and new.before is null and new.after is null
     and (new.id, new.at, new.action) = (old.id, old.at, old.action)
     and (new.token_id, new.address, new.subject_id) is not distinct from (old.token_id, old.address, old.subject_id) then
    return new;
  end if;
  raise exception 'operator_audit is only added to';
end
$$;

create trigger operator_audit_kept before update or delete on operator_audit
  for each row execute function keep_operator_audit();
