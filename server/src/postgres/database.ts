// The only door to PostgreSQL: a pool of connections, queries with parameters, transactions. Knows no table.
import pg from 'pg';

/** Something that runs SQL: the pool, or one connection inside a transaction. Stores take this, never more. */
export interface Sql {
  /** Runs one statement; the rows are what it returns. Values only ever travel as parameters. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
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

/**
 * @param url      PostgreSQL connection string, TCP or `postgres://user@/database?host=/folder/of/socket`
 * @param onError  told of errors on idle connections (the server went away); the pool reconnects by itself
 */
export function openDatabase(url: string, onError: (error: Error) => void): Database {
  const pool = new pg.Pool({ connectionString: url, max: 10, types: types as pg.CustomTypesConfig });
  pool.on('error', onError);
  const over = (client: Pick<pg.Pool | pg.PoolClient, 'query'>): Sql => ({
    query: async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      (await client.query<Row>(text, values)).rows,
  });
  return {
    ...over(pool),
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await work(over(client));
        await client.query('commit');
        client.release();
        return result;
      } catch (error) {
        // A connection that can't even roll back is thrown away with its transaction.
        await client.query('rollback').then(
          () => client.release(),
          (broken: Error) => client.release(broken),
        );
        throw error;
      }
    },
    close: () => pool.end(),
  };
}
