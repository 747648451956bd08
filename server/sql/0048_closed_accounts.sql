-- Accounts that are closed, and what became of them. A closed account is deleted once its time of grace is over, in portions; the report is
-- written with each of them, so that it is right whenever the work is interrupted. It outlives the account.
alter table accounts
  add column delete_at timestamptz,
  add column status_before text,
  add column reason_before text,
  add constraint accounts_delete_at_check check ((status = 'closed') = (delete_at is not null));

create index accounts_delete_at on accounts (delete_at) where delete_at is not null;

create table account_deletions (
  account_id text primary key,
  external_id text,
  requested_at timestamptz not null,
  begun_at timestamptz not null default now(),
  ended_at timestamptz,
  rows jsonb not null default '{}'
);
create index account_deletions_begun on account_deletions (begun_at desc, account_id desc);
create index account_deletions_going on account_deletions (account_id) where ended_at is null;
