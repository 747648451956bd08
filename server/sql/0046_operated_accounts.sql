-- Accounts that the operator makes by the API: his own key for each, what he calls it, and his labels. A request that makes one is known
-- again by its hash, so that it may be repeated.
alter table accounts
  add column external_id text,
  add column name text,
  add column labels jsonb not null default '{}',
  add column request_hash bytea,
  add column modified_at timestamptz not null default now(),
  add constraint accounts_external_id_key unique (external_id);

create index accounts_labels on accounts using gin (labels jsonb_path_ops);
create index tokens_secret on tokens (account_id, created_at desc, id desc) where kind <> 'limited';
