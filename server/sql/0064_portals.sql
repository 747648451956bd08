-- What the operator's own product shows of an account to its people: a link that is opened once, and the session that it becomes. Their users
-- are known by the operator's own ids; nobody signs in as them.
alter table users
  add column external_id text,
  add constraint users_external_key unique (account_id, external_id);

create table portal_links (
  link_hash bytea primary key,
  account_id text not null references accounts (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  -- Mode, role, features and looks of the session.
  grants jsonb not null,
  session_s integer not null,
  expires_at timestamptz not null
);
create index portal_links_account on portal_links (account_id);
create index portal_links_user on portal_links (user_id);
create index portal_links_expiry on portal_links (expires_at);

create table portal_sessions (
  id text primary key,
  session_hash bytea not null unique,
  account_id text not null references accounts (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  grants jsonb not null,
  address text,
  user_agent text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index portal_sessions_account on portal_sessions (account_id, created_at desc, id desc);
create index portal_sessions_user on portal_sessions (user_id);
create index portal_sessions_expiry on portal_sessions (expires_at);
