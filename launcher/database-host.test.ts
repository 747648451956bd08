import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import pg from 'pg';
import { databaseHost } from './database-host.ts';

const CASES: [string, string | null, number][] = [
  ['postgres://u:p@db.example.com/x', 'db.example.com', 5432],
  ['postgresql://u@198.51.100.7:6000/x?sslmode=disable', '198.51.100.7', 6000],
  ['postgres://u@[2001:db8::1]:6000/x', '2001:db8::1', 6000],
  ['postgres://u@/x?host=/run/postgresql', null, 5432],
  ['postgres:///x?host=198.51.100.7&port=6001', '198.51.100.7', 6001],
];
for (const [url, hostname, port] of CASES) {
  test(`${url} leads to ${hostname ?? 'a socket'}`, () => {
    assert.deepEqual(databaseHost(url), { hostname, port });
  });
}

afterEach(() => {
  delete process.env.PGHOST;
  delete process.env.PGPORT;
});

const URLS = [
  ...['postgres://a:b@db.example/c', 'postgres://a@db.example:6543/c', 'postgresql://a@[::1]:5433/c'],
  ...[
    'postgres://a@/c?host=/var/run/postgresql',
    'postgres://a@%2Frun%2Fpg/c',
    'postgres:///c',
    'postgres://a@h:6000/c',
  ],
  ...['postgres://a@h/c?host=other&port=7000', 'postgres://a@192.0.2.7/c?sslmode=disable'],
];

for (const [name, variables] of [
  ['a bare environment', {}],
  ['PGHOST and PGPORT', { PGHOST: 'env.example', PGPORT: '7777' }],
] as const) {
  test(`a connection string leads where the client goes, with ${name}`, () => {
    Object.assign(process.env, variables);
    for (const url of URLS) {
      const { host, port } = new pg.Client({ connectionString: url });
      const hostname = host.startsWith('/') ? null : host.replace(/^\[(.*)\]$/, '$1');
      assert.deepEqual(databaseHost(url), { hostname, port }, url);
    }
  });
}

test('what is no connection string is refused', () => {
  assert.throws(() => databaseHost('postgres://a@h:port/c'));
});
