-- Accounts that the operator has stopped: they are served nothing, and what they have waiting waits. Every claim of waiting work asks for
-- them, so the index holds them alone.
alter table accounts
  add column status text not null default 'active',
  add column status_reason text,
  add column status_since timestamptz not null default now(),
  add constraint accounts_status_check check (status in ('active', 'suspended', 'closed'));

create index accounts_stopped on accounts (id) where status <> 'active';
