// SQL of endpoints. Live ones are those that are called; retired ones stay so that the logs of their function
// can be read, and so that one that comes back is the same function again. Calls go through
// endpoint-directory.ts, which keeps them in memory.
import type { World } from '../../../accounts/account.ts';
import type { Sql } from '../../../postgres/database.ts';
import type { Endpoint } from './endpoint.ts';
import { folded } from './path-rivals.ts';

/** PostgreSQL channel; the payload is `<account id> <mode>`. */
export const ENDPOINT_CHANNEL = 'millrace_endpoints_changed';

export type StoredEndpoint = Endpoint & {
  /** Its file or its entry is gone; null: it is live. */
  retiredAt: Date | null;
};

export type NewEndpoint = Omit<StoredEndpoint, 'number' | 'createdAt' | 'modifiedAt' | 'retiredAt'>;

type EndpointRow = {
  number: number;
  account_id: string;
  mode: World['mode'];
  folder: string;
  path: string;
  methods: string[];
  file: string;
  secret_names: string[];
  function_id: string;
  claimed_at: Date;
  created_at: Date;
  modified_at: Date;
  retired_at: Date | null;
};

const COLUMNS = `number, account_id, mode, folder, path, methods, file, secret_names, function_id,
  claimed_at, created_at, modified_at, retired_at`;

/** Every live endpoint of a world, by path. */
export async function listEndpoints(sql: Sql, world: World): Promise<StoredEndpoint[]> {
  const rows = await sql.query<EndpointRow>(
    `select ${COLUMNS} from endpoints
     where account_id = $1 and mode = $2 and retired_at is null order by path, number`,
    [world.accountId, world.mode],
  );
  return rows.map(fromRow);
}

/** Live and retired ones of one folder. */
export async function listFolderEndpoints(sql: Sql, world: World, folder: string): Promise<StoredEndpoint[]> {
  const rows = await sql.query<EndpointRow>(
    `select ${COLUMNS} from endpoints
     where account_id = $1 and mode = $2 and folder = $3 order by path`,
    [world.accountId, world.mode, folder],
  );
  return rows.map(fromRow);
}

/** Live and retired ones of every folder below a path. */
export async function listEndpointsBelow(sql: Sql, world: World, root: string): Promise<StoredEndpoint[]> {
  const rows = await sql.query<EndpointRow>(
    `select ${COLUMNS} from endpoints
     where account_id = $1 and mode = $2 and starts_with(folder, $3 || '/') order by path`,
    [world.accountId, world.mode, root],
  );
  return rows.map(fromRow);
}

/** Live and retired ones of a path, in any case, the latest claim first. */
export async function listPathEndpoints(sql: Sql, world: World, path: string): Promise<StoredEndpoint[]> {
  const rows = await sql.query<EndpointRow>(
    `select ${COLUMNS} from endpoints
     where account_id = $1 and mode = $2 and lower(path) = lower($3)
     order by retired_at is not null, path <> $3, claimed_at desc`,
    [world.accountId, world.mode, path],
  );
  return rows.map(fromRow);
}

/** Live or retired. */
export async function findEndpointOf(
  sql: Sql,
  world: World,
  functionId: string,
): Promise<StoredEndpoint | null> {
  const rows = await sql.query<EndpointRow>(
    `select ${COLUMNS} from endpoints
     where account_id = $1 and mode = $2 and function_id = $3 order by retired_at is not null limit 1`,
    [world.accountId, world.mode, functionId],
  );
  return rows[0] === undefined ? null : fromRow(rows[0]);
}

/**
 * Writes an endpoint as its folder declares it now, live. @returns false, and nothing is written, where
 * another folder serves the path
 */
export async function putEndpoint(sql: Sql, made: NewEndpoint): Promise<boolean> {
  const rows = await sql.query(
    `insert into endpoints (account_id, mode, folder, path, methods, file, secret_names, function_id,
       claimed_at)
     select $1, $2::mode, $3, $4, $5::text[], $6, $7::text[], $8, $9::timestamptz
     where not exists (
       select from endpoint_paths where account_id = $1 and mode = $2 and path = $10 and folder <> $3)
     on conflict (account_id, mode, folder, path) do update set
       methods = excluded.methods, file = excluded.file, secret_names = excluded.secret_names,
       function_id = excluded.function_id,
       claimed_at = excluded.claimed_at, modified_at = now(), retired_at = null
     returning number`,
    [
      made.accountId,
      made.mode,
      made.folder,
      made.path,
      made.methods,
      made.file,
      made.secretNames,
      made.functionId,
      made.claimedAt,
      folded(made),
    ],
  );
  if (rows.length === 0) return false;
  await announceEndpoints(sql, made);
  return true;
}

export async function retireEndpoint(sql: Sql, world: World, folder: string, path: string): Promise<void> {
  await sql.query(
    `update endpoints set retired_at = now(), modified_at = now()
     where account_id = $1 and mode = $2 and folder = $3 and path = $4 and retired_at is null`,
    [world.accountId, world.mode, folder, path],
  );
  await announceEndpoints(sql, world);
}

export async function announceEndpoints(sql: Sql, world: World): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [ENDPOINT_CHANNEL, `${world.accountId} ${world.mode}`]);
}

function fromRow(row: EndpointRow): StoredEndpoint {
  return {
    number: row.number,
    accountId: row.account_id,
    mode: row.mode,
    folder: row.folder,
    path: row.path,
    methods: row.methods,
    file: row.file,
    secretNames: row.secret_names,
    functionId: row.function_id,
    claimedAt: row.claimed_at,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    retiredAt: row.retired_at,
  };
}

/** Of every account: logs of what was retired that long ago are gone as well. */
export async function deleteRetiredEndpoints(sql: Sql, olderThanDays: number): Promise<void> {
  await sql.query('delete from endpoints where retired_at < now() - make_interval(days => $1)', [
    olderThanDays,
  ]);
}

/** Live ones of every account whose function has more than `most` versions: the tidier's work list. */
export async function listCrowdedEndpoints(
  sql: Sql,
  most: number,
): Promise<{ accountId: string; functionId: string }[]> {
  const rows = await sql.query<{ account_id: string; function_id: string }>(
    `select e.account_id, e.function_id from endpoints e
     where e.retired_at is null and (select count(*) from versions v where v.function_id = e.function_id) > $1`,
    [most],
  );
  return rows.map((row) => ({ accountId: row.account_id, functionId: row.function_id }));
}
