-- The dialects whose APIs an account may use; null: all.
alter table accounts add column dialects text[];
