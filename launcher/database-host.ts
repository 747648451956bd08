// Where a connection string leads, read as the client reads it:
// `postgres://user@/database?host=/folder/of/socket` is no URL to anything else. Takes the client's own
// reader of such strings, and not the client. Pure but for PGHOST and PGPORT, which the client heeds. Called
// by settings-of-supervisor.ts: functions are walled off from it.
import { parse } from 'pg-connection-string';
import type { DatabaseHost } from '../contract/supervisor-settings.ts';

/** @throws Error where it can't be read */
export function databaseHost(databaseUrl: string): DatabaseHost {
  const { PGHOST, PGPORT } = process.env;
  const read = parse(databaseUrl);
  const host = read.host || PGHOST || 'localhost';
  return {
    hostname: host.startsWith('/') ? null : host.replace(/^\[(.*)\]$/, '$1'),
    port: Number.parseInt(read.port || PGPORT || '5432', 10),
  };
}
