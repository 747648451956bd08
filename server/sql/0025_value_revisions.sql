-- What all functions of a dialect are given at their sandboxes' start, function values, has one revision for a world: a change of a value is
-- one row, however many functions there are. A function's revision is shown with it.
create table value_revisions (
  account_id text not null references accounts (id) on delete cascade,
  mode mode not null,
  dialect text not null,
  revision bigint not null,
  primary key (account_id, mode, dialect)
);
