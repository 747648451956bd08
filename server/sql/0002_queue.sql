-- The run table becomes the queue: a run that nobody waits for is accepted as `queued`, claimed by a node, and finished only
-- by the claim that holds it. An accepted run and its queue entry can't disagree: they are one row.

-- Nodes that are alive. A node holds all its claims by one lease, on the database's clock.
create table nodes (
  -- <host>/<installation>/<random>: one life of one server.
  id text primary key,
  -- <host>/<installation>: what a life has in common with its successor.
  place text not null,
  roles text[] not null,
  started_at timestamptz not null default now(),
  lease_until timestamptz not null
);

alter table runs
  -- When it may be claimed; null for a run that somebody waits for, which is never queued.
  add column due_at timestamptz,
  -- The function or its trigger is paused: it keeps its time and isn't claimed.
  add column is_held boolean not null default false,
  -- How often it was claimed: the fence. What a claim writes counts only while this number is its own.
  add column claims integer not null default 0,
  -- Claims in a row whose node was lost with them: a run that ends nodes is poison.
  add column losses integer not null default 0,
  -- Attempts that ended by the function's own fault: what its retry policy counts.
  add column faults integer not null default 0,
  -- Attempts in a row that the platform spoiled; they cost the function nothing, but their number is bounded.
  add column platform_faults integer not null default 0,
  -- Somebody wants a running run to end: it is not tried again.
  add column cancel_requested_at timestamptz,
  -- Runs this version, not the active one.
  add column pinned_version integer,
  add column trigger_id text,
  add column event_id text,
  -- The run that this one repeats.
  add column replay_of uuid,
  -- What it is told (runs/occasion.ts) as JSON, sealed with the account's key; null: not kept.
  add column sealed_input bytea,
  -- What the function returned, as JSON, sealed; null: nothing, or not kept.
  add column sealed_result bytea,
  -- Attempts before the last: [{attempt, status, started_at, ended_at, error}].
  add column history jsonb not null default '[]';
alter table runs alter column sealed_input set storage external;
alter table runs alter column sealed_result set storage external;

-- By function: claims go round the functions, so that one function's or account's backlog stands in nobody's way.
create index runs_queue on runs (function_id, due_at, id) where status = 'queued' and not is_held;
-- Those of one function that are going on, over all nodes: what its max_concurrent_runs counts.
create index runs_going on runs (function_id) where status = 'running' and claims > 0;
create index runs_waiting on runs (account_id, mode, id) where status = 'queued';
create index runs_dead on runs (account_id, mode, id desc) where status = 'dead';
create index runs_replays on runs (replay_of) where replay_of is not null;
create index runs_event on runs (account_id, event_id) where event_id is not null;
create index runs_trigger on runs (trigger_id, id desc) where trigger_id is not null;

alter table functions
  -- {preset} or {attempts, delays_s, jitter, faults}: see queue/retry-policy.ts.
  add column retry jsonb not null default '{"preset":"none"}',
  -- Queued runs of it at a time over all nodes; null: as many as the account may.
  add column max_concurrent_runs integer check (max_concurrent_runs > 0),
  -- Faults in a row after which it is disabled; 0: never.
  add column disable_after_faults integer not null default 0 check (disable_after_faults >= 0),
  add column faults_in_a_row integer not null default 0,
  -- Why it was disabled by the platform; null when it is enabled, or its owner disabled it.
  add column disabled_reason text,
  -- Names of its variables that are secret: never shown again, masked in logs and results.
  add column secret_names text[] not null default '{}',
  -- Queued runs wait; calls are refused.
  add column paused_at timestamptz;

-- How code is started: `lambda` (a file's exported handler), and other conventions that a dialect brings.
alter table versions
  add column convention text not null default 'lambda',
  -- Packages, built apart from the code and mounted as its node_modules; null: none but what the bundle holds.
  add column layer_hash text references bundles,
  -- {name: exact version} of what was resolved at build.
  add column dependencies jsonb not null default '{}';
create index versions_layer on versions (layer_hash) where layer_hash is not null;

-- What an account may use; null: the installation's default.
alter table accounts
  add column runs_per_minute integer,
  add column execution_seconds_per_minute integer,
  add column concurrent_runs integer,
  add column queued_runs integer;
