-- What an account sets for all that it does, live and test apart: the key that signs what its subscriptions send, the time zone of the
-- dates that it is answered, and addresses that its clients keep here. An account without a row has the usual ones.
create table account_settings (
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- IANA name.
  time_zone text not null,
  -- Kept for clients; nothing follows from them.
  app_hosts text[] not null,
  cors_allowed_origins text[] not null,
  oauth_redirect_uris text[] not null,
  -- A limited token of the test world is made for whoever asks, as one of the live world is.
  allow_public_test_tokens boolean not null,
  -- Sealed with the account's key. null: a subscription without a key of its own isn't signed.
  sealed_signature_key bytea,
  -- Grows with every change.
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  primary key (account_id, mode)
);
