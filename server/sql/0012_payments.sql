-- Payment profiles: how a payment request is decided, in nodes that may ask functions.
create table payment_profiles (
  -- 20 letters and digits
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  name text not null,
  enabled boolean not null default true,
  -- payments/payment-profile.ts
  nodes jsonb not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create unique index payment_profiles_name on payment_profiles (account_id, mode, lower(name));
