-- Functions that are uploaded as folders of files: the file tree, the endpoints that its `.functions` folders make, secrets, builds, and which
-- addresses mean which account. What runs are functions like any other: an endpoint names its function.

-- Files as they were uploaded, of whatever kind: a theme is kept whole. Folders are what stands before a `/`.
create table design_files (
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- Without a slash at either end: `theme/api.functions/hello.js`.
  path text not null,
  content bytea not null,
  size_bytes integer not null,
  -- SHA-256, hex.
  hash text not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  primary key (account_id, mode, path)
);
alter table design_files alter column content set storage external;

-- One row per `.functions` folder. `changes` counts what was done to its files and secrets, `deployed_changes` how much of that
-- is live: where they differ, a node has work to do, now or after a power cut.
create table function_folders (
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  path text not null,
  changes bigint not null default 1,
  deployed_changes bigint not null default 0,
  -- When its owner last put something in: of two folders that declare one path, the later is called.
  uploaded_at timestamptz not null default now(),
  -- Since when it waits for being deployed, and before when it isn't: more files of the same upload may come.
  waiting_since timestamptz,
  due_at timestamptz not null default now(),
  -- A node is deploying it; nobody else does before then.
  leased_until timestamptz,
  -- Whether its code has the preloaded packages, or those that `deploy` built of its package.json.
  packages text not null default 'preloaded' check (packages in ('preloaded', 'built')),
  -- Of built ones; null: package.json names none. No foreign key: it is the versions that keep a layer.
  layer_hash text,
  dependencies jsonb not null default '{}',
  -- What the last deploy left out and why, for people; null: nothing.
  problem text,
  primary key (account_id, mode, path)
);
create index function_folders_due on function_folders (due_at) where changes > deployed_changes;

-- What serverless.json promises and a file keeps. Several folders may declare one path: who deployed last is called.
create table endpoints (
  -- What clients know a function by, where they want a number.
  number bigint generated always as identity,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- The `.functions` folder, or `project:<name>`.
  folder text not null,
  -- As it is called: without a slash at either end.
  path text not null,
  methods text[] not null,
  -- Below the folder: `hello.js`.
  file text not null,
  secret_names text[] not null,
  -- No foreign key: the row outlives a retired function, so that its logs can still be read.
  function_id text not null,
  -- The folder's `uploaded_at` when it was deployed last.
  claimed_at timestamptz not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  -- Its file or its entry is gone; null: it is live.
  retired_at timestamptz,
  primary key (account_id, mode, folder, path)
);
create index endpoints_path on endpoints (account_id, mode, lower(path));
create index endpoints_function on endpoints (function_id);

create table account_secrets (
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  name text not null,
  sealed_value bytea not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  primary key (account_id, mode, name)
);

-- What `deploy` started: the packages of a folder's package.json are made, then the folder is deployed with them. Clients want
-- ids that are whole numbers.
create table folder_builds (
  id bigint generated always as identity (start with 1001) primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  folder text not null,
  -- The set of packages (builds/) that is waited for; null: package.json names none.
  set_id uuid,
  -- Packages made; the build is over when this many changes of the folder are live.
  awaited_changes bigint,
  status text not null default 'STARTED' check (status in ('STARTED', 'SUCCESS', 'ERROR')),
  error_reason text,
  log text not null default '',
  -- In the log's address, which is read without a token.
  log_key text not null unique,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index folder_builds_account on folder_builds (account_id, mode, id);
create index folder_builds_going on folder_builds (id) where status = 'STARTED';

-- Host names that belong to one account: its endpoints are called there without `portalid`.
create table domains (
  domain text primary key check (domain = lower(domain)),
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  created_at timestamptz not null default now()
);
create index domains_account on domains (account_id, mode);

-- Portal ids that an account had elsewhere: its pages go on naming them. Its own number works too and isn't listed.
create table portals (
  portal_id bigint primary key check (portal_id > 0),
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  created_at timestamptz not null default now()
);
create index portals_account on portals (account_id, mode, created_at);
