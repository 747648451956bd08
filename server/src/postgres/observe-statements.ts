// A database whose statements are timed: from when one is sent until its answer is there, those before it on
// the same connection included. Adds nothing to a database that nobody observes. Called by roles/.
import type { Database, Sql } from './database.ts';

/** @param name of the statement; undefined: it has none */
export type ObserveStatement = (name: string | undefined, ms: number) => void;

export function observeStatements(database: Database, observe: ObserveStatement): Database {
  const timed = (sql: Sql): Sql => ({
    query: async (text, values, name) => {
      const since = performance.now();
      try {
        return await sql.query(text, values, name);
      } finally {
        observe(name, performance.now() - since);
      }
    },
  });
  return {
    ...timed(database),
    transaction: (work) => database.transaction((sql) => work(timed(sql))),
    sharedTransaction: (work) => database.sharedTransaction((sql) => work(timed(sql))),
    close: () => database.close(),
  };
}
