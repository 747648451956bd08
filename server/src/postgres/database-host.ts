// Where a connection string leads, read as the client reads it: `postgres://user@/database?host=/folder/of/socket` is no URL to
// anybody else. Pure but for PGHOST and PGPORT, which the client heeds. Called by roles/supervise.ts, which walls functions off from it.
import pg from 'pg';

export type DatabaseHost = {
  /** A name or an address; null: a socket in a folder. */
  hostname: string | null;
  port: number;
};

/** @throws Error where it can't be read */
export function databaseHost(databaseUrl: string): DatabaseHost {
  const { host, port } = new pg.Client({ connectionString: databaseUrl });
  return { hostname: host.startsWith('/') ? null : host.replace(/^\[(.*)\]$/, '$1'), port };
}
