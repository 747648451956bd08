-- Links that set up the installation's first person. The start of a node makes one while there is nobody; the
-- person who is made ends them all.
create table setup_links (
  link_hash bytea primary key,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null
);
