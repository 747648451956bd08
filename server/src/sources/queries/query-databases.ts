// The databases that queries read: Millrace's own, over connections of its own and in transactions that can
// only read; and those of the operator, one connection for each query. Each answers within its time or is
// given up. Built by roles/.
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { QueryDatabase } from '../../config/query-sources.ts';
import type { Database } from '../../postgres/database.ts';
import type { Statement } from './compile-query.ts';

/** An expected end of a query; its message may be shown to its owner. */
export class QueryError extends Error {
  /** The same query may succeed later. */
  readonly mayPass: boolean;
  constructor(message: string, mayPass: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'QueryError';
    this.mayPass = mayPass;
  }
}

/** Columns g, m0, m1, ... */
export type Row = Record<string, unknown>;
/** @throws QueryError */
export type Ask = (statement: Statement, timeoutMs: number) => Promise<Row[]>;

/** Beyond a database's own limit, for those that don't keep it. */
const GRACE_MS = 2_000;
const CONNECT_MS = 10_000;
const LATE = '57014';

/** Of the platform's own records. */
export function askOwn(database: Database): Ask {
  return async ({ text, values }, timeoutMs) => {
    try {
      return await database.transaction(async (sql) => {
        await sql.query('set transaction read only');
        await sql.query(`select set_config('statement_timeout', $1, true)`, [String(timeoutMs)]);
        return await sql.query<Row>(text, values);
      });
    } catch (error) {
      if ((error as { code?: string }).code === LATE) throw tooLate(timeoutMs);
      throw error;
    }
  };
}

export function askOther({ kind, url }: QueryDatabase): Ask {
  return kind === 'postgres' ? askPostgres(url) : askMysql(url);
}

function askPostgres(url: string): Ask {
  return async (statement, timeoutMs) => {
    const client = new pg.Client({
      connectionString: url,
      ...{ connectionTimeoutMillis: CONNECT_MS, query_timeout: timeoutMs + GRACE_MS },
      ...{ application_name: 'millrace queries', keepAlive: true },
    });
    // Its break raises an event of its own; a caller learns of it by the query.
    client.on('error', () => {});
    try {
      await reach(client.connect());
      await client.query('set default_transaction_read_only = on');
      await client.query('begin transaction read only');
      await client.query(`set local time zone 'UTC'`);
      await client.query(`select set_config('statement_timeout', $1, true)`, [String(timeoutMs)]);
      return (await client.query<Row>(statement.text, statement.values)).rows;
    } catch (error) {
      throw reasonOf(error, timeoutMs);
    } finally {
      client.end().catch(() => {});
    }
  };
}

function askMysql(url: string): Ask {
  return async ({ text, values }, timeoutMs) => {
    const connection = await reach(
      mysql.createConnection({
        ...{ uri: url, connectTimeout: CONNECT_MS, timezone: 'Z', dateStrings: true },
        ...{ supportBigNumbers: true, bigNumberStrings: false, multipleStatements: false },
      }),
    );
    connection.on('error', () => {});
    try {
      return await within(timeoutMs + GRACE_MS, async () => {
        await limitMysql(connection, timeoutMs);
        const [rows] = await connection.execute(text, values as (string | number | boolean)[]);
        return (rows as Row[]).map(readable);
      });
    } catch (error) {
      throw reasonOf(error, timeoutMs);
    } finally {
      connection.destroy();
    }
  };
}

/** MariaDB and MySQL name the limit differently. */
async function limitMysql(connection: mysql.Connection, timeoutMs: number): Promise<void> {
  const [rows] = await connection.query('select version() as version');
  const isMaria = /mariadb/i.test(String((rows as Row[])[0]?.version));
  const limit = isMaria ? `max_statement_time = ${timeoutMs / 1000}` : `max_execution_time = ${timeoutMs}`;
  await connection.query(`set session ${limit}, session time_zone = '+00:00'`);
  await connection.query('set session transaction read only');
  await connection.query('start transaction read only');
}

/** Bytes of a group are shown as text. */
function readable(row: Row): Row {
  const text = (value: unknown): unknown => (Buffer.isBuffer(value) ? value.toString('utf8') : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)]));
}

/**
 * Where a database lies is the operator's affair: the owner learns that it isn't reached, and the sort of
 * reason.
 */
async function reach<T>(connecting: Promise<T>): Promise<T> {
  try {
    return await connecting;
  } catch (error) {
    const { code = 'no connection' } = error as { code?: string };
    throw new QueryError(`the database of this query could not be reached (${code})`, true, error);
  }
}

const LOST = /^(08|57P|ECONN|EPIPE|ETIMEDOUT|PROTOCOL_CONNECTION_LOST)/;
/**
 * `max_statement_time` of MariaDB, `max_execution_time` of MySQL: their numbers say more than the driver's
 * names for them.
 */
const LATE_NUMBERS = [1969, 3024];

function reasonOf(error: unknown, timeoutMs: number): QueryError {
  if (error instanceof QueryError) return error;
  const { code = '', errno = 0, message } = error as { code?: string; errno?: number; message: string };
  if (code === LATE || LATE_NUMBERS.includes(errno) || /query read timeout/i.test(message))
    return tooLate(timeoutMs);
  if (LOST.test(code)) return new QueryError(`the database of this query was lost (${code})`, true, error);
  return new QueryError(`the database says: ${message}`, false, error);
}

function tooLate(timeoutMs: number): QueryError {
  return new QueryError(`the query took longer than ${timeoutMs} ms`, false);
}

async function within<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate(timeoutMs - GRACE_MS)), timeoutMs);
  });
  return await Promise.race([work(), late]).finally(() => clearTimeout(timer));
}
