-- Codes that a person's own device shows, asked for besides the password. The secret is sealed; recovery codes are hashes, each for one use.
create table second_factors (
  person_id text primary key references people (id) on delete cascade,
  sealed_secret bytea not null,
  -- null: the device hasn't shown yet that it has the secret.
  confirmed_at timestamptz,
  -- Of the code used last: none is taken twice.
  last_step bigint not null default 0,
  recovery_hashes bytea[] not null default '{}'
);
