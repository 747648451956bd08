-- An event whose runs are more than one transaction starts, or than its account's queue has room for, is routed in portions, function by
-- function in the order of their ids: the last one that it has reached. null: none yet.
alter table events add column routed_to text;
