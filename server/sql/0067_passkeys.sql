-- Keys that a person's device or password manager holds; the public half. A challenge is answered once.
create table passkeys (
  id text primary key,
  person_id text not null references people (id) on delete cascade,
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  name text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkeys_person on passkeys (person_id, created_at);

create table passkey_challenges (
  challenge_hash bytea primary key,
  -- null: to sign in, as a person who isn't known yet.
  person_id text references people (id) on delete cascade,
  expires_at timestamptz not null
);
create index passkey_challenges_person on passkey_challenges (person_id);
create index passkey_challenges_expiry on passkey_challenges (expires_at);
