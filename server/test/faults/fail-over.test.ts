// The machine of the primary PostgreSQL is gone, its standby takes its place: nothing that was acknowledged
// is lost, and Millrace goes on by itself.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { Standby } from '../database/standby.ts';
import { noJails } from '../promises/start-millrace.ts';
import { DatabaseProxy } from './database-proxy.ts';
import { FaultScene } from './fault-scene.ts';
import { childrenOf } from './processes.ts';

describe('a PostgreSQL whose standby takes its place', { skip: noJails(), timeout: 300_000 }, () => {
  let primary: TestDatabase;
  let standby: Standby;
  /** What follows the primary, as the address that an operator of PostgreSQL gives. */
  let address: DatabaseProxy;
  let scene: FaultScene;

  before(async () => {
    primary = await openTestDatabase();
    address = await DatabaseProxy.open(primary.url);
    scene = await FaultScene.open({ env: { MILLRACE_DATABASE_URL: address.url } });
    standby = await Standby.of(primary);
  });
  after(async () => {
    await scene?.close();
    await address?.close();
    await standby?.close();
    await primary?.close();
  });

  test('loses nothing that was acknowledged, and Millrace serves again by itself', (t) =>
    scene.under(t, async (load) => {
      await load.further(100);
      const [pid = ''] = readFileSync(path.join(primary.clusterDir, 'postmaster.pid'), 'utf8').split('\n');
      for (const one of [Number(pid), ...childrenOf(Number(pid))]) process.kill(one, 'SIGKILL');
      address.set('refuse');
      await standby.promote();
      address.lead(standby.url);
      address.set('pass');
      await load.further(200);
    }));
});
