import assert from 'node:assert/strict';
import { test } from 'node:test';
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
