-- Packages of functions. A build is one function's wish; what it wishes for is a set of packages, made once for all that wish the
-- same; what comes out is a layer, shared by all sets that lead to the same packages.

-- Installed packages: a zip among the bundles. Nobody's: what is in it follows from the key alone.
create table layers (
  -- SHA-256 of every package with its version and integrity, of engine, platform and install scripts: builds/lock.ts.
  key text primary key,
  hash text not null references bundles,
  last_used_at timestamptz not null default now()
);
create index layers_hash on layers (hash);

create table package_sets (
  id uuid primary key,
  -- SHA-256 of what is asked for, engine and platform included.
  request_hash text not null,
  -- {name: range}
  dependencies jsonb not null,
  engine_major integer not null,
  -- <os>-<cpu>: built by nodes of that kind alone.
  platform text not null,
  status text not null default 'building' check (status in ('building', 'ready', 'failed')),
  -- {name: exact version} of what was asked for
  resolved jsonb not null default '{}',
  -- package-lock.json
  lock text,
  layer_key text,
  -- {step, message}
  error jsonb,
  -- The node that has it in hand, until when (database clock), and how often it was taken: the fence.
  node text,
  lease_until timestamptz,
  claims integer not null default 0,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create unique index package_sets_going on package_sets (request_hash) where status = 'building';
create index package_sets_ready on package_sets (request_hash, ended_at desc) where status = 'ready';

create table build_log_lines (
  set_id uuid not null references package_sets on delete cascade,
  number integer not null,
  at timestamptz not null,
  stream text not null check (stream in ('stdout', 'stderr', 'platform')),
  text text not null,
  primary key (set_id, number)
);

create table builds (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  function_id text not null references functions on delete cascade,
  -- null: no packages are wished for.
  set_id uuid references package_sets,
  dependencies jsonb not null,
  -- Who acts when it is over, and what it wants to know then.
  purpose text not null,
  note jsonb not null default '{}',
  -- Code that waits for its packages: {filename, size_bytes} of it in `code`.
  code_hash text references bundles,
  code jsonb,
  status text not null default 'building' check (status in ('building', 'ready', 'failed')),
  resolved jsonb not null default '{}',
  layer_hash text,
  error jsonb,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index builds_account on builds (account_id, mode, id desc);
create index builds_function on builds (function_id, id desc);
create index builds_open on builds (set_id) where status = 'building';
create index builds_code on builds (code_hash) where code_hash is not null;
