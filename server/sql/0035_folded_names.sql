-- Names are unique without regard to case, of all letters and not of ASCII's alone: accounts/fold-name.ts folds a name whenever it is
-- written. What is there already is folded by the best rule that this PostgreSQL has; of names that differ by it in case only, the
-- oldest keeps its own, and the others are told apart by their ids until they are written again.
do $$
declare
  rule text := 'lower(name)';
  rule_of text;
  place record;
begin
  foreach rule_of in array array['pg_unicode_fast', 'pg_c_utf8', 'und-x-icu'] loop
    if current_setting('server_encoding') = 'UTF8'
       and exists (select from pg_collation where collname = rule_of) then
      rule := format('normalize(lower(upper(normalize(name, nfc) collate %I)), nfc)', rule_of);
      exit;
    end if;
  end loop;
  for place in
    select * from (values ('email_templates', 'id'), ('payment_profiles', 'id'), ('queries', 'id'), ('inline_functions', 'function_id'))
      as places (into_table, key)
  loop
    execute format('alter table %I add column folded_name text', place.into_table);
    execute format('update %I set folded_name = %s', place.into_table, rule);
    execute format(
      'update %1$I t set folded_name = t.folded_name || '' '' || t.%2$I
       from (select %2$I as key, row_number() over (partition by account_id, mode, folded_name order by modified_at, %2$I) as place
             from %1$I) o
       where o.key = t.%2$I and o.place > 1',
      place.into_table, place.key);
    execute format('alter table %I alter column folded_name set not null', place.into_table);
  end loop;
end $$;

drop index email_templates_name;
drop index payment_profiles_name;
drop index queries_name;
drop index inline_functions_name;
create unique index email_templates_name on email_templates (account_id, mode, folded_name);
create unique index payment_profiles_name on payment_profiles (account_id, mode, folded_name);
create unique index queries_name on queries (account_id, mode, folded_name);
create unique index inline_functions_name on inline_functions (account_id, mode, folded_name);
