-- For which packages a folder's were built (a hash of what package.json asked for), so that it can be said when a deploy is needed. null: of
-- before, or of a project, which builds its own.
alter table function_folders add column built_for text;
-- Its package.json asks for other packages than were built. Written by the deployer.
alter table function_folders add column needs_deploy boolean not null default false;
-- Up to which change it was tried in vain: `problem` says why, and it is tried again.
alter table function_folders add column tried_changes bigint not null default 0;
alter table folder_builds add column built_for text;
create index folder_builds_folder on folder_builds (account_id, mode, folder, id);
