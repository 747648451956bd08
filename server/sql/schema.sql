-- The schema that the migrations in this folder add up to. Made by `npm run schema`, checked by `npm run check`;
-- read it, but change it by a new migration.

create type mode as enum ('live', 'test');

create type run_status as enum ('queued', 'running', 'succeeded', 'failed', 'timed_out', 'out_of_memory', 'crashed', 'cancelled', 'dead');

create sequence trigger_revision_numbers;

create table account_alerts (
  account_id text not null,
  limit_name text not null,
  told_at timestamp with time zone not null,
  constraint account_alerts_pkey PRIMARY KEY (account_id, limit_name),
  constraint account_alerts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table account_budgets (
  account_id text not null,
  kind text not null,
  minute timestamp with time zone not null,
  granted bigint not null,
  last_slice bigint default 0 not null,
  near_minute timestamp with time zone,
  is_near boolean default false not null,
  constraint account_budgets_pkey PRIMARY KEY (account_id, kind),
  constraint account_budgets_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table account_bytes (
  account_id text not null,
  day date not null,
  bytes bigint not null,
  constraint account_bytes_pkey PRIMARY KEY (account_id, day),
  constraint account_bytes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX account_bytes_day ON public.account_bytes USING btree (day);

create table account_deletions (
  account_id text not null,
  external_id text,
  requested_at timestamp with time zone not null,
  begun_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  rows jsonb default '{}'::jsonb not null,
  constraint account_deletions_pkey PRIMARY KEY (account_id)
);
CREATE INDEX account_deletions_begun ON public.account_deletions USING btree (begun_at DESC, account_id DESC);
CREATE INDEX account_deletions_going ON public.account_deletions USING btree (account_id) WHERE (ended_at IS NULL);

create table account_egress (
  account_id text not null,
  deny text[] not null,
  modified_at timestamp with time zone default now() not null,
  records_calls boolean default true not null,
  records_changed_at timestamp with time zone,
  constraint account_egress_pkey PRIMARY KEY (account_id),
  constraint account_egress_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table account_mails (
  account_id text not null,
  hour timestamp with time zone not null,
  recipients bigint not null,
  constraint account_mails_pkey PRIMARY KEY (account_id, hour),
  constraint account_mails_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table account_secrets (
  account_id text not null,
  mode mode not null,
  name text not null,
  sealed_value bytea not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint account_secrets_pkey PRIMARY KEY (account_id, mode, name),
  constraint account_secrets_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table account_settings (
  account_id text not null,
  mode mode not null,
  time_zone text not null,
  app_hosts text[] not null,
  cors_allowed_origins text[] not null,
  oauth_redirect_uris text[] not null,
  allow_public_test_tokens boolean not null,
  sealed_signature_key bytea,
  revision bigint default 1 not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint account_settings_pkey PRIMARY KEY (account_id, mode),
  constraint account_settings_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table account_slots (
  account_id text not null,
  node text not null,
  slots integer not null,
  constraint account_slots_pkey PRIMARY KEY (account_id, node),
  constraint account_slots_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint account_slots_node_fkey FOREIGN KEY (node) REFERENCES nodes(id) ON DELETE CASCADE,
  constraint account_slots_slots_check CHECK ((slots >= 0))
);
CREATE INDEX account_slots_node ON public.account_slots USING btree (node);

create table accounts (
  id text not null,
  number bigint generated always as identity not null,
  alias text not null,
  sealed_key bytea not null,
  created_at timestamp with time zone default now() not null,
  runs_per_minute integer,
  execution_seconds_per_minute integer,
  concurrent_runs integer,
  queued_runs integer,
  payload_bytes integer,
  bounds jsonb default '{}'::jsonb not null,
  external_id text,
  name text,
  labels jsonb default '{}'::jsonb not null,
  request_hash bytea,
  modified_at timestamp with time zone default now() not null,
  status text default 'active'::text not null,
  status_reason text,
  status_since timestamp with time zone default now() not null,
  delete_at timestamp with time zone,
  status_before text,
  reason_before text,
  dialects text[],
  plan text,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_external_id_key UNIQUE (external_id),
  constraint accounts_number_key UNIQUE (number),
  constraint accounts_plan_fkey FOREIGN KEY (plan) REFERENCES plans(name),
  constraint accounts_delete_at_check CHECK (((status = 'closed'::text) = (delete_at IS NOT NULL))),
  constraint accounts_payload_bytes_check CHECK ((payload_bytes > 0)),
  constraint accounts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'closed'::text])))
);
CREATE INDEX accounts_delete_at ON public.accounts USING btree (delete_at) WHERE (delete_at IS NOT NULL);
CREATE INDEX accounts_labels ON public.accounts USING gin (labels jsonb_path_ops);
CREATE INDEX accounts_plan ON public.accounts USING btree (plan) WHERE (plan IS NOT NULL);
CREATE INDEX accounts_stopped ON public.accounts USING btree (id) WHERE (status <> 'active'::text);

create table acme_accounts (
  directory text not null,
  sealed_key bytea not null,
  thumbprint text not null,
  url text,
  failures integer default 0 not null,
  problem text,
  resting_until timestamp with time zone default now() not null,
  day date default CURRENT_DATE not null,
  orders integer default 0 not null,
  retries integer default 0 not null,
  constraint acme_accounts_pkey PRIMARY KEY (directory)
);

create table audit_retention (
  is_only boolean default true not null,
  days integer not null,
  sign_in_days integer not null,
  constraint audit_retention_pkey PRIMARY KEY (is_only),
  constraint audit_retention_is_only_check CHECK (is_only)
);

create table build_log_lines (
  set_id uuid not null,
  number integer not null,
  at timestamp with time zone not null,
  stream text not null,
  text text not null,
  constraint build_log_lines_pkey PRIMARY KEY (set_id, number),
  constraint build_log_lines_set_id_fkey FOREIGN KEY (set_id) REFERENCES package_sets(id) ON DELETE CASCADE,
  constraint build_log_lines_stream_check CHECK ((stream = ANY (ARRAY['stdout'::text, 'stderr'::text, 'platform'::text])))
);

create table builds (
  id uuid not null,
  account_id text not null,
  mode mode not null,
  function_id text not null,
  set_id uuid,
  dependencies jsonb not null,
  purpose text not null,
  note jsonb default '{}'::jsonb not null,
  code_hash text,
  code jsonb,
  status text default 'building'::text not null,
  resolved jsonb default '{}'::jsonb not null,
  layer_hash text,
  error jsonb,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  constraint builds_pkey PRIMARY KEY (id),
  constraint builds_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint builds_code_hash_fkey FOREIGN KEY (code_hash) REFERENCES bundles(hash),
  constraint builds_function_id_fkey FOREIGN KEY (function_id) REFERENCES functions(id) ON DELETE CASCADE,
  constraint builds_set_id_fkey FOREIGN KEY (set_id) REFERENCES package_sets(id),
  constraint builds_status_check CHECK ((status = ANY (ARRAY['building'::text, 'ready'::text, 'failed'::text])))
);
CREATE INDEX builds_account ON public.builds USING btree (account_id, mode, id DESC);
CREATE INDEX builds_code ON public.builds USING btree (code_hash) WHERE (code_hash IS NOT NULL);
CREATE INDEX builds_function ON public.builds USING btree (function_id, id DESC);
CREATE INDEX builds_open ON public.builds USING btree (set_id) WHERE (status = 'building'::text);

create table bundles (
  hash text not null,
  zip bytea storage external not null,
  size_bytes integer not null,
  unpacked_bytes bigint not null,
  created_at timestamp with time zone default now() not null,
  constraint bundles_pkey PRIMARY KEY (hash),
  constraint bundles_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text))
);

create table call_gaps (
  node_id text not null,
  since timestamp with time zone default now() not null,
  until timestamp with time zone
);

create table certificates (
  name text not null,
  directory text not null,
  wanted_at timestamp with time zone default now() not null,
  due_at timestamp with time zone default now() not null,
  failures integer default 0 not null,
  problem text,
  claims integer default 0 not null,
  lease_until timestamp with time zone,
  chain text,
  sealed_key bytea,
  issued_at timestamp with time zone,
  expires_at timestamp with time zone,
  constraint certificates_pkey PRIMARY KEY (name),
  constraint certificates_check CHECK ((num_nulls(chain, sealed_key, issued_at, expires_at) = ANY (ARRAY[0, 4])))
);

create table deliveries (
  id text not null,
  account_id text not null,
  mode mode not null,
  subscription_id text not null,
  event_id text not null,
  event_type text not null,
  status text default 'queued'::text not null,
  due_at timestamp with time zone default now(),
  node text,
  claims integer default 0 not null,
  attempts integer default 0 not null,
  run_id uuid,
  last_attempt_at timestamp with time zone,
  debug text,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint deliveries_pkey PRIMARY KEY (id),
  constraint deliveries_account_id_mode_event_id_subscription_id_key UNIQUE (account_id, mode, event_id, subscription_id),
  constraint deliveries_account_id_mode_event_id_fkey FOREIGN KEY (account_id, mode, event_id) REFERENCES events(account_id, mode, id) ON DELETE CASCADE,
  constraint deliveries_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'delivered'::text, 'retry'::text, 'failed'::text])))
);
CREATE INDEX deliveries_all ON public.deliveries USING btree (account_id, mode, created_at, id);
CREATE INDEX deliveries_due ON public.deliveries USING btree (subscription_id, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX deliveries_list ON public.deliveries USING btree (account_id, mode, status, created_at, id);
CREATE INDEX deliveries_node ON public.deliveries USING btree (node) WHERE (node IS NOT NULL);
CREATE INDEX deliveries_run ON public.deliveries USING btree (run_id) WHERE (run_id IS NOT NULL);

create table design_files (
  account_id text not null,
  mode mode not null,
  path text not null,
  content bytea storage external not null,
  size_bytes integer not null,
  hash text not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint design_files_pkey PRIMARY KEY (account_id, mode, path),
  constraint design_files_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table device_authorizations (
  device_hash bytea not null,
  user_code text not null,
  client text not null,
  address text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  polled_at timestamp with time zone,
  answer text default 'pending'::text not null,
  account_id text,
  mode mode,
  user_id text,
  permissions jsonb,
  neighbourhood text default ''::text not null,
  constraint device_authorizations_pkey PRIMARY KEY (device_hash),
  constraint device_authorizations_user_code_key UNIQUE (user_code),
  constraint device_authorizations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint device_authorizations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint device_authorizations_answer_check CHECK ((answer = ANY (ARRAY['pending'::text, 'approved'::text, 'refused'::text]))),
  constraint device_authorizations_check CHECK (((answer = 'approved'::text) = ((account_id IS NOT NULL) AND (mode IS NOT NULL) AND (user_id IS NOT NULL) AND (permissions IS NOT NULL))))
);
CREATE INDEX device_authorizations_of_neighbourhood ON public.device_authorizations USING btree (neighbourhood);

create table domains (
  domain text not null,
  account_id text not null,
  mode mode not null,
  created_at timestamp with time zone default now() not null,
  constraint domains_pkey PRIMARY KEY (domain),
  constraint domains_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint domains_domain_check CHECK ((domain = lower(domain)))
);
CREATE INDEX domains_account ON public.domains USING btree (account_id, mode);

create table egress_days (
  account_id text not null,
  mode mode not null,
  day date not null,
  function_id text not null,
  verdict text not null,
  protocol text not null,
  address text not null,
  port integer not null,
  host text not null,
  calls bigint not null,
  bytes_sent bigint not null,
  bytes_received bigint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  constraint egress_days_pkey PRIMARY KEY (account_id, mode, day, function_id, verdict, protocol, address, port, host),
  constraint egress_days_protocol_check CHECK ((protocol = ANY (ARRAY['tcp'::text, 'udp'::text, 'icmp'::text, 'other'::text]))),
  constraint egress_days_verdict_check CHECK ((verdict = ANY (ARRAY['allowed'::text, 'refused'::text])))
);
CREATE INDEX egress_days_age ON public.egress_days USING btree (day);

create table email_templates (
  id text not null,
  account_id text not null,
  mode mode not null,
  name text not null,
  enabled boolean default true not null,
  smtp_profile_id text,
  subject text not null,
  sender text not null,
  recipients text[] not null,
  html text not null,
  trigger text not null,
  notations text[] default '{}'::text[] not null,
  campaigns text[] default '{}'::text[] not null,
  shops text[] default '{}'::text[] not null,
  function_id text,
  on_function_error text default 'send'::text not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  folded_name text not null,
  constraint email_templates_pkey PRIMARY KEY (id),
  constraint email_templates_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint email_templates_on_function_error_check CHECK ((on_function_error = ANY (ARRAY['send'::text, 'fail'::text]))),
  constraint email_templates_trigger_check CHECK ((trigger = ANY (ARRAY['account_event'::text, 'api_direct'::text])))
);
CREATE UNIQUE INDEX email_templates_name ON public.email_templates USING btree (account_id, mode, folded_name);

create table ended_runs (
  id uuid not null,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  duration_ms double precision,
  memory_peak_bytes bigint,
  mode mode not null,
  status run_status not null,
  version integer not null,
  memory_mb integer not null,
  attempts integer not null,
  response_status integer,
  account_id text not null,
  function_id text not null,
  trigger text not null,
  cause jsonb not null,
  engine text,
  init_ms double precision,
  error jsonb,
  due_at timestamp with time zone,
  pinned_version integer,
  trigger_id text,
  event_id text,
  replay_of uuid,
  history jsonb,
  dead_letter text,
  constraint ended_runs_pkey PRIMARY KEY (id),
  constraint ended_runs_dead_letter_check CHECK ((dead_letter = ANY (ARRAY['redriven'::text, 'discarded'::text])))
);
CREATE INDEX ended_runs_account ON ONLY public.ended_runs USING btree ((((hashtext(((account_id || '/'::text) || trigger)) # hashenum(mode)) # hashenum(status))), id);
CREATE INDEX ended_runs_dead ON ONLY public.ended_runs USING btree (account_id, mode, id) WHERE (status = 'dead'::run_status);
CREATE INDEX ended_runs_dead_letters ON ONLY public.ended_runs USING btree (account_id, mode, id) WHERE ((status = 'dead'::run_status) AND (dead_letter IS NULL));
CREATE INDEX ended_runs_event ON ONLY public.ended_runs USING btree (account_id, event_id) WHERE (event_id IS NOT NULL);
CREATE INDEX ended_runs_function ON ONLY public.ended_runs USING btree ((((hashtext(((((account_id || '/'::text) || function_id) || '/'::text) || trigger)) # hashenum(mode)) # hashenum(status))), id);
CREATE INDEX ended_runs_replays ON ONLY public.ended_runs USING btree (replay_of) WHERE (replay_of IS NOT NULL);

create table ended_runs_default (
  id uuid not null,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  duration_ms double precision,
  memory_peak_bytes bigint,
  mode mode not null,
  status run_status not null,
  version integer not null,
  memory_mb integer not null,
  attempts integer not null,
  response_status integer,
  account_id text not null,
  function_id text not null,
  trigger text not null,
  cause jsonb not null,
  engine text,
  init_ms double precision,
  error jsonb,
  due_at timestamp with time zone,
  pinned_version integer,
  trigger_id text,
  event_id text,
  replay_of uuid,
  history jsonb,
  dead_letter text,
  constraint ended_runs_default_pkey PRIMARY KEY (id),
  constraint ended_runs_dead_letter_check CHECK ((dead_letter = ANY (ARRAY['redriven'::text, 'discarded'::text])))
);
CREATE INDEX ended_runs_default_account_id_event_id_idx ON public.ended_runs_default USING btree (account_id, event_id) WHERE (event_id IS NOT NULL);
CREATE INDEX ended_runs_default_account_id_mode_id_idx ON public.ended_runs_default USING btree (account_id, mode, id) WHERE (status = 'dead'::run_status);
CREATE INDEX ended_runs_default_account_id_mode_id_idx1 ON public.ended_runs_default USING btree (account_id, mode, id) WHERE ((status = 'dead'::run_status) AND (dead_letter IS NULL));
CREATE INDEX ended_runs_default_expr_id_idx ON public.ended_runs_default USING btree ((((hashtext(((account_id || '/'::text) || trigger)) # hashenum(mode)) # hashenum(status))), id);
CREATE INDEX ended_runs_default_expr_id_idx1 ON public.ended_runs_default USING btree ((((hashtext(((((account_id || '/'::text) || function_id) || '/'::text) || trigger)) # hashenum(mode)) # hashenum(status))), id);
CREATE INDEX ended_runs_default_replay_of_idx ON public.ended_runs_default USING btree (replay_of) WHERE (replay_of IS NOT NULL);

create table endpoint_paths (
  account_id text not null,
  mode mode not null,
  path text not null,
  folder text not null,
  constraint endpoint_paths_pkey PRIMARY KEY (account_id, mode, path),
  constraint endpoint_paths_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX endpoint_paths_folder ON public.endpoint_paths USING btree (account_id, mode, folder);

create table endpoints (
  number bigint generated always as identity not null,
  account_id text not null,
  mode mode not null,
  folder text not null,
  path text not null,
  methods text[] not null,
  file text not null,
  secret_names text[] not null,
  function_id text not null,
  claimed_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  retired_at timestamp with time zone,
  constraint endpoints_pkey PRIMARY KEY (account_id, mode, folder, path),
  constraint endpoints_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX endpoints_function ON public.endpoints USING btree (function_id);
CREATE INDEX endpoints_path ON public.endpoints USING btree (account_id, mode, lower(path));

create table error_counts (
  at timestamp with time zone not null,
  account_id text not null,
  mode mode not null,
  group_id text not null,
  count bigint not null,
  last_seen_at timestamp with time zone not null,
  last_run_id uuid not null
);

create table error_group_runs (
  account_id text not null,
  mode mode not null,
  group_id text not null,
  run_id uuid not null,
  constraint error_group_runs_pkey PRIMARY KEY (account_id, mode, group_id, run_id)
);
CREATE INDEX error_group_runs_age ON public.error_group_runs USING btree (run_id);

create table error_group_versions (
  account_id text not null,
  mode mode not null,
  group_id text not null,
  version integer not null,
  first_seen_at timestamp with time zone not null,
  constraint error_group_versions_pkey PRIMARY KEY (account_id, mode, group_id, version)
);

create table error_groups (
  account_id text not null,
  mode mode not null,
  id text not null,
  function_id text not null,
  type text not null,
  message text not null,
  frame text,
  first_seen_at timestamp with time zone not null,
  first_run_id uuid not null,
  constraint error_groups_pkey PRIMARY KEY (account_id, mode, id)
);
CREATE INDEX error_groups_function ON public.error_groups USING btree (account_id, mode, function_id);

create table error_hours (
  at timestamp with time zone not null,
  account_id text not null,
  mode mode not null,
  group_id text not null,
  count bigint not null,
  last_seen_at timestamp with time zone not null,
  last_run_id uuid not null,
  constraint error_hours_pkey PRIMARY KEY (account_id, mode, at, group_id)
);
CREATE INDEX error_hours_age ON public.error_hours USING btree (at);
CREATE INDEX error_hours_group ON public.error_hours USING btree (account_id, mode, group_id, at);

create table event_item_types (
  name text not null,
  constraint event_item_types_pkey PRIMARY KEY (name)
);

create table event_subscriptions (
  id text not null,
  account_id text not null,
  mode mode not null,
  event_type text not null,
  method text not null,
  format text not null,
  destination text not null,
  expand text,
  show text,
  hide text,
  active boolean not null,
  time_zone text not null,
  comments text,
  authorization_username text,
  custom_header_name text,
  sealed_secrets bytea not null,
  revision bigint default 1 not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  shape text default 'resource'::text not null,
  constraint event_subscriptions_pkey PRIMARY KEY (id),
  constraint event_subscriptions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint event_subscriptions_check CHECK (((show IS NULL) OR (hide IS NULL))),
  constraint event_subscriptions_format_check CHECK ((format = ANY (ARRAY['json'::text, 'xml'::text, 'html'::text]))),
  constraint event_subscriptions_method_check CHECK ((method = ANY (ARRAY['http'::text, 'email'::text]))),
  constraint event_subscriptions_shape_check CHECK ((shape = ANY (ARRAY['resource'::text, 'plain'::text])))
);
CREATE INDEX event_subscriptions_account ON public.event_subscriptions USING btree (account_id, mode, created_at);
CREATE INDEX event_subscriptions_matching ON public.event_subscriptions USING btree (account_id, mode, event_type) WHERE active;

create table event_test_templates (
  account_id text not null,
  mode mode not null,
  id text not null,
  name text not null,
  event_type text not null,
  event_expand text,
  payload jsonb not null,
  resource_id text,
  is_public boolean not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint event_test_templates_pkey PRIMARY KEY (account_id, mode, id),
  constraint event_test_templates_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX event_test_templates_public ON public.event_test_templates USING btree (mode, id) WHERE is_public;

create table event_types (
  account_id text,
  name text not null,
  item_type text not null,
  description text,
  is_own boolean default false not null,
  created_at timestamp with time zone default now() not null,
  constraint event_types_account_id_name_key UNIQUE NULLS NOT DISTINCT (account_id, name),
  constraint event_types_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table events (
  account_id text not null,
  mode mode not null,
  id text not null,
  position bigint generated always as identity not null,
  type text not null,
  notations text[] not null,
  item_type text not null,
  item_id text not null,
  campaign text,
  shop text,
  happened_at timestamp with time zone not null,
  data jsonb not null,
  related jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  matched_at timestamp with time zone,
  retry_at timestamp with time zone,
  fault text,
  depth integer default 0 not null,
  tries integer default 0 not null,
  cause_run uuid,
  routed_to text,
  traceparent text,
  constraint events_pkey PRIMARY KEY (account_id, mode, id),
  constraint events_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX events_created ON public.events USING btree (created_at);
CREATE INDEX events_item ON public.events USING btree (account_id, mode, item_id, "position" DESC);
CREATE INDEX events_position ON public.events USING btree (account_id, mode, "position" DESC);
CREATE INDEX events_set_aside ON public.events USING btree (account_id, mode, "position" DESC) WHERE (fault IS NOT NULL);
CREATE INDEX events_type ON public.events USING btree (account_id, mode, type, "position" DESC);
CREATE INDEX events_unmatched ON public.events USING btree (account_id, "position") WHERE (matched_at IS NULL);

create table flow_runs (
  id text not null,
  account_id text not null,
  mode mode not null,
  flow_id text not null,
  flow_name text not null,
  nodes jsonb not null,
  event_id text not null,
  item_type text not null,
  item_id text not null,
  item_details jsonb not null,
  status text default 'going'::text not null,
  node_id text,
  phase text default 'entering'::text not null,
  process_id uuid not null,
  prior_process_id uuid,
  run_id uuid,
  run_status text,
  response jsonb,
  due_at timestamp with time zone,
  steps integer default 0 not null,
  history jsonb default '[]'::jsonb not null,
  error text,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  constraint flow_runs_pkey PRIMARY KEY (id),
  constraint flow_runs_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint flow_runs_phase_check CHECK ((phase = ANY (ARRAY['entering'::text, 'waiting'::text, 'returned'::text]))),
  constraint flow_runs_status_check CHECK ((status = ANY (ARRAY['going'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX flow_runs_account ON public.flow_runs USING btree (account_id, mode, created_at DESC, id DESC);
CREATE INDEX flow_runs_due ON public.flow_runs USING btree (due_at) WHERE ((status = 'going'::text) AND (due_at IS NOT NULL));
CREATE INDEX flow_runs_ended ON public.flow_runs USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX flow_runs_flow ON public.flow_runs USING btree (flow_id, created_at DESC, id DESC);
CREATE INDEX flow_runs_going ON public.flow_runs USING btree (account_id) WHERE (status = 'going'::text);
CREATE INDEX flow_runs_turns ON public.flow_runs USING btree (account_id, due_at) WHERE ((status = 'going'::text) AND (due_at IS NOT NULL));
CREATE UNIQUE INDEX flow_runs_run ON public.flow_runs USING btree (run_id) WHERE (run_id IS NOT NULL);

create table flows (
  id text not null,
  account_id text not null,
  mode mode not null,
  name text not null,
  description text,
  kind text not null,
  enabled boolean default false not null,
  starts text[] not null,
  nodes jsonb not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint flows_pkey PRIMARY KEY (id),
  constraint flows_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint flows_kind_check CHECK ((kind = ANY (ARRAY['customer_lifecycle'::text, 'sale_lifecycle'::text])))
);
CREATE INDEX flows_account ON public.flows USING btree (account_id, mode, created_at DESC, id DESC);

create table folder_builds (
  id bigint generated always as identity not null,
  account_id text not null,
  mode mode not null,
  folder text not null,
  set_id uuid,
  awaited_changes bigint,
  status text default 'STARTED'::text not null,
  error_reason text,
  log text default ''::text not null,
  log_key text not null,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  built_for text,
  constraint folder_builds_pkey PRIMARY KEY (id),
  constraint folder_builds_log_key_key UNIQUE (log_key),
  constraint folder_builds_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint folder_builds_status_check CHECK ((status = ANY (ARRAY['STARTED'::text, 'SUCCESS'::text, 'ERROR'::text])))
);
CREATE INDEX folder_builds_account ON public.folder_builds USING btree (account_id, mode, id);
CREATE INDEX folder_builds_folder ON public.folder_builds USING btree (account_id, mode, folder, id);
CREATE INDEX folder_builds_going ON public.folder_builds USING btree (id) WHERE (status = 'STARTED'::text);

create table function_folders (
  account_id text not null,
  mode mode not null,
  path text not null,
  changes bigint default 1 not null,
  deployed_changes bigint default 0 not null,
  uploaded_at timestamp with time zone default now() not null,
  waiting_since timestamp with time zone,
  due_at timestamp with time zone default now() not null,
  lease_until timestamp with time zone,
  packages text default 'preloaded'::text not null,
  layer_hash text,
  dependencies jsonb default '{}'::jsonb not null,
  problem text,
  built_for text,
  needs_deploy boolean default false not null,
  tried_changes bigint default 0 not null,
  id uuid default gen_random_uuid() not null,
  claims integer default 0 not null,
  constraint function_folders_pkey PRIMARY KEY (account_id, mode, path),
  constraint function_folders_id UNIQUE (id),
  constraint function_folders_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint function_folders_packages_check CHECK ((packages = ANY (ARRAY['preloaded'::text, 'built'::text])))
);
CREATE INDEX function_folders_due ON public.function_folders USING btree (due_at) WHERE (changes > deployed_changes);
CREATE INDEX function_folders_held ON public.function_folders USING btree (lease_until) WHERE ((changes > deployed_changes) AND (lease_until IS NOT NULL));
CREATE INDEX function_folders_turns ON public.function_folders USING btree (account_id, due_at) WHERE (changes > deployed_changes);

create table function_values (
  id text not null,
  account_id text not null,
  mode mode not null,
  name text not null,
  description text,
  is_encrypted boolean not null,
  sealed_value bytea not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint function_values_pkey PRIMARY KEY (id),
  constraint function_values_account_id_mode_name_key UNIQUE (account_id, mode, name),
  constraint function_values_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
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
  retry jsonb default '{"preset": "none"}'::jsonb not null,
  max_concurrent_runs integer,
  disable_after_faults integer default 0 not null,
  faults_in_a_row integer default 0 not null,
  disabled_reason text,
  secret_names text[] default '{}'::text[] not null,
  paused_at timestamp with time zone,
  previous_version integer,
  canary_version integer,
  canary_percent smallint,
  canary_header text,
  constraint functions_pkey PRIMARY KEY (id),
  constraint functions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint functions_canary CHECK (((canary_version IS NULL) = (canary_percent IS NULL))),
  constraint functions_canary_percent_check CHECK (((canary_percent >= 0) AND (canary_percent <= 100))),
  constraint functions_concurrency_check CHECK ((concurrency > 0)),
  constraint functions_disable_after_faults_check CHECK ((disable_after_faults >= 0)),
  constraint functions_max_concurrent_runs_check CHECK ((max_concurrent_runs > 0)),
  constraint functions_memory_mb_check CHECK ((memory_mb > 0)),
  constraint functions_reuse_check CHECK ((reuse = ANY (ARRAY['warm'::text, 'none'::text]))),
  constraint functions_timeout_ms_check CHECK ((timeout_ms > 0))
);
CREATE INDEX functions_account ON public.functions USING btree (account_id, mode, name);

create table history_state (
  is_only boolean default true not null,
  moved_to uuid,
  moved_at timestamp with time zone,
  dropped_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  constraint history_state_pkey PRIMARY KEY (is_only),
  constraint history_state_is_only_check CHECK (is_only)
);

create table idempotency_keys (
  account_id text not null,
  mode mode not null,
  key_hash bytea not null,
  request_hash bytea not null,
  sealed_answer bytea,
  created_at timestamp with time zone default now() not null,
  constraint idempotency_keys_pkey PRIMARY KEY (account_id, mode, key_hash),
  constraint idempotency_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);

create table inline_functions (
  function_id text not null,
  account_id text not null,
  mode mode not null,
  name text not null,
  settings jsonb not null,
  code text not null,
  build_id text,
  trigger_ids jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  folded_name text not null,
  constraint inline_functions_pkey PRIMARY KEY (function_id),
  constraint inline_functions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint inline_functions_function_id_fkey FOREIGN KEY (function_id) REFERENCES functions(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX inline_functions_name ON public.inline_functions USING btree (account_id, mode, folded_name);

create table invitations (
  id text not null,
  account_id text not null,
  email text not null,
  email_folded text not null,
  name text not null,
  role text not null,
  sees_inputs boolean default false not null,
  link_hash bytea not null,
  mailed boolean not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint invitations_pkey PRIMARY KEY (id),
  constraint invitations_email_key UNIQUE (account_id, email_folded),
  constraint invitations_link_hash_key UNIQUE (link_hash),
  constraint invitations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint invitations_role_check CHECK ((role = ANY (ARRAY['operator'::text, 'owner'::text, 'developer'::text, 'viewer'::text])))
);
CREATE INDEX invitations_expiry ON public.invitations USING btree (expires_at);

create table key_values (
  account_id text not null,
  mode mode not null,
  key text not null,
  description text,
  key_type text not null,
  pointer_type text,
  sealed_value bytea storage external not null,
  size_bytes integer not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint key_values_pkey PRIMARY KEY (account_id, mode, key),
  constraint key_values_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint key_values_check CHECK (((key_type = 'pointer'::text) = (pointer_type IS NOT NULL))),
  constraint key_values_key_type_check CHECK ((key_type = ANY (ARRAY['string'::text, 'pointer'::text])))
);

create table layers (
  key text not null,
  hash text not null,
  last_used_at timestamp with time zone default now() not null,
  constraint layers_pkey PRIMARY KEY (key),
  constraint layers_hash_fkey FOREIGN KEY (hash) REFERENCES bundles(hash)
);
CREATE INDEX layers_hash ON public.layers USING btree (hash);

create table master_key_rotation (
  is_only boolean default true not null,
  new_by_old bytea not null,
  old_by_new bytea not null,
  begun_at timestamp with time zone default now() not null,
  resealed_to text default ''::text not null,
  resealed_at timestamp with time zone,
  constraint master_key_rotation_pkey PRIMARY KEY (is_only),
  constraint master_key_rotation_is_only_check CHECK (is_only)
);

create table migrations (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone default now() not null,
  constraint migrations_pkey PRIMARY KEY (number)
);

create table nodes (
  id text not null,
  place text not null,
  roles text[] not null,
  started_at timestamp with time zone default now() not null,
  lease_until timestamp with time zone not null,
  key_mark text,
  constraint nodes_pkey PRIMARY KEY (id)
);

create table old_run_logs (
  run_id uuid not null,
  account_id text not null,
  lines jsonb not null,
  truncated boolean default false not null,
  constraint old_run_logs_pkey PRIMARY KEY (run_id)
);

create table openid_identities (
  issuer text not null,
  subject text not null,
  person_id text not null,
  created_at timestamp with time zone default now() not null,
  constraint openid_identities_pkey PRIMARY KEY (issuer, subject),
  constraint openid_identities_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE
);
CREATE INDEX openid_identities_person ON public.openid_identities USING btree (person_id);

create table operator_audit (
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  token_id text,
  address text,
  action text not null,
  subject_id text,
  before jsonb,
  after jsonb,
  user_id text,
  session_id text,
  route text,
  resource text,
  target text,
  mode mode,
  constraint operator_audit_pkey PRIMARY KEY (id)
);
CREATE INDEX operator_audit_at ON public.operator_audit USING btree (at);
CREATE INDEX operator_audit_subject ON public.operator_audit USING btree (subject_id, id DESC);

create table package_sets (
  id uuid not null,
  request_hash text not null,
  dependencies jsonb not null,
  engine_major integer not null,
  platform text not null,
  status text default 'building'::text not null,
  resolved jsonb default '{}'::jsonb not null,
  lock text,
  layer_key text,
  error jsonb,
  node text,
  lease_until timestamp with time zone,
  claims integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  engine text,
  requirements text,
  constraint package_sets_pkey PRIMARY KEY (id),
  constraint package_sets_python CHECK (((engine IS NULL) = (requirements IS NULL))),
  constraint package_sets_status_check CHECK ((status = ANY (ARRAY['building'::text, 'ready'::text, 'failed'::text])))
);
CREATE INDEX package_sets_ready ON public.package_sets USING btree (request_hash, ended_at DESC) WHERE (status = 'ready'::text);
CREATE UNIQUE INDEX package_sets_going ON public.package_sets USING btree (request_hash) WHERE (status = 'building'::text);

create table passkey_challenges (
  challenge_hash bytea not null,
  person_id text,
  expires_at timestamp with time zone not null,
  constraint passkey_challenges_pkey PRIMARY KEY (challenge_hash),
  constraint passkey_challenges_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE
);
CREATE INDEX passkey_challenges_expiry ON public.passkey_challenges USING btree (expires_at);
CREATE INDEX passkey_challenges_person ON public.passkey_challenges USING btree (person_id);

create table passkeys (
  id text not null,
  person_id text not null,
  credential_id text not null,
  public_key bytea not null,
  counter bigint not null,
  name text not null,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  constraint passkeys_pkey PRIMARY KEY (id),
  constraint passkeys_credential_id_key UNIQUE (credential_id),
  constraint passkeys_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE
);
CREATE INDEX passkeys_person ON public.passkeys USING btree (person_id, created_at);

create table password_resets (
  link_hash bytea not null,
  person_id text not null,
  mailed boolean not null,
  expires_at timestamp with time zone not null,
  constraint password_resets_pkey PRIMARY KEY (link_hash),
  constraint password_resets_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE
);
CREATE INDEX password_resets_expiry ON public.password_resets USING btree (expires_at);
CREATE INDEX password_resets_person ON public.password_resets USING btree (person_id);

create table payment_profiles (
  id text not null,
  account_id text not null,
  mode mode not null,
  name text not null,
  enabled boolean default true not null,
  nodes jsonb not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  folded_name text not null,
  constraint payment_profiles_pkey PRIMARY KEY (id),
  constraint payment_profiles_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX payment_profiles_name ON public.payment_profiles USING btree (account_id, mode, folded_name);

create table people (
  id text not null,
  email text not null,
  email_folded text not null,
  name text not null,
  email_proved boolean default false not null,
  password_hash text,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  last_signed_in_at timestamp with time zone,
  constraint people_pkey PRIMARY KEY (id),
  constraint people_email_folded_key UNIQUE (email_folded)
);

create table plans (
  name text not null,
  description text,
  limits jsonb default '{}'::jsonb not null,
  bounds jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint plans_pkey PRIMARY KEY (name)
);

create table portal_links (
  link_hash bytea not null,
  account_id text not null,
  user_id text not null,
  grants jsonb not null,
  session_s integer not null,
  expires_at timestamp with time zone not null,
  constraint portal_links_pkey PRIMARY KEY (link_hash),
  constraint portal_links_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint portal_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX portal_links_account ON public.portal_links USING btree (account_id);
CREATE INDEX portal_links_expiry ON public.portal_links USING btree (expires_at);
CREATE INDEX portal_links_user ON public.portal_links USING btree (user_id);

create table portal_sessions (
  id text not null,
  session_hash bytea not null,
  account_id text not null,
  user_id text not null,
  grants jsonb not null,
  address text,
  user_agent text,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint portal_sessions_pkey PRIMARY KEY (id),
  constraint portal_sessions_session_hash_key UNIQUE (session_hash),
  constraint portal_sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint portal_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX portal_sessions_account ON public.portal_sessions USING btree (account_id, created_at DESC, id DESC);
CREATE INDEX portal_sessions_expiry ON public.portal_sessions USING btree (expires_at);
CREATE INDEX portal_sessions_user ON public.portal_sessions USING btree (user_id);

create table portals (
  portal_id bigint not null,
  account_id text not null,
  mode mode not null,
  created_at timestamp with time zone default now() not null,
  constraint portals_pkey PRIMARY KEY (portal_id),
  constraint portals_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint portals_portal_id_check CHECK ((portal_id > 0))
);
CREATE INDEX portals_account ON public.portals USING btree (account_id, mode, created_at);

create table queries (
  id text not null,
  account_id text not null,
  mode mode not null,
  name text not null,
  enabled boolean default true not null,
  definition jsonb not null,
  frequency jsonb,
  function_id text,
  next_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  folded_name text not null,
  constraint queries_pkey PRIMARY KEY (id),
  constraint queries_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX queries_due ON public.queries USING btree (next_at) WHERE (enabled AND (next_at IS NOT NULL));
CREATE UNIQUE INDEX queries_name ON public.queries USING btree (account_id, mode, folded_name);

create table query_executions (
  id uuid not null,
  account_id text not null,
  mode mode not null,
  query_id text not null,
  cause text not null,
  at timestamp with time zone not null,
  status text default 'queued'::text not null,
  due_at timestamp with time zone default now() not null,
  lease_until timestamp with time zone,
  claims integer default 0 not null,
  attempts integer default 0 not null,
  error text,
  results jsonb,
  is_truncated boolean default false not null,
  range_from timestamp with time zone,
  range_to timestamp with time zone,
  run_id uuid,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  constraint query_executions_pkey PRIMARY KEY (id),
  constraint query_executions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint query_executions_cause_check CHECK ((cause = ANY (ARRAY['frequency'::text, 'request'::text]))),
  constraint query_executions_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'succeeded'::text, 'failed'::text])))
);
CREATE INDEX query_executions_account ON public.query_executions USING btree (account_id, mode, id DESC);
CREATE INDEX query_executions_due ON public.query_executions USING btree (due_at) WHERE (status = 'queued'::text);
CREATE INDEX query_executions_ended ON public.query_executions USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX query_executions_held ON public.query_executions USING btree (lease_until) WHERE ((status = 'queued'::text) AND (lease_until IS NOT NULL));
CREATE INDEX query_executions_query ON public.query_executions USING btree (query_id, id DESC);
CREATE INDEX query_executions_turns ON public.query_executions USING btree (account_id, due_at) WHERE (status = 'queued'::text);

create table run_calls (
  run_id uuid not null,
  account_id text not null,
  calls jsonb not null,
  left_out integer default 0 not null,
  is_incomplete boolean default false not null,
  constraint run_calls_pkey PRIMARY KEY (account_id, run_id)
);

create table run_calls_default (
  run_id uuid not null,
  account_id text not null,
  calls jsonb not null,
  left_out integer default 0 not null,
  is_incomplete boolean default false not null,
  constraint run_calls_default_pkey PRIMARY KEY (account_id, run_id)
);

create table run_contents (
  account_id text not null,
  run_id uuid not null,
  sealed_input bytea storage external,
  sealed_result bytea storage external,
  constraint run_contents_pkey PRIMARY KEY (account_id, run_id)
);

create table run_contents_default (
  account_id text not null,
  run_id uuid not null,
  sealed_input bytea storage external,
  sealed_result bytea storage external,
  constraint run_contents_default_pkey PRIMARY KEY (account_id, run_id)
);

create table run_correlations (
  run_id uuid not null,
  account_id text not null,
  value text not null,
  constraint run_correlations_pkey PRIMARY KEY (account_id, value, run_id)
);

create table run_correlations_default (
  run_id uuid not null,
  account_id text not null,
  value text not null,
  constraint run_correlations_default_pkey PRIMARY KEY (account_id, value, run_id)
);

create table run_counts (
  at timestamp with time zone not null,
  account_id text not null,
  mode mode not null,
  function_id text not null,
  trigger text not null,
  succeeded bigint default 0 not null,
  failed bigint default 0 not null,
  timed_out bigint default 0 not null,
  out_of_memory bigint default 0 not null,
  crashed bigint default 0 not null,
  cancelled bigint default 0 not null,
  dead bigint default 0 not null,
  duration_us bigint default 0 not null,
  duration_max_us bigint default 0 not null,
  buckets integer[] default '{}'::integer[] not null,
  bucket_counts bigint[] default '{}'::bigint[] not null,
  waits bigint default 0 not null,
  wait_us bigint default 0 not null,
  wait_max_us bigint default 0 not null,
  attempts bigint default 0 not null,
  cold_starts bigint default 0 not null,
  init_us bigint default 0 not null,
  execution_us bigint default 0 not null,
  mb_ms bigint default 0 not null,
  bytes_in bigint default 0 not null,
  bytes_out bigint default 0 not null,
  memory_peak_bytes bigint default 0 not null
);

create table run_logs (
  run_id uuid not null,
  account_id text not null,
  lines jsonb not null,
  truncated boolean default false not null,
  constraint run_logs_pkey PRIMARY KEY (account_id, run_id)
);

create table run_logs_default (
  run_id uuid not null,
  account_id text not null,
  lines jsonb not null,
  truncated boolean default false not null,
  constraint run_logs_default_pkey PRIMARY KEY (account_id, run_id)
);

create table run_metrics (
  at timestamp with time zone not null,
  account_id text not null,
  mode mode not null,
  function_id text not null,
  trigger text not null,
  succeeded bigint default 0 not null,
  failed bigint default 0 not null,
  timed_out bigint default 0 not null,
  out_of_memory bigint default 0 not null,
  crashed bigint default 0 not null,
  cancelled bigint default 0 not null,
  dead bigint default 0 not null,
  duration_us bigint default 0 not null,
  duration_max_us bigint default 0 not null,
  buckets integer[] default '{}'::integer[] not null,
  bucket_counts bigint[] default '{}'::bigint[] not null,
  waits bigint default 0 not null,
  wait_us bigint default 0 not null,
  wait_max_us bigint default 0 not null,
  attempts bigint default 0 not null,
  cold_starts bigint default 0 not null,
  init_us bigint default 0 not null,
  execution_us bigint default 0 not null,
  mb_ms bigint default 0 not null,
  bytes_in bigint default 0 not null,
  bytes_out bigint default 0 not null,
  memory_peak_bytes bigint default 0 not null,
  grain text not null,
  constraint run_metrics_pkey PRIMARY KEY (account_id, mode, grain, at, function_id, trigger),
  constraint run_metrics_grain_check CHECK ((grain = ANY (ARRAY['minute'::text, 'hour'::text, 'day'::text])))
);
CREATE INDEX run_metrics_age ON public.run_metrics USING btree (grain, at);
CREATE INDEX run_metrics_function ON public.run_metrics USING btree (account_id, mode, function_id, grain, at);

create table run_starts (
  run_id uuid not null,
  attempt integer not null,
  account_id text not null,
  sandbox text not null,
  waited_ms double precision not null,
  init_ms double precision,
  constraint run_starts_pkey PRIMARY KEY (run_id, attempt),
  constraint run_starts_sandbox_check CHECK ((sandbox = ANY (ARRAY['warm'::text, 'ahead'::text, 'stock'::text, 'cold'::text])))
);
CREATE INDEX run_starts_account ON public.run_starts USING btree (account_id);

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
  due_at timestamp with time zone,
  is_held boolean default false not null,
  claims integer default 0 not null,
  losses integer default 0 not null,
  faults integer default 0 not null,
  platform_faults integer default 0 not null,
  cancel_requested_at timestamp with time zone,
  pinned_version integer,
  trigger_id text,
  event_id text,
  replay_of uuid,
  sealed_input bytea storage external,
  sealed_result bytea storage external,
  history jsonb default '[]'::jsonb not null,
  dead_letter text,
  constraint runs_pkey PRIMARY KEY (id),
  constraint runs_dead_letter_check CHECK ((dead_letter = ANY (ARRAY['redriven'::text, 'discarded'::text])))
);
CREATE INDEX runs_account ON public.runs USING btree (account_id, mode, id DESC);
CREATE INDEX runs_dead ON public.runs USING btree (account_id, mode, id DESC) WHERE (status = 'dead'::run_status);
CREATE INDEX runs_dead_letters ON public.runs USING btree (account_id, mode, id) WHERE ((status = 'dead'::run_status) AND (dead_letter IS NULL));
CREATE INDEX runs_event ON public.runs USING btree (account_id, event_id) WHERE (event_id IS NOT NULL);
CREATE INDEX runs_function ON public.runs USING btree (function_id, id DESC);
CREATE INDEX runs_going ON public.runs USING btree (function_id) WHERE ((status = 'running'::run_status) AND (claims > 0));
CREATE INDEX runs_held ON public.runs USING btree (function_id) WHERE ((status = 'queued'::run_status) AND is_held);
CREATE INDEX runs_of_schedules ON public.runs USING btree (trigger_id) WHERE ((trigger = 'schedule'::text) AND (trigger_id IS NOT NULL) AND (status = ANY (ARRAY['queued'::run_status, 'running'::run_status])));
CREATE INDEX runs_pinned ON public.runs USING btree (function_id, pinned_version) WHERE ((pinned_version IS NOT NULL) AND (status = ANY (ARRAY['queued'::run_status, 'running'::run_status])));
CREATE INDEX runs_queue ON public.runs USING btree (function_id, due_at, id) WHERE ((status = 'queued'::run_status) AND (NOT is_held));
CREATE INDEX runs_replays ON public.runs USING btree (replay_of) WHERE (replay_of IS NOT NULL);
CREATE INDEX runs_running ON public.runs USING btree (node) WHERE (status = 'running'::run_status);
CREATE INDEX runs_trigger ON public.runs USING btree (trigger_id, id DESC) WHERE (trigger_id IS NOT NULL);
CREATE INDEX runs_waiting ON public.runs USING btree (account_id, mode, id) WHERE (status = 'queued'::run_status);

create table second_factors (
  person_id text not null,
  sealed_secret bytea not null,
  confirmed_at timestamp with time zone,
  last_step bigint default 0 not null,
  recovery_hashes bytea[] default '{}'::bytea[] not null,
  constraint second_factors_pkey PRIMARY KEY (person_id),
  constraint second_factors_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE
);

create table sessions (
  id text not null,
  session_hash bytea not null,
  person_id text not null,
  way text not null,
  address text,
  user_agent text,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_session_hash_key UNIQUE (session_hash),
  constraint sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE
);
CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);
CREATE INDEX sessions_person ON public.sessions USING btree (person_id, created_at);

create table setup_links (
  link_hash bytea not null,
  made_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint setup_links_pkey PRIMARY KEY (link_hash)
);

create table smtp_profiles (
  id text not null,
  account_id text not null,
  mode mode not null,
  name text not null,
  host text not null,
  port integer not null,
  security text not null,
  username text,
  sealed_password bytea,
  sender text not null,
  is_default boolean not null,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  constraint smtp_profiles_pkey PRIMARY KEY (id),
  constraint smtp_profiles_account_id_mode_name_key UNIQUE (account_id, mode, name),
  constraint smtp_profiles_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint smtp_profiles_port_check CHECK (((port >= 1) AND (port <= 65535))),
  constraint smtp_profiles_security_check CHECK ((security = ANY (ARRAY['tls'::text, 'starttls'::text, 'none'::text])))
);
CREATE UNIQUE INDEX smtp_profiles_default ON public.smtp_profiles USING btree (account_id, mode) WHERE is_default;

create table template_mails (
  id uuid not null,
  account_id text not null,
  mode mode not null,
  template_id text not null,
  event_id text,
  input jsonb not null,
  status text default 'queued'::text not null,
  phase text default 'asking'::text not null,
  run_id uuid,
  custom_data jsonb,
  due_at timestamp with time zone default now(),
  lease_until timestamp with time zone,
  claims integer default 0 not null,
  attempts integer default 0 not null,
  error text,
  recipients text[] default '{}'::text[] not null,
  message_id text,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  postponements integer default 0 not null,
  constraint template_mails_pkey PRIMARY KEY (id),
  constraint template_mails_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint template_mails_phase_check CHECK ((phase = ANY (ARRAY['asking'::text, 'waiting'::text, 'sending'::text]))),
  constraint template_mails_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text])))
);
CREATE INDEX template_mails_account ON public.template_mails USING btree (account_id, mode, id DESC);
CREATE INDEX template_mails_due ON public.template_mails USING btree (due_at) WHERE ((status = 'queued'::text) AND (due_at IS NOT NULL));
CREATE INDEX template_mails_ended ON public.template_mails USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX template_mails_held ON public.template_mails USING btree (lease_until) WHERE ((status = 'queued'::text) AND (lease_until IS NOT NULL));
CREATE INDEX template_mails_template ON public.template_mails USING btree (template_id, id DESC);
CREATE INDEX template_mails_turns ON public.template_mails USING btree (account_id, due_at) WHERE (status = 'queued'::text);
CREATE UNIQUE INDEX template_mails_run ON public.template_mails USING btree (run_id) WHERE (run_id IS NOT NULL);

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
CREATE INDEX tokens_secret ON public.tokens USING btree (account_id, created_at DESC, id DESC) WHERE (kind <> 'limited'::text);
CREATE INDEX tokens_twin ON public.tokens USING btree (twin_of) WHERE (twin_of IS NOT NULL);

create table trigger_revisions (
  account_id text not null,
  mode mode not null,
  revision bigint not null,
  constraint trigger_revisions_pkey PRIMARY KEY (account_id, mode),
  constraint trigger_revisions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table triggers (
  id text not null,
  account_id text not null,
  mode mode not null,
  function_id text not null,
  kind text not null,
  name text,
  enabled boolean default true not null,
  paused_at timestamp with time zone,
  delay_ms bigint default 0 not null,
  settings jsonb not null,
  address uuid,
  sealed_secrets bytea,
  next_tick_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  modified_at timestamp with time zone default now() not null,
  waiting_tick_at timestamp with time zone,
  constraint triggers_pkey PRIMARY KEY (id),
  constraint triggers_address_key UNIQUE (address),
  constraint triggers_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint triggers_function_id_fkey FOREIGN KEY (function_id) REFERENCES functions(id) ON DELETE CASCADE,
  constraint triggers_delay_ms_check CHECK ((delay_ms >= 0)),
  constraint triggers_kind_check CHECK ((kind = ANY (ARRAY['account_event'::text, 'webhook'::text, 'function_url'::text, 'schedule'::text])))
);
CREATE INDEX triggers_account ON public.triggers USING btree (account_id, mode, created_at DESC, id DESC);
CREATE INDEX triggers_due ON public.triggers USING btree (next_tick_at) WHERE ((kind = 'schedule'::text) AND enabled AND (paused_at IS NULL));
CREATE INDEX triggers_function ON public.triggers USING btree (function_id);
CREATE INDEX triggers_waiting ON public.triggers USING btree (waiting_tick_at) WHERE (waiting_tick_at IS NOT NULL);

create table usage_reports (
  account_id text not null,
  mode mode not null,
  day timestamp with time zone not null,
  constraint usage_reports_pkey PRIMARY KEY (day, account_id, mode)
);

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
  person_id text,
  role text default 'owner'::text not null,
  sees_inputs boolean default false not null,
  external_id text,
  by_openid boolean default false not null,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_external_key UNIQUE (account_id, external_id),
  constraint users_person_key UNIQUE (account_id, person_id),
  constraint users_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint users_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE,
  constraint users_role_check CHECK ((role = ANY (ARRAY['operator'::text, 'owner'::text, 'developer'::text, 'viewer'::text])))
);
CREATE INDEX users_account ON public.users USING btree (account_id);
CREATE INDEX users_person ON public.users USING btree (person_id) WHERE (person_id IS NOT NULL);

create table usual_bounds (
  name text not null,
  most bigint not null,
  constraint usual_bounds_pkey PRIMARY KEY (name)
);

create table value_revisions (
  account_id text not null,
  mode mode not null,
  dialect text not null,
  revision bigint not null,
  constraint value_revisions_pkey PRIMARY KEY (account_id, mode, dialect),
  constraint value_revisions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

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
  convention text default 'lambda'::text not null,
  layer_hash text,
  dependencies jsonb default '{}'::jsonb not null,
  note text,
  made_by text,
  constraint versions_pkey PRIMARY KEY (function_id, number),
  constraint versions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint versions_bundle_hash_fkey FOREIGN KEY (bundle_hash) REFERENCES bundles(hash),
  constraint versions_function_id_fkey FOREIGN KEY (function_id) REFERENCES functions(id) ON DELETE CASCADE,
  constraint versions_layer_hash_fkey FOREIGN KEY (layer_hash) REFERENCES bundles(hash)
);
CREATE INDEX versions_account ON public.versions USING btree (account_id);
CREATE INDEX versions_bundle ON public.versions USING btree (bundle_hash);
CREATE INDEX versions_layer ON public.versions USING btree (layer_hash) WHERE (layer_hash IS NOT NULL);

create table webhook_receipts (
  trigger_id text not null,
  message_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint webhook_receipts_pkey PRIMARY KEY (trigger_id, message_hash)
);
CREATE INDEX webhook_receipts_expired ON public.webhook_receipts USING btree (expires_at);

create view all_runs as
 SELECT runs.id,
    runs.account_id,
    runs.mode,
    runs.function_id,
    runs.version,
    runs.trigger,
    runs.cause,
    runs.status,
    runs.attempts,
    runs.memory_mb,
    runs.created_at,
    runs.started_at,
    runs.ended_at,
    runs.duration_ms,
    runs.init_ms,
    runs.memory_peak_bytes,
    runs.error,
    runs.engine,
    runs.response_status,
    runs.due_at,
    runs.is_held,
    runs.pinned_version,
    runs.trigger_id,
    runs.event_id,
    runs.replay_of,
    runs.dead_letter,
    runs.history,
    runs.sealed_input,
    runs.sealed_result
   FROM runs
UNION ALL
 SELECT e.id,
    e.account_id,
    e.mode,
    e.function_id,
    e.version,
    e.trigger,
    e.cause,
    e.status,
    e.attempts,
    e.memory_mb,
    e.created_at,
    e.started_at,
    e.ended_at,
    e.duration_ms,
    e.init_ms,
    e.memory_peak_bytes,
    e.error,
    e.engine,
    e.response_status,
    e.due_at,
    false AS is_held,
    e.pinned_version,
    e.trigger_id,
    e.event_id,
    e.replay_of,
    e.dead_letter,
    COALESCE(e.history, '[]'::jsonb) AS history,
    c.sealed_input,
    c.sealed_result
   FROM ended_runs e
     LEFT JOIN run_contents c ON c.account_id = e.account_id AND c.run_id = e.id;

CREATE OR REPLACE FUNCTION public.account_bound(account text, bound text)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO '$user', 'public'
AS $function$
  select coalesce(own_or_plans_bound(account, bound), (select most from usual_bounds where name = bound))
$function$;

CREATE OR REPLACE FUNCTION public.begin_schedule_anew()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
begin
  new.next_tick_at := null;
  new.waiting_tick_at := null;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.bump_trigger_revision(changed_account text, changed_mode mode)
 RETURNS void
 LANGUAGE sql
 SET search_path TO '$user', 'public'
AS $function$
  insert into trigger_revisions (account_id, mode, revision)
  select a.id, changed_mode, nextval('trigger_revision_numbers') from accounts a where a.id = changed_account
  on conflict (account_id, mode) do update set revision = excluded.revision
$function$;

CREATE OR REPLACE FUNCTION public.first_run_id(at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select (lpad(to_hex(greatest(0, (extract(epoch from at) * 1000)::bigint)), 12, '0') || '00000000000000000000')::uuid $function$;

CREATE OR REPLACE FUNCTION public.hold_account_bound()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
declare
  world record;
  allowed bigint;
  found_rows bigint;
begin
  for world in select distinct account_id, mode from added loop
    allowed := account_bound(world.account_id, tg_argv[0]);
    continue when allowed is null;
    perform pg_advisory_xact_lock(hashtextextended(format('bound %s %s %s', tg_argv[0], world.account_id, world.mode), 0));
    execute format('select count(*) from (select from %I where account_id = $1 and mode = $2 and %s limit $3) as counted',
      tg_table_name, tg_argv[1]) into found_rows using world.account_id, world.mode, allowed + 1;
    if found_rows > allowed then
      raise exception using errcode = 'MR409', message = tg_argv[0], detail = allowed::text;
    end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.hold_bundle_bytes()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
declare
  owner text;
  allowed bigint;
  held bigint;
begin
  for owner in select distinct account_id from added loop
    allowed := account_bound(owner, 'bundle_bytes');
    continue when allowed is null;
    perform pg_advisory_xact_lock(hashtextextended(format('bound bundle_bytes %s', owner), 0));
    select coalesce(sum(size_bytes), 0) into held
      from (select distinct bundle_hash, size_bytes from versions where account_id = owner) as bundles;
    if held > allowed then
      raise exception using errcode = 'MR409', message = 'bundle_bytes', detail = allowed::text;
    end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.hold_users_bound()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
declare
  owner text;
  allowed bigint;
  held bigint;
begin
  for owner in select distinct account_id from added loop
    allowed := account_bound(owner, 'users');
    continue when allowed is null;
    perform pg_advisory_xact_lock(hashtextextended(format('bound users %s', owner), 0));
    select (select count(*) from users where account_id = owner)
      + (select count(*) from invitations where account_id = owner and expires_at > now()) into held;
    if held > allowed then
      raise exception using errcode = 'MR409', message = 'users', detail = allowed::text;
    end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.keep_operator_audit()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
declare
  kept_days integer;
begin
  if tg_op = 'UPDATE' and new.before is null and new.after is null and new.target is null
     and (new.id, new.at, new.action) = (old.id, old.at, old.action)
     and (new.token_id, new.address, new.subject_id, new.user_id, new.session_id, new.route, new.resource, new.mode)
       is not distinct from
         (old.token_id, old.address, old.subject_id, old.user_id, old.session_id, old.route, old.resource, old.mode) then
    return new;
  end if;
  if tg_op = 'DELETE' then
    select nullif(case when old.action like 'session.%' then sign_in_days else days end, 0) into kept_days from audit_retention;
    if old.at < now() - make_interval(days => kept_days) then
      return old;
    end if;
  end if;
  raise exception 'operator_audit is only added to';
end
$function$;

CREATE OR REPLACE FUNCTION public.millrace_event_data_problem(event jsonb)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO '$user', 'public'
AS $function$
declare
  field text;
  size_bytes integer := 0;
begin
  foreach field in array array['data', 'related'] loop
    if coalesce(event -> field, 'null') = 'null' then continue; end if;
    if jsonb_typeof(event -> field) <> 'object' then return field || ': must be an object'; end if;
    size_bytes := size_bytes + octet_length((event -> field)::text);
    if jsonb_path_exists(event -> field, '$.**{101}') then
      return field || ': must not be nested deeper than 100 levels';
    end if;
    if jsonb_path_exists(event -> field,
      '$.** ? (@.type() == "number" && (@ > 1.7976931348623157e308 || @ < -1.7976931348623157e308))') then
      return field || ': must not hold a number this large';
    end if;
  end loop;
  if size_bytes > coalesce(nullif(current_setting('millrace.event_bytes', true), '')::integer, 262144) then
    return 'the event is too large';
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.millrace_event_names(event jsonb)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO '$user', 'public'
AS $function$
  select array_remove(array[event ->> 'type'], null) || coalesce((
    select array_agg(name order by place)
    from jsonb_array_elements_text(case jsonb_typeof(event -> 'notations') when 'array' then event -> 'notations' end)
      with ordinality as n(name, place)
  ), '{}')
$function$;

CREATE OR REPLACE FUNCTION public.millrace_event_problem(publisher text, event jsonb)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO '$user', 'public'
AS $function$
declare
  field text;
  about text;
  notation text;
  problem text;
begin
  if event is null or jsonb_typeof(event) <> 'object' then
    return 'an event must be an object';
  end if;
  select key into field from jsonb_object_keys(event) as key
    where key not in ('id', 'type', 'notations', 'subject', 'item_type', 'item_id', 'data', 'date', 'campaign', 'shop', 'related')
    limit 1;
  if found then
    return format('%s: there is no such field here', field);
  end if;
  foreach field in array array['id', 'type', 'subject', 'item_type', 'item_id', 'date', 'campaign', 'shop'] loop
    if event ? field and event -> field <> 'null' then
      if jsonb_typeof(event -> field) <> 'string' then return field || ': must be text'; end if;
      if length(event ->> field) not between 1 and 200 then return field || ': must have 1 to 200 characters'; end if;
    end if;
  end loop;
  if event ->> 'id' !~ '^[0-9A-Za-z_-][0-9A-Za-z_.:-]{0,99}$' then
    return 'id: must be 1 to 100 letters, digits, _, -, . or :, beginning with none of the last two';
  end if;
  if event ->> 'item_type' <> event ->> 'subject' then return 'subject: must be the same as item_type'; end if;
  about := coalesce(event ->> 'item_type', event ->> 'subject');
  if about !~ '^[a-z][a-z0-9_]*$' then
    return 'item_type: must be lower-case letters, digits and _';
  end if;
  if about is not null and current_setting('millrace.allow_unknown_events', true) is distinct from 'true'
     and not exists (select from event_item_types where name = about)
     and not exists (
       select from event_types t where t.item_type = about and (t.account_id is null or t.account_id = publisher)
     ) then
    return format('item_type: %s is not known', to_json(about));
  end if;
  if event ->> 'item_id' is null then return 'item_id: is required'; end if;
  problem := millrace_event_data_problem(event);
  if problem is not null then return problem; end if;
  if coalesce(event -> 'notations', 'null') <> 'null' then
    if jsonb_typeof(event -> 'notations') <> 'array' or jsonb_array_length(event -> 'notations') > 20 then
      return 'notations: must be a list of at most 20';
    end if;
  end if;
  if cardinality(millrace_event_names(event)) = 0 then return 'type: is required, or notations'; end if;
  foreach notation in array millrace_event_names(event) loop
    problem := millrace_notation_problem(publisher, notation);
    if problem is not null then return problem; end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.millrace_event_time(event jsonb)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE
 SET search_path TO '$user', 'public'
AS $function$
declare
  happened timestamptz;
begin
  if event ->> 'date' !~ '^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$' then
    raise exception using errcode = 'invalid_parameter_value', message = 'date: must be a time as in ISO 8601, with its zone';
  end if;
  begin
    happened := (event ->> 'date')::timestamptz;
  exception when data_exception then
    raise exception using errcode = 'invalid_parameter_value', message = 'date: there is no such time';
  end;
  if happened not between '1900-01-01T00:00:00Z' and '9999-12-31T00:00:00Z' then
    raise exception using errcode = 'invalid_parameter_value', message = 'date: must be a time from the years 1900 to 9999';
  end if;
  return happened;
end
$function$;

CREATE OR REPLACE FUNCTION public.millrace_item_type(publisher text, names text[])
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO '$user', 'public'
AS $function$
  with specific as (
    select name from unnest(names) with ordinality as n(name, place)
    order by strpos(name, ':') > 0 desc, cardinality(string_to_array(name, '.')) desc, place limit 1
  )
  select coalesce(
    (select t.item_type from event_types t
     where (t.account_id is null or t.account_id = publisher) and (t.name = s.name or starts_with(t.name, s.name || '.'))
     order by t.name = s.name desc, t.name, t.account_id nulls first limit 1),
    split_part(translate(s.name, ':', '.'), '.', 1))
  from specific s
$function$;

CREATE OR REPLACE FUNCTION public.millrace_notation_problem(publisher text, notation text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO '$user', 'public'
AS $function$
declare
  near text;
begin
  if notation is null or length(notation) > 100
     or notation !~ '^[a-z][a-z0-9_]*(:[a-z0-9_]+|(\.[a-z0-9_]+){1,7})$' then
    return format('%s is no type such as order:created and no notation such as sale.created.success', to_json(notation));
  end if;
  -- What it implies is published with it.
  perform 1 from event_types t where (t.account_id is null or t.account_id = publisher) and t.is_own
    and (t.name = notation or starts_with(t.name, notation || '.') or starts_with(notation, t.name || '.'));
  if found then
    return format('%s is published by the platform alone', to_json(notation));
  end if;
  if current_setting('millrace.allow_unknown_events', true) = 'true' then
    return null;
  end if;
  perform 1 from event_types t where (t.account_id is null or t.account_id = publisher)
    and (t.name = notation or starts_with(t.name, notation || '.'));
  if found then
    return null;
  end if;
  select string_agg(t.name, ', ' order by t.name) into near from event_types t
    where (t.account_id is null or t.account_id = publisher) and not t.is_own
      and split_part(translate(t.name, ':', '.'), '.', 1) = split_part(translate(notation, ':', '.'), '.', 1);
  return format('%s is not known%s', to_json(notation), coalesce('; of that item are known: ' || near, ''));
end
$function$;

CREATE OR REPLACE FUNCTION public.millrace_publish_event(publisher text, world mode, event jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
declare
  problem text := millrace_event_problem(publisher, event);
  event_id text := coalesce(event ->> 'id', right(replace(gen_random_uuid()::text, '-', ''), 20));
  given text[] := millrace_event_names(event);
begin
  if problem is not null then
    raise exception using errcode = 'invalid_parameter_value', message = problem;
  end if;
  if world is null then
    raise exception using errcode = 'invalid_parameter_value', message = 'the mode must be live or test';
  end if;
  perform 1 from accounts a where a.id = publisher;
  if not found then
    raise exception using errcode = 'invalid_parameter_value', message = format('there is no account %s', publisher);
  end if;
  insert into events (account_id, mode, id, type, notations, item_type, item_id, campaign, shop, happened_at, data, related)
  values (
    publisher, world, event_id, given[1], given,
    coalesce(event ->> 'item_type', event ->> 'subject', millrace_item_type(publisher, given)),
    event ->> 'item_id', event ->> 'campaign', event ->> 'shop', coalesce(millrace_event_time(event), now()),
    coalesce(nullif(event -> 'data', 'null'), '{}'), coalesce(nullif(event -> 'related', 'null'), '{}')
  )
  on conflict (account_id, mode, id) do nothing;
  perform pg_notify('millrace_events', '');
  return event_id;
end
$function$;

CREATE OR REPLACE FUNCTION public.own_or_plans_bound(account text, bound text)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO '$user', 'public'
AS $function$
  select coalesce((a.bounds ->> bound)::bigint, (p.bounds ->> bound)::bigint)
  from accounts a left join plans p on p.name = a.plan where a.id = account
$function$;

CREATE OR REPLACE FUNCTION public.tell_event_type_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('millrace_event_types', coalesce(new.account_id, old.account_id, ''));
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_flow_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
declare
  changed flows;
begin
  if tg_op = 'DELETE' then changed := old; else changed := new; end if;
  perform bump_trigger_revision(changed.account_id, changed.mode);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_function_switch()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
begin
  perform bump_trigger_revision(new.account_id, new.mode);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_subscription_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
declare
  changed event_subscriptions;
begin
  if tg_op = 'DELETE' then changed := old; else changed := new; end if;
  perform bump_trigger_revision(changed.account_id, changed.mode);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_template_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
declare
  changed email_templates;
begin
  if tg_op = 'DELETE' then changed := old; else changed := new; end if;
  perform bump_trigger_revision(changed.account_id, changed.mode);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_trigger_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$
declare
  changed triggers;
begin
  if tg_op = 'DELETE' then changed := old; else changed := new; end if;
  if changed.kind = 'account_event' then
    perform bump_trigger_revision(changed.account_id, changed.mode);
  end if;
  perform pg_notify('millrace_triggers', changed.id);
  return null;
end
$function$;

CREATE TRIGGER domains_bound AFTER INSERT ON domains REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('domains', 'true');

CREATE TRIGGER email_templates_bound AFTER INSERT ON email_templates REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('email_templates', 'true');

CREATE TRIGGER email_templates_change AFTER INSERT OR DELETE OR UPDATE ON email_templates FOR EACH ROW EXECUTE FUNCTION tell_template_change();

CREATE TRIGGER event_subscriptions_change AFTER INSERT OR DELETE OR UPDATE OF active, event_type ON event_subscriptions FOR EACH ROW EXECUTE FUNCTION tell_subscription_change();

CREATE TRIGGER event_test_templates_bound AFTER INSERT ON event_test_templates REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('event_test_templates', 'true');

CREATE TRIGGER event_types_change AFTER INSERT OR DELETE OR UPDATE ON event_types FOR EACH ROW EXECUTE FUNCTION tell_event_type_change();

CREATE TRIGGER flows_bound AFTER INSERT ON flows REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('flows', 'true');

CREATE TRIGGER flows_change AFTER INSERT OR DELETE OR UPDATE ON flows FOR EACH ROW EXECUTE FUNCTION tell_flow_change();

CREATE TRIGGER function_folders_bound AFTER INSERT ON function_folders REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('function_folders', 'true');

CREATE TRIGGER functions_bound AFTER INSERT ON functions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('functions', 'true');

CREATE TRIGGER functions_switch AFTER UPDATE OF enabled ON functions FOR EACH ROW WHEN (old.enabled IS DISTINCT FROM new.enabled) EXECUTE FUNCTION tell_function_switch();

CREATE TRIGGER idempotency_keys_bound AFTER INSERT ON idempotency_keys REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('idempotency_keys', 'true');

CREATE TRIGGER invitations_bound AFTER INSERT ON invitations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_users_bound();

CREATE TRIGGER operator_audit_kept BEFORE DELETE OR UPDATE ON operator_audit FOR EACH ROW EXECUTE FUNCTION keep_operator_audit();

CREATE TRIGGER payment_profiles_bound AFTER INSERT ON payment_profiles REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('payment_profiles', 'true');

CREATE TRIGGER portals_bound AFTER INSERT ON portals REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('portals', 'true');

CREATE TRIGGER smtp_profiles_bound AFTER INSERT ON smtp_profiles REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('smtp_profiles', 'true');

CREATE TRIGGER limited_tokens_bound AFTER INSERT ON tokens REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('limited_tokens', 'kind = ''limited'' and (expires_at is null or expires_at > now())');

CREATE TRIGGER secret_tokens_bound AFTER INSERT ON tokens REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_account_bound('secret_tokens', 'kind = ''secret'' and (expires_at is null or expires_at > now())');

CREATE TRIGGER triggers_change AFTER INSERT OR DELETE OR UPDATE OF function_id, name, enabled, paused_at, delay_ms, settings, address, sealed_secrets ON triggers FOR EACH ROW EXECUTE FUNCTION tell_trigger_change();

CREATE TRIGGER triggers_switched_on BEFORE UPDATE OF enabled ON triggers FOR EACH ROW WHEN (new.kind = 'schedule'::text AND new.enabled AND NOT old.enabled) EXECUTE FUNCTION begin_schedule_anew();

CREATE TRIGGER users_bound AFTER INSERT ON users REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_users_bound();

CREATE TRIGGER versions_bound AFTER INSERT ON versions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_bundle_bytes();
