-- Certificates that an authority gives by ACME: one for each name that the installation is reached by. Of the
-- installation, not of an account; keys are sealed by the first account's key.
create table acme_accounts (
  directory text primary key,
  sealed_key bytea not null,
  -- RFC 7638: with it any node answers any challenge.
  thumbprint text not null,
  -- Null: not registered yet.
  url text,
  -- Of the authority itself, in a row.
  failures integer not null default 0,
  problem text,
  resting_until timestamptz not null default now(),
  -- Orders of a day: of names that were not refused last, and of those that were.
  day date not null default current_date,
  orders integer not null default 0,
  retries integer not null default 0
);
create table certificates (
  name text primary key,
  directory text not null,
  -- When a node last said that it is reached by this name.
  wanted_at timestamptz not null default now(),
  -- When it is asked for, or for the next one.
  due_at timestamptz not null default now(),
  -- Refusals in a row, and the last one's reason.
  failures integer not null default 0,
  problem text,
  claims integer not null default 0,
  lease_until timestamptz,
  chain text,
  sealed_key bytea,
  issued_at timestamptz,
  expires_at timestamptz,
  check (num_nulls(chain, sealed_key, issued_at, expires_at) in (0, 4))
);
