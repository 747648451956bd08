-- What was written for an account on a day: events, what runs are told, return and log. What is kept goes after so many days, so the days
-- since then, together, are what its account may have at most.
create table account_bytes (
  account_id text not null references accounts (id) on delete cascade,
  day date not null,
  bytes bigint not null,
  primary key (account_id, day)
);
create index account_bytes_day on account_bytes (day);
