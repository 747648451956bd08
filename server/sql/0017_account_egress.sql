-- What accounts deny their own functions on the network. What is allowed is the operator's alone and stands in no table: a server that
-- has fallen opens nothing.
create table account_egress (
  account_id text primary key references accounts on delete cascade,
  -- IPv4 networks, each possibly with ports: config/egress-network.ts
  deny text[] not null,
  modified_at timestamptz not null default now()
);
