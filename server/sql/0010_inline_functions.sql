-- Functions whose code is written in a form, not uploaded: what their owner set, as it was said.
create table inline_functions (
  function_id text primary key references functions on delete cascade,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- Unique in its world, whatever the case of its letters.
  name text not null,
  -- The dialect's own settings; what the engine needs of them stands in functions, versions and triggers.
  settings jsonb not null,
  -- As the owner saved it last; what runs is the active version's.
  code text not null,
  -- The last build of its packages; null: none was asked for (yet, where settings name packages).
  build_id text,
  -- {kind: id} of the triggers that follow from the settings. They stay when the kind changes: an address is never lost.
  trigger_ids jsonb not null default '{}',
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create unique index inline_functions_name on inline_functions (account_id, mode, lower(name));
