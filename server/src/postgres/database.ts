// The only door to PostgreSQL: a pool of connections, queries with parameters, transactions. Knows no table.
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { markOutage } from '../errors/database-outage.ts';
import { isDatabaseUnavailable, outcomeOf, type Phase } from './database-fault.ts';
import { ownRefusal } from './own-refusals.ts';
import { createSharedTransactions } from './shared-transaction.ts';

/**
 * Something that runs SQL: the pool, or one connection inside a transaction. Stores take this, never more.
 */
export interface Sql {
  /**
   * Runs one statement; the rows are what it returns. Values only ever travel as parameters.
   * @param name of a statement that is run over and over: it is planned once a connection; always of the same
   * text
   */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[], name?: string): Promise<Row[]>;
}

export interface Database extends Sql {
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * As {@link transaction}, and everything that `work` asks of this database, in whatever code, is part of
   * it: for work that writes and sends nothing elsewhere.
   */
  sharedTransaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// int8 and numeric as numbers: every such column of ours stays far below 2^53.
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/**
 * No statement of ours takes as long: a connection that hasn't answered by then has been forgotten on its
 * way. ms
 */
const ANSWER_TIMEOUT_MS = 30_000;
/** How much later a server that says nothing at all is given up. ms */
const SILENCE_MS = 2_000;

/**
 * @param url      PostgreSQL connection string, TCP or `postgres://user@/database?host=/folder/of/socket`
 * @param onError  called with connections that broke, idle or lent; the pool makes new ones by itself
 * @param most     connections at a time
 * @param answerTimeoutMs  how long an answer, or a free connection, is waited for; 0: for ever
 */
export function openDatabase(
  url: string,
  onError: (error: Error) => void,
  most = 10,
  answerTimeoutMs = ANSWER_TIMEOUT_MS,
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: most,
    types: types as pg.CustomTypesConfig,
    keepAlive: true,
    connectionTimeoutMillis: answerTimeoutMs,
    // The server gives up first where it can still say so, and frees the rows of a transaction that nobody
    // will end.
    statement_timeout: answerTimeoutMs,
    idle_in_transaction_session_timeout: answerTimeoutMs,
    query_timeout: answerTimeoutMs === 0 ? 0 : answerTimeoutMs + SILENCE_MS,
    // A statement is sent without waiting for the answer to the one before: who needs that answer awaits it.
    pipeline: true,
  } as pg.PoolConfig);
  pool.on('error', onError);
  const over = (client: Pick<pg.Pool | pg.PoolClient, 'query'>, phaseOf: (text: string) => Phase): Sql => ({
    query: async <Row extends pg.QueryResultRow>(text: string, values?: unknown[], name?: string) => {
      const statement = name === undefined ? { text, values } : { text, values, name };
      const asked = client.query<Row>(statement as pg.QueryConfig);
      return (await asked.catch((error: unknown) => throwMarked(error, phaseOf(text)))).rows;
    },
  });
  const pooled = over(pool, (text) => (READS.test(text) ? 'undoable' : 'final'));
  const shared = createSharedTransactions();
  const database: Database = {
    query: (text, values, name) => (shared.current()?.sql ?? pooled).query(text, values, name),
    sharedTransaction: (work) => database.transaction((sql) => shared.run(sql, work)),
    async transaction(work) {
      const around = shared.current();
      if (around !== null) return await around.within(work);
      const client = await pool.connect().catch((error: unknown) => throwMarked(error, 'connect'));
      // A connection that breaks while it is lent raises an event of its own, not the pool's: unheard, that
      // would end the process.
      client.on('error', onError);
      const giveBack = (): void => {
        client.off('error', onError);
        client.release();
      };
      const lent = lend(over(client, () => 'undoable'));
      try {
        const result = await begun(client, () => work(lent.sql)).finally(lent.end);
        await commit(client);
        giveBack();
        return result;
      } catch (error) {
        // A connection that can't even roll back is thrown away with its transaction.
        if (hasGoneSilent(error)) client.release(error);
        else await client.query('rollback').then(giveBack, (broken: Error) => client.release(broken));
        throw error;
      }
    },
    close: () => pool.end(),
  };
  return database;
}

/**
 * A statement that comes behind the end of its transaction would stand alone, or in another's: it is refused.
 */
function lend(sql: Sql): { sql: Sql; end(): void } {
  let isOver = false;
  return {
    sql: {
      query: async (text, values, name) => {
        if (isOver) throw new Error('this transaction is over');
        return await sql.query(text, values, name);
      },
    },
    end: () => {
      isOver = true;
    },
  };
}

async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit').catch((error: unknown) => throwMarked(error, 'final'));
  // What PostgreSQL answers where a statement has failed and nobody let its error through.
  if (command !== 'COMMIT')
    throw new Error('a statement of the transaction has failed: nothing was committed');
}

/** Begins a transaction in the same write as the first statement of `work`. */
async function begun<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  stream.cork();
  const begin = client.query('begin').catch((error: unknown) => throwMarked(error, 'begin'));
  const working = (async () => await work())();
  stream.uncork();
  // Where it can't begin, the connection is broken, and what was sent behind it fails as well. The one
  // exception: an administrator cancels (pg_cancel_backend) in the microseconds of `begin` itself. What was
  // sent behind it then stands alone: to wait for the answer to `begin` would cost every transaction a round
  // trip. It is reported as an outage of unknown outcome.
  const [result] = await Promise.all([working, begin]);
  return result;
}

/** A statement of its own that changes nothing. */
const READS = /^\s*select\b/;

function throwMarked(error: unknown, phase: Phase): never {
  const refusal = ownRefusal(error);
  if (refusal !== null) throw refusal;
  throw error instanceof Error && isDatabaseUnavailable(error)
    ? markOutage(error, outcomeOf(error, phase))
    : error;
}

function hasGoneSilent(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout';
}
