-- Which folder serves a path: the one whose serverless.json named it first. Kept in the transaction that keeps that file, so that of two
-- folders that name one path at the same moment, one is refused.
create table endpoint_paths (
  account_id text not null references accounts on delete cascade,
  mode mode not null,
  -- In lower case, as calls are matched.
  path text not null,
  folder text not null,
  primary key (account_id, mode, path)
);
create index endpoint_paths_folder on endpoint_paths (account_id, mode, folder);

-- Of folders that share a path already, the one that is called today goes on being called.
insert into endpoint_paths (account_id, mode, path, folder)
select distinct on (account_id, mode, lower(path)) account_id, mode, lower(path), folder
from endpoints where retired_at is null
order by account_id, mode, lower(path), claimed_at desc, number desc;

-- The others are deployed once more, and say what they no longer serve.
update function_folders f
set changes = f.changes + 1, waiting_since = coalesce(f.waiting_since, clock_timestamp()), due_at = clock_timestamp()
where exists (
  select from endpoints e join endpoint_paths p
    on p.account_id = e.account_id and p.mode = e.mode and p.path = lower(e.path)
  where e.account_id = f.account_id and e.mode = f.mode and e.folder = f.path and e.retired_at is null
    and p.folder <> e.folder);
