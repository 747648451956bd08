-- By which master key a node was started: a mark of it, so that an old one isn't ended while a node still needs it.
alter table nodes add column key_mark text;
