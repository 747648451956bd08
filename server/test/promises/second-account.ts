// A second account of a started Millrace, for promises about what accounts do to one another: made as the
// operator makes one, by their API. Never touches the first account.
import path from 'node:path';
import { type Database, openDatabase } from '../../src/postgres/database.ts';
import { Customer } from './customer.ts';
import type { Millrace } from './start-millrace.ts';

export type SecondAccount = {
  id: string;
  /** The account id of clients that want one. */
  number: number;
  /** Live, with every permission. */
  token: string;
};

/** The embedded database of a started Millrace: reached by root alone. */
export function embeddedDatabaseOf({ dataDir }: Pick<Millrace, 'dataDir'>): Database {
  const socketDir = encodeURIComponent(path.join(dataDir, 'pg'));
  return openDatabase(`postgres://millrace@localhost/postgres?host=${socketDir}`, () => {}, 2);
}

export async function makeSecondAccount(millrace: Millrace): Promise<SecondAccount> {
  const operator = new Customer(millrace);
  const post = <T>(url: string, body: unknown): Promise<T> =>
    operator.json<T>(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const accounts = '/millrace/v1/operator/accounts';
  const { id, number } = await post<{ id: string; number: number }>(accounts, { name: 'Second owner' });
  const permissions = [{ resource: '*', methods: ['*'] }];
  const { token } = await post<{ token: string }>(`${accounts}/${id}/tokens`, { permissions });
  return { id, number, token };
}
