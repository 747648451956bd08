// Nothing that was accepted is lost when connections to an external PostgreSQL break, or a claim loses its
// answer.
import { after, before, describe, test } from 'node:test';
import { noJails } from '../promises/start-millrace.ts';
import { DistantDatabase } from './distant-database.ts';

describe('a database elsewhere', { skip: noJails(), timeout: 300_000 }, () => {
  let distant: DistantDatabase;
  before(async () => {
    distant = await DistantDatabase.open();
  });
  after(() => distant?.close());

  test('whose connections all break again and again', (t) =>
    distant.scene.under(t, async (load) => {
      for (let round = 0; round < 10; round += 1) {
        await distant.database.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()',
        );
        await load.further(10);
      }
    }));

  test('whose connection breaks before it says which runs were claimed', (t) =>
    distant.scene.under(t, () => distant.cutAll({ text: 'claim free', at: 'answer', times: 10 })));
});
