// Nothing that was accepted is lost when connections to an external PostgreSQL break, or a claim loses its answer.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { noJails } from '../promises/start-millrace.ts';
import { DatabaseProxy } from './database-proxy.ts';
import { FaultScene } from './fault-scene.ts';
import { sleep } from './load.ts';

const CUTS = 10;

describe('a database elsewhere', { skip: noJails(), timeout: 300_000 }, () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let scene: FaultScene;
  before(async () => {
    database = await openTestDatabase();
    proxy = await DatabaseProxy.open(database.url);
    scene = await FaultScene.open({ env: { MILLRACE_DATABASE_URL: proxy.url } });
  });
  after(async () => {
    await scene?.close();
    await proxy?.close();
    await database?.close();
  });

  test('whose connections all break again and again', (t) =>
    scene.under(t, async (load) => {
      for (let round = 0; round < 10; round += 1) {
        await database.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()',
        );
        await load.further(10);
      }
    }));

  test('whose connection breaks before it says which runs were claimed', (t) =>
    scene.under(t, async () => {
      proxy.cutAt({ text: 'claim free', at: 'answer', times: CUTS });
      for (const giveUpAt = Date.now() + 60_000; proxy.cuts < CUTS; await sleep(20)) {
        assert.ok(Date.now() < giveUpAt, `${proxy.cuts} cuts`);
      }
    }));
});
