// The only door to PostgreSQL: a pool of connections, queries with parameters, transactions. Knows no table.
import pg from 'pg';

/** Something that runs SQL: the pool, or one connection inside a transaction. Stores take this, never more. */
export interface Sql {
  /**
   * Runs one statement; the rows are what it returns. Values only ever travel as parameters.
   * @param name of a statement that is run over and over: it is planned once a connection; always of the same text
   */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[], name?: string): Promise<Row[]>;
}

export interface Database extends Sql {
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// int8 and numeric as numbers: every such column of ours stays far below 2^53.
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/** No statement of ours takes as long: a connection that hasn't answered by then has been forgotten on its way. ms */
const ANSWER_TIMEOUT_MS = 30_000;
/** How much later a server that says nothing at all is given up. ms */
const SILENCE_MS = 2_000;

/**
 * @param url      PostgreSQL connection string, TCP or `postgres://user@/database?host=/folder/of/socket`
 * @param onError  told of connections that broke, idle or lent; the pool makes new ones by itself
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
    // The server gives up first where it can still say so, and frees the rows of a transaction that nobody will end.
    statement_timeout: answerTimeoutMs,
    idle_in_transaction_session_timeout: answerTimeoutMs,
    query_timeout: answerTimeoutMs === 0 ? 0 : answerTimeoutMs + SILENCE_MS,
  });
  pool.on('error', onError);
  const over = (client: Pick<pg.Pool | pg.PoolClient, 'query'>): Sql => ({
    query: async <Row extends pg.QueryResultRow>(text: string, values?: unknown[], name?: string) => {
      const statement = name === undefined ? { text, values } : { text, values, name };
      return (await client.query<Row>(statement as pg.QueryConfig)).rows;
    },
  });
  return {
    ...over(pool),
    async transaction(work) {
      const client = await pool.connect();
      // A connection that breaks while it is lent tells itself, not the pool: unheard, that would end the process.
      client.on('error', onError);
      const giveBack = (): void => {
        client.off('error', onError);
        client.release();
      };
      try {
        await client.query('begin');
        const result = await work(over(client));
        await client.query('commit');
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
}

function hasGoneSilent(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout';
}
