-- Works that somebody holds are few among those that wait.
create index template_mails_held on template_mails (held_until) where status = 'queued' and held_until is not null;
create index query_executions_held on query_executions (held_until) where status = 'queued' and held_until is not null;
