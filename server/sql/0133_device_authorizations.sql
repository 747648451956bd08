-- Sign-ins of programs without a browser: asked for by the program, answered by a person in the console, taken by
-- the program once. Gone after ten minutes. Known by the hash of what the program alone has.
create table device_authorizations (
  device_hash bytea primary key,
  -- What the person reads on the one screen and finds on the other.
  user_code text not null unique,
  client text not null,
  address text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  polled_at timestamptz,
  answer text not null default 'pending' check (answer in ('pending', 'approved', 'refused')),
  -- Of the person who has approved it: what the token opens and permits.
  account_id text references accounts (id) on delete cascade,
  mode mode,
  user_id text references users (id) on delete cascade,
  permissions jsonb,
  check ((answer = 'approved') = (account_id is not null and mode is not null and user_id is not null
    and permissions is not null))
);
create index device_authorizations_of_address on device_authorizations (address);
