// Several reads that must fit one another: all see the database as it was at the first of them. Writes
// nothing.
import type { Database, Sql } from './database.ts';

/** @returns what `read` does. It may ask several things at a time. */
export function readAtOneMoment<T>(
  database: Pick<Database, 'transaction'>,
  read: (sql: Sql) => Promise<T>,
): Promise<T> {
  return database.transaction(async (sql) => {
    await sql.query('set transaction isolation level repeatable read, read only');
    return await read(sql);
  });
}
