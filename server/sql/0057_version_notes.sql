-- What the owner says about a version, and the id of the token that made it; null where a dialect or a build of packages made it.
alter table versions add column note text, add column made_by text;
