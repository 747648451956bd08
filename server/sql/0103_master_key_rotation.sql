-- A master key that takes the place of another: each sealed by the other one, so that a node that has either opens
-- both while the keys of accounts are sealed anew. One row at most.
create table master_key_rotation (
  is_only boolean primary key default true check (is_only),
  new_by_old bytea not null,
  old_by_new bytea not null,
  begun_at timestamptz not null default now(),
  -- The last account whose key has been sealed anew.
  resealed_to text not null default '',
  -- null: some are still sealed by the old one.
  resealed_at timestamptz
);
