// Nothing that was accepted is lost when something happens between Millrace and an external PostgreSQL, or
// inside that. database-breaks.test.ts has two more of these faults.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TestDatabase } from '../database/open-test-database.ts';
import { noJails } from '../promises/start-millrace.ts';
import type { Cut } from './database-proxy.ts';
import { DistantDatabase } from './distant-database.ts';
import { sleep } from './load.ts';

describe('a database elsewhere', { skip: noJails(), timeout: 900_000 }, () => {
  let distant: DistantDatabase;
  before(async () => {
    distant = await DistantDatabase.open();
  });
  after(() => distant?.close());

  const cuts: [string, Cut][] = [
    ['as a commit is sent', { text: 'commit', at: 'statement', times: 20 }],
    ['before it says that it has committed', { text: 'commit', at: 'answer', times: 20 }],
    ['before it says whether the lease is renewed', { text: 'renew lease', at: 'answer', times: 3 }],
  ];
  for (const [when, cut] of cuts) {
    test(`whose connection breaks ${when}`, (t) => distant.scene.under(t, () => distant.cutAll(cut)));
  }

  test('that is out of reach for three leases', (t) =>
    distant.scene.under(t, async () => {
      distant.proxy.set('refuse');
      await sleep(6_000);
      distant.proxy.set('pass');
    }));

  test('that says nothing for three leases, and then all of it', (t) =>
    distant.scene.under(t, async () => {
      distant.proxy.set('silence');
      await sleep(6_000);
      distant.proxy.set('pass');
    }));

  test('that takes 100 ms for each answer', (t) =>
    distant.scene.under(t, async (load) => {
      distant.proxy.slowDown(50);
      await load.further(60);
      distant.proxy.slowDown(0);
    }));

  test('whose old connections are forgotten on the way, and never say a word again', (t) =>
    distant.scene.under(t, async () => distant.proxy.forget()));

  test('whose listener is ended, so that nobody is told of anything', (t) =>
    distant.scene.under(t, async (load) => {
      for (let round = 0; round < 10; round += 1) {
        await distant.database.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where query ~* '^(listen .*|select)$'",
        );
        await load.further(10);
      }
    }));

  test('where others lock the rows, and deadlocks are made', (t) =>
    distant.scene.under(t, async (load) => {
      const isOver = { now: false };
      const storms = [1, 2, 3, 4].map(() => lockRows(distant.database, isOver));
      await load.further(150);
      isOver.now = true;
      await Promise.all(storms);
    }));
});

/**
 * Locks runs in an order that is nobody's, holds them, and gives them back: a statement that needs two of
 * them meets a deadlock.
 */
async function lockRows(database: TestDatabase, isOver: { now: boolean }): Promise<void> {
  while (!isOver.now) {
    await database
      .transaction(async (sql) => {
        await sql.query("set local deadlock_timeout = '10ms'");
        for (let rows = 0; rows < 5; rows += 1) {
          await sql.query(
            `select from runs where id = (select id from runs where status in ('queued', 'running') order by random() limit 1)
             for update`,
          );
          await sleep(5);
        }
      })
      .catch((error: { code?: string }) => assert.equal(error.code, '40P01'));
  }
}
