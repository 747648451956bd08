-- The schema that the migrations in this folder add up to. Made by `npm run schema`, checked by `npm run check`;
-- read it, but change it by a new migration.

create type mode as enum ('live', 'test');

create type run_status as enum ('queued', 'running', 'succeeded', 'failed', 'timed_out', 'out_of_memory', 'crashed', 'cancelled', 'dead');

create table accounts (
  id text not null,
  number bigint generated always as identity not null,
  alias text not null,
  sealed_key bytea not null,
  created_at timestamp with time zone default now() not null,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_number_key UNIQUE (number)
);

create table bundles (
  hash text not null,
  zip bytea storage external not null,
  size_bytes integer not null,
  unpacked_bytes bigint not null,
  created_at timestamp with time zone default now() not null,
  constraint bundles_pkey PRIMARY KEY (hash),
  constraint bundles_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text))
);

create table functions (
  id text not null,
  account_id text not null,
  mode mode not null,
  dialect text not null,
  name text not null,
  description text,
  enabled boolean default true not null,
  timeout_ms integer not null,
  memory_mb integer not null,
  reuse text not null,
  concurrency integer not null,
  active_version integer not null,
  sealed_variables bytea,
  revision bigint default 1 not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint functions_pkey PRIMARY KEY (id),
  constraint functions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint functions_concurrency_check CHECK ((concurrency > 0)),
  constraint functions_memory_mb_check CHECK ((memory_mb > 0)),
  constraint functions_reuse_check CHECK ((reuse = ANY (ARRAY['warm'::text, 'none'::text]))),
  constraint functions_timeout_ms_check CHECK ((timeout_ms > 0))
);
CREATE INDEX functions_account ON public.functions USING btree (account_id, mode, name);

create table migrations (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone default now() not null,
  constraint migrations_pkey PRIMARY KEY (number)
);

create table run_logs (
  run_id uuid not null,
  account_id text not null,
  lines jsonb not null,
  truncated boolean default false not null,
  constraint run_logs_pkey PRIMARY KEY (run_id),
  constraint run_logs_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

create table runs (
  id uuid not null,
  account_id text not null,
  mode mode not null,
  function_id text not null,
  version integer not null,
  trigger text not null,
  cause jsonb not null,
  status run_status not null,
  node text not null,
  attempts integer default 1 not null,
  memory_mb integer not null,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  duration_ms double precision,
  init_ms double precision,
  memory_peak_bytes bigint,
  error jsonb,
  engine text,
  response_status integer,
  constraint runs_pkey PRIMARY KEY (id)
);
CREATE INDEX runs_account ON public.runs USING btree (account_id, mode, id DESC);
CREATE INDEX runs_function ON public.runs USING btree (function_id, id DESC);
CREATE INDEX runs_running ON public.runs USING btree (node) WHERE (status = 'running'::run_status);

create table tokens (
  id text not null,
  account_id text not null,
  mode mode not null,
  kind text not null,
  token_hash bytea not null,
  masked text not null,
  user_id text,
  twin_of text,
  permissions jsonb not null,
  comments text,
  expires_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  constraint tokens_pkey PRIMARY KEY (id),
  constraint tokens_token_hash_key UNIQUE (token_hash),
  constraint tokens_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint tokens_twin_of_fkey FOREIGN KEY (twin_of) REFERENCES tokens(id) ON DELETE CASCADE,
  constraint tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint tokens_kind_check CHECK ((kind = ANY (ARRAY['secret'::text, 'limited'::text, 'trusted'::text]))),
  constraint tokens_token_hash_check CHECK ((length(token_hash) = 32))
);
CREATE INDEX tokens_account ON public.tokens USING btree (account_id, mode, created_at);
CREATE INDEX tokens_twin ON public.tokens USING btree (twin_of) WHERE (twin_of IS NOT NULL);

create table users (
  id text not null,
  account_id text not null,
  name text not null,
  email text not null,
  language text default 'en'::text not null,
  locale text default 'en-US'::text not null,
  is_account_owner boolean default false not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX users_account ON public.users USING btree (account_id);

create table versions (
  function_id text not null,
  number integer not null,
  account_id text not null,
  bundle_hash text not null,
  filename text not null,
  size_bytes integer not null,
  handler text not null,
  runtime text not null,
  created_at timestamp with time zone default now() not null,
  constraint versions_pkey PRIMARY KEY (function_id, number),
  constraint versions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint versions_bundle_hash_fkey FOREIGN KEY (bundle_hash) REFERENCES bundles(hash),
  constraint versions_function_id_fkey FOREIGN KEY (function_id) REFERENCES functions(id) ON DELETE CASCADE
);
CREATE INDEX versions_bundle ON public.versions USING btree (bundle_hash);
