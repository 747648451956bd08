// SQL of saved queries. Every change of one is announced to the nodes that tick them.
import type { World } from '../../accounts/account.ts';
import { isActive } from '../../accounts/account-status-store.ts';
import { createNamedWorldTable, lockAndCount } from '../../accounts/world-table-store.ts';
import type { Sql } from '../../postgres/database.ts';
import type { Query } from './query.ts';
import type { QueryFields } from './query-fields.ts';

type Row = {
  id: string;
  account_id: string;
  mode: World['mode'];
  name: string;
  enabled: boolean;
  definition: Query['definition'];
  frequency: Query['frequency'];
  function_id: string | null;
  next_at: Date | null;
  created_at: Date;
  modified_at: Date;
};

const COLUMNS =
  'id, account_id, mode, name, enabled, definition, frequency, function_id, next_at, created_at, modified_at';

/** PostgreSQL channel: a query may be due, or an execution. */
export const QUERIES_CHANNEL = 'millrace_queries';

export type QueryState = QueryFields & { nextAt: Date | null };

/** The executions of one that is removed stay. */
export const QUERIES = createNamedWorldTable({ name: 'queries', columns: COLUMNS, fromRow });
export const { get: getQuery } = QUERIES;

/** Adds a query, or writes all of one that is there. @returns null where another one has the name */
export async function putQuery(sql: Sql, world: World, id: string, state: QueryState): Promise<Query | null> {
  const query = await QUERIES.put(sql, world, id, {
    name: state.name,
    enabled: state.enabled,
    definition: JSON.stringify(state.definition),
    frequency: state.frequency === null ? null : JSON.stringify(state.frequency),
    function_id: state.functionId,
    next_at: state.nextAt,
  });
  await sql.query('select pg_notify($1, $2)', [QUERIES_CHANNEL, '']);
  return query;
}

/** Keeps others from adding to the world's queries until the transaction ends. @returns how many there are */
export function lockAndCountQueries(sql: Sql, world: World): Promise<number> {
  return lockAndCount(sql, world, 'queries');
}

export type DueQuery = Query & { /** The database's. */ now: Date };

/**
 * Over all accounts: time is the same for all. Locked until the transaction ends; those that another node
 * holds are passed over.
 */
export async function lockDueQueries(sql: Sql, limit: number): Promise<DueQuery[]> {
  const rows = await sql.query<Row & { now: Date }>(
    `select ${COLUMNS}, now() as now from queries where enabled and next_at <= now() and ${isActive('queries.account_id')}
     order by next_at limit $1 for update skip locked`,
    [limit],
  );
  return rows.map((row) => ({ ...fromRow(row), now: row.now }));
}

/** Writes when locked queries are due next. */
export async function writeNextTicks(
  sql: Sql,
  ticked: readonly Pick<Query, 'accountId' | 'id' | 'nextAt'>[],
): Promise<void> {
  const rows = ticked.map(({ accountId, id, nextAt }) => ({ id, account_id: accountId, next_at: nextAt }));
  await sql.query(
    `update queries q set next_at = n.next_at
     from jsonb_to_recordset($1::jsonb) as n(id text, account_id text, next_at timestamptz)
     where q.id = n.id and q.account_id = n.account_id`,
    [JSON.stringify(rows)],
  );
}

/** How long until the next query of any account is due; null: none is. ms, on the database's clock */
export async function msUntilQuery(sql: Sql): Promise<number | null> {
  const [row] = await sql.query<{ ms: number | null }>(
    `select extract(epoch from min(next_at) - now())::float8 * 1000 as ms
     from queries where enabled and next_at is not null and ${isActive('queries.account_id')}`,
  );
  return row?.ms ?? null;
}

/** @returns null where there is no such function in the world */
export async function isFunctionEnabled(sql: Sql, world: World, id: string): Promise<boolean | null> {
  const [row] = await sql.query<{ enabled: boolean }>(
    'select enabled from functions where id = $1 and account_id = $2 and mode = $3',
    [id, world.accountId, world.mode],
  );
  return row?.enabled ?? null;
}

function fromRow(row: Row): Query {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    name: row.name,
    enabled: row.enabled,
    definition: row.definition,
    frequency: row.frequency,
    functionId: row.function_id,
    nextAt: row.next_at,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
