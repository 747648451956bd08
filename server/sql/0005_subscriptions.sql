-- Event subscriptions, what is delivered to them, the payloads that they are tested with, and the SMTP servers of accounts.

create table event_subscriptions (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  event_type text not null,
  method text not null check (method in ('http', 'email')),
  format text not null check (format in ('json', 'xml', 'html')),
  -- One URL, or e-mail addresses separated by commas.
  destination text not null,
  -- Comma-separated paths into the event's data; null: nothing is expanded, everything is shown, nothing hidden.
  expand text,
  show text,
  hide text check (show is null or hide is null),
  active boolean not null,
  time_zone text not null,
  comments text,
  authorization_username text,
  custom_header_name text,
  -- {signatureKey, authorizationPassword, customHeaderValue, variables} as JSON, sealed with the account's key.
  sealed_secrets bytea not null,
  -- Grows with every change.
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create index event_subscriptions_account on event_subscriptions (account_id, mode, created_at);
create index event_subscriptions_matching on event_subscriptions (account_id, mode, event_type) where active;

-- One event on its way to one subscription. Made in the transaction that keeps the event; claimed by a node, which holds its claims by
-- its lease in `nodes`; settled only by the claim that holds it.
create table deliveries (
  id text primary key,
  account_id text not null,
  mode mode not null,
  -- Outlives the subscription.
  subscription_id text not null,
  event_id text not null,
  event_type text not null,
  status text not null default 'queued' check (status in ('queued', 'delivered', 'retry', 'failed')),
  -- When it may be tried; null: never again by itself, or a run of ours is at it.
  due_at timestamptz default now(),
  -- The node that is at it.
  node text,
  -- How often it was claimed: the fence.
  claims integer not null default 0,
  -- Attempts since it was queued, by the event or by somebody who wants it sent again.
  attempts integer not null default 0,
  -- The run that receives it, where the destination is a function of ours.
  run_id uuid,
  last_attempt_at timestamptz,
  -- What the last attempt came to, where that was no success; or what was amiss although it was one.
  debug text,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  -- An event taken in twice is delivered once.
  unique (account_id, mode, event_id, subscription_id),
  foreign key (account_id, mode, event_id) references events (account_id, mode, id) on delete cascade
);
create index deliveries_due on deliveries (subscription_id, due_at, id) where due_at is not null;
create index deliveries_run on deliveries (run_id) where run_id is not null;
create index deliveries_list on deliveries (account_id, mode, status, created_at, id);
create index deliveries_all on deliveries (account_id, mode, created_at, id);
create index deliveries_node on deliveries (node) where node is not null;

create table event_test_templates (
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- The maker may choose it.
  id text not null,
  name text not null,
  event_type text not null,
  event_expand text,
  payload jsonb not null,
  resource_id text,
  -- Other accounts see and use it; only its own may change it.
  is_public boolean not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  primary key (account_id, mode, id)
);
-- A public one is named by its id alone.
create unique index event_test_templates_public on event_test_templates (mode, id) where is_public;

create table smtp_profiles (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  name text not null,
  host text not null,
  port integer not null check (port between 1 and 65535),
  -- `tls` from the first byte, `starttls` demanded, or `none`.
  security text not null check (security in ('tls', 'starttls', 'none')),
  username text,
  -- Sealed with the account's key.
  sealed_password bytea,
  -- Who the mails are from.
  sender text not null,
  -- Sends what names no profile.
  is_default boolean not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  unique (account_id, mode, name)
);
create unique index smtp_profiles_default on smtp_profiles (account_id, mode) where is_default;
