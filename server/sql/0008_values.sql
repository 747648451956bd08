-- Values of an account and mode that its functions share. Key values: small documents that functions read and change while they
-- run. Function values: variables that every function of some dialects finds in its environment.
create table key_values (
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  key text not null,
  description text,
  -- A pointer's value is the id or name of an item of its type.
  key_type text not null check (key_type in ('string', 'pointer')),
  pointer_type text,
  -- Sealed with the account's key.
  sealed_value bytea not null,
  size_bytes integer not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  primary key (account_id, mode, key),
  check ((key_type = 'pointer') = (pointer_type is not null))
);
alter table key_values alter column sealed_value set storage external;

create table function_values (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  name text not null,
  description text,
  -- Write-only: never shown again, masked in logs.
  is_encrypted boolean not null,
  -- Sealed with the account's key, whether or not it may be shown.
  sealed_value bytea not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  unique (account_id, mode, name)
);
