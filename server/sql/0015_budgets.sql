-- What accounts may use over all nodes, and what has become of runs on the dead-letter list.

-- What nodes have taken of an account's minute. A node takes slices ahead of need and gives back what it doesn't use, so that no
-- run costs a question. A minute is one of the database's clock.
create table account_budgets (
  account_id text not null references accounts on delete cascade,
  -- `runs`: runs begun. `execution_ms`: time of functions.
  kind text not null,
  minute timestamptz not null,
  -- In that minute, over all nodes.
  granted bigint not null,
  -- What the last question was given: the answer to it.
  last_slice bigint not null default 0,
  -- The minute of which it was told that most of it is used; whether the last question is the one that tells.
  near_minute timestamptz,
  is_near boolean not null default false,
  primary key (account_id, kind)
);

-- Places for runs that go on at a time, held by nodes. A node that is lost holds none.
create table account_slots (
  account_id text not null references accounts on delete cascade,
  node text not null references nodes on delete cascade,
  slots integer not null check (slots >= 0),
  primary key (account_id, node)
);
create index account_slots_node on account_slots (node);

alter table runs
  -- Of a dead run: it was run again as another, or its owner is done with it. null: it is on the dead-letter list.
  add column dead_letter text check (dead_letter in ('redriven', 'discarded'));
create index runs_dead_letters on runs (account_id, mode, id) where status = 'dead' and dead_letter is null;
-- Those that a pause holds: looked through when it is over.
create index runs_held on runs (function_id) where status = 'queued' and is_held;
