-- A part of a function's runs may go to another version than the active one; and which version was active before.
alter table functions add column previous_version integer;
alter table functions add column canary_version integer;
alter table functions add column canary_percent smallint check (canary_percent between 0 and 100);
-- A call's header of this name decides, so that one caller always gets the same version; null: every run for itself.
alter table functions add column canary_header text;
alter table functions add constraint functions_canary check ((canary_version is null) = (canary_percent is null));
