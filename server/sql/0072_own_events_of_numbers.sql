-- What the platform says of numbers: a new kind of error, and what an account used on a day.
insert into event_types (name, item_type, description, is_own) values
  ('error.new', 'function', 'The function has failed in a way that was not seen in this version before', true),
  ('usage.daily', 'account', 'What the account used on the day before', true);

-- Days of which usage.daily was published.
create table usage_reports (
  account_id text not null,
  mode mode not null,
  day timestamptz not null,
  primary key (day, account_id, mode)
);
