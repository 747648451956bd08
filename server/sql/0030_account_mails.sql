-- Recipients of mails that the installation's own server has sent for an account, by the hour: what mails_per_hour and mails_per_day of
-- accounts.bounds hold to.
create table account_mails (
  account_id text not null references accounts (id) on delete cascade,
  hour timestamptz not null,
  recipients bigint not null,
  primary key (account_id, hour)
);
