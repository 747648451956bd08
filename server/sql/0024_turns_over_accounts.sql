-- What waits in one line for all accounts is taken in turns over them: the first of each account is found by its own key.
create index flow_runs_turns on flow_runs (account_id, due_at) where status = 'going' and due_at is not null;
create index template_mails_turns on template_mails (account_id, due_at) where status = 'queued';
create index query_executions_turns on query_executions (account_id, due_at) where status = 'queued';
drop index events_unmatched;
create index events_unmatched on events (account_id, position) where matched_at is null;
