// A transaction that everything done in it shares, without being handed it: what asks the database there asks
// by its connection, and a transaction inside is a savepoint. So what code writes that knows nothing of it is
// committed together with something else. Called by database.ts alone.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Sql } from './database.ts';

export type Shared = {
  sql: Sql;
  /** As a transaction inside. */
  within<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
};

export type SharedTransactions = {
  /** The one that this is done in; null: none. */
  current(): Shared | null;
  run<T>(sql: Sql, work: (sql: Sql) => Promise<T>): Promise<T>;
};

export function createSharedTransactions(): SharedTransactions {
  const storage = new AsyncLocalStorage<Shared & { isOver: boolean }>();
  return {
    current() {
      const shared = storage.getStore();
      // What was begun in it and goes on behind its end is on its own.
      return shared === undefined || shared.isOver ? null : shared;
    },
    async run(sql, work) {
      let savepoints = 0;
      const shared = {
        ...{ sql, isOver: false },
        within: async <T>(inner: (sql: Sql) => Promise<T>): Promise<T> => {
          savepoints += 1;
          const name = `inner_${savepoints}`;
          await sql.query(`savepoint ${name}`);
          try {
            const result = await inner(sql);
            await sql.query(`release savepoint ${name}`);
            return result;
          } catch (error) {
            await sql.query(`rollback to savepoint ${name}`);
            throw error;
          }
        },
      };
      try {
        return await storage.run(shared, () => work(sql));
      } finally {
        shared.isOver = true;
      }
    },
  };
}
