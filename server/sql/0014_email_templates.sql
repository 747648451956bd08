-- E-mail templates, and the mails that they become. A mail is kept from before its cause is acknowledged until it is sent.
create table email_templates (
  -- 20 letters and digits
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  name text not null,
  enabled boolean not null default true,
  -- null: the account's default profile, else the installation's server.
  smtp_profile_id text,
  subject text not null,
  sender text not null,
  recipients text[] not null,
  html text not null,
  -- What sends it: `account_event`, or `api_direct`.
  trigger text not null check (trigger in ('account_event', 'api_direct')),
  notations text[] not null default '{}',
  campaigns text[] not null default '{}',
  shops text[] not null default '{}',
  -- Runs while the mail is made; its object becomes `custom_data`.
  function_id text,
  -- What becomes of the mail when that fails: `send` it without, or `fail`.
  on_function_error text not null default 'send' check (on_function_error in ('send', 'fail')),
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create unique index email_templates_name on email_templates (account_id, mode, lower(name));

create function tell_template_change() returns trigger
language plpgsql set search_path from current as $$
declare
  changed email_templates;
begin
  if tg_op = 'DELETE' then changed := old; else changed := new; end if;
  perform bump_trigger_revision(changed.account_id, changed.mode);
  return null;
end
$$;
create trigger email_templates_change after insert or update or delete on email_templates
  for each row execute function tell_template_change();

create table template_mails (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- No foreign key: what was sent outlives its template.
  template_id text not null,
  event_id text,
  -- What the template is compiled over, without custom_data.
  input jsonb not null,
  status text not null default 'queued' check (status in ('queued', 'sent', 'failed')),
  -- `asking` its function for custom_data, `waiting` for it, `sending`.
  phase text not null default 'asking' check (phase in ('asking', 'waiting', 'sending')),
  run_id uuid,
  custom_data jsonb,
  -- When it goes on; null: it waits for a run, or is over.
  due_at timestamptz default now(),
  -- Who has it in hand, until when, and how often it was taken: the fence.
  held_until timestamptz,
  claims integer not null default 0,
  attempts integer not null default 0,
  error text,
  recipients text[] not null default '{}',
  message_id text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index template_mails_due on template_mails (due_at) where status = 'queued' and due_at is not null;
create index template_mails_account on template_mails (account_id, mode, id desc);
create index template_mails_template on template_mails (template_id, id desc);
create unique index template_mails_run on template_mails (run_id) where run_id is not null;
create index template_mails_ended on template_mails (ended_at) where ended_at is not null;
