-- Until when a node's claim on a row holds: one word for it in every table.
alter table query_executions rename column held_until to lease_until;
alter table template_mails rename column held_until to lease_until;
alter table function_folders rename column leased_until to lease_until;
