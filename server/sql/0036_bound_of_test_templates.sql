-- Test templates of events were counted without a lock, against a number that nobody could set.
create trigger event_test_templates_bound after insert on event_test_templates referencing new table as added
  for each statement execute function hold_account_bound('event_test_templates', 'true');
