-- Folders are claimed as other small works of the platform are: by a number, in turns over accounts.
alter table function_folders add column id uuid not null default gen_random_uuid();
alter table function_folders add column claims integer not null default 0;
alter table function_folders add constraint function_folders_id unique (id);
create index function_folders_turns on function_folders (account_id, due_at) where changes > deployed_changes;
create index function_folders_held on function_folders (lease_until)
  where changes > deployed_changes and lease_until is not null;
