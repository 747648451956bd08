-- What was answered to requests with an Idempotency-Key, for a day. A row without an answer belongs to a request
-- that goes on, or was cut off.
create table idempotency_keys (
  account_id text not null references accounts (id) on delete cascade,
  mode mode not null,
  -- SHA-256 of the key, and of the request with everything that it says.
  key_hash bytea not null,
  request_hash bytea not null,
  -- Answers may hold what is shown once: tokens, links.
  sealed_answer bytea,
  created_at timestamptz not null default now(),
  primary key (account_id, mode, key_hash)
);
create index idempotency_keys_age on idempotency_keys (created_at);
create trigger idempotency_keys_bound after insert on idempotency_keys referencing new table as added
  for each statement execute function hold_account_bound('idempotency_keys', 'true');
