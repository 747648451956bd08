import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestDatabase } from '../server/test/database/open-test-database.ts';
import { dumpSchema } from './schema-dump.ts';

test('the dump shows every kind of thing that a migration can make', async () => {
  const database = await openTestDatabase();
  const before = await dumpSchema(database);
  await database.query(`
    create type colour as enum ('red', 'blue');
    create table zebra (
      stripe bigint generated always as identity primary key,
      colour colour not null default 'red',
      twice bigint generated always as (2 * 3) stored,
      parent bigint references zebra on delete cascade,
      check (parent <> stripe)
    );
    create index zebra_red on zebra (parent) where colour = 'red';
    create sequence stripes;
    create view zebras as select stripe from zebra;
    create function ping() returns trigger language plpgsql as 'begin perform pg_notify(''a'', ''b''); return null; end';
    create trigger zebra_ping after insert on zebra for each row execute function ping();`);
  const dump = await dumpSchema(database);
  await database.close();
  const added = dump.split('\n').filter((line) => !before.split('\n').includes(line));
  for (const expected of [
    /^create type colour as enum \('red', 'blue'\);$/m,
    /^ {2}stripe bigint generated always as identity not null,$/m,
    /^ {2}colour colour default 'red'::colour not null,$/m,
    /^ {2}twice bigint generated always as \(.*\) stored,$/m,
    /FOREIGN KEY \(parent\) REFERENCES zebra\(stripe\) ON DELETE CASCADE/,
    /CHECK \(\(parent <> stripe\)\)/,
    /CREATE INDEX zebra_red .* WHERE \(colour = 'red'::colour\);/,
    /^create sequence stripes;$/m,
    /^create view zebras as$/m,
    /CREATE OR REPLACE FUNCTION public\.ping\(\)/,
    /CREATE TRIGGER zebra_ping AFTER INSERT ON zebra/,
  ]) {
    assert.match(added.join('\n'), expected);
  }
});
