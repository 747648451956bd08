-- Accounts, their users and tokens, functions with their versions and code, runs with their logs.
-- Everything belongs to an account and, inside it, to a mode: `live` and `test` are two separate worlds.

create type mode as enum ('live', 'test');

create table accounts (
  id text primary key,
  -- A small stable number, for dialects whose clients know accounts by one.
  number bigint generated always as identity (start with 1001) unique,
  alias text not null,
  -- The account's own AES-256 key, sealed by the master key.
  sealed_key bytea not null,
  created_at timestamptz not null default now()
);

create table users (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  name text not null,
  email text not null,
  language text not null default 'en',
  locale text not null default 'en-US',
  is_account_owner boolean not null default false,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create index users_account on users (account_id);

create table tokens (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  kind text not null check (kind in ('secret', 'limited', 'trusted')),
  -- SHA-256 of the token. The token itself is shown once and kept nowhere.
  token_hash bytea not null unique check (length(token_hash) = 32),
  -- What lists show instead of it: its first and last letters.
  masked text not null,
  user_id text references users on delete cascade,
  -- The live token whose test twin this is: signing out or revoking that one ends this one too.
  twin_of text references tokens on delete cascade,
  -- [{resource, methods, allow}]; see tokens/permissions.ts for the algebra.
  permissions jsonb not null,
  comments text,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index tokens_account on tokens (account_id, mode, created_at);
create index tokens_twin on tokens (twin_of) where twin_of is not null;

-- The code as it was uploaded, addressed by its content. Shared by every version that holds the same bytes.
create table bundles (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  zip bytea not null,
  size_bytes integer not null,
  unpacked_bytes bigint not null,
  created_at timestamptz not null default now()
);
alter table bundles alter column zip set storage external;

create table functions (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  dialect text not null,
  name text not null,
  description text,
  enabled boolean not null default true,
  timeout_ms integer not null check (timeout_ms > 0),
  memory_mb integer not null check (memory_mb > 0),
  reuse text not null check (reuse in ('warm', 'none')),
  -- Runs at a time inside one instance.
  concurrency integer not null check (concurrency > 0),
  active_version integer not null,
  -- {name: value} as JSON, sealed with the account's key; null where there are none.
  sealed_variables bytea,
  -- Grows with every change that a running sandbox would not notice by itself.
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create index functions_account on functions (account_id, mode, name);

create table versions (
  function_id text not null references functions on delete cascade,
  number integer not null,
  account_id text not null references accounts on delete cascade,
  bundle_hash text not null references bundles,
  filename text not null,
  size_bytes integer not null,
  handler text not null,
  -- The runtime code that the owner named (`nodejs8.10`); which engine really runs follows from it.
  runtime text not null,
  created_at timestamptz not null default now(),
  primary key (function_id, number)
);
create index versions_bundle on versions (bundle_hash);

create type run_status as enum (
  'queued', 'running', 'succeeded', 'failed', 'timed_out', 'out_of_memory', 'crashed', 'cancelled', 'dead'
);

-- No foreign key to functions: a run outlives the function that it ran.
create table runs (
  id uuid primary key,
  account_id text not null,
  mode mode not null,
  function_id text not null,
  version integer not null,
  trigger text not null,
  -- What caused it, for people: {method, path, ip} of a call, the id of an event, ...
  cause jsonb not null,
  status run_status not null,
  -- The node that has it in hand; a node that starts finds what its former life left running.
  node text not null,
  attempts integer not null default 1,
  memory_mb integer not null,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  duration_ms double precision,
  -- Time it took to start the sandbox and load the handler, where this run was the first in it.
  init_ms double precision,
  memory_peak_bytes bigint,
  -- {type, message, stack}
  error jsonb,
  engine text,
  -- HTTP status that the caller got, where a caller waited.
  response_status integer
);
create index runs_account on runs (account_id, mode, id desc);
create index runs_function on runs (function_id, id desc);
create index runs_running on runs (node) where status = 'running';

-- One row a run: its lines [{at, text}], cut at the log limit.
create table run_logs (
  run_id uuid primary key references runs on delete cascade,
  account_id text not null,
  lines jsonb not null,
  truncated boolean not null default false
);
