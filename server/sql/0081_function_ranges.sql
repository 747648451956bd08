-- A range of a function is its account's: who names another account's function finds nothing at once.
drop index ended_runs_function;
create index ended_runs_function on ended_runs
  ((hashtext(account_id || '/' || function_id || '/' || trigger) # hashenum(mode) # hashenum(status)), id);
