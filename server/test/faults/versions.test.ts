// An upgrade without an outage: a node of the former version serves on while one of this version migrates its
// database and joins; both run what either accepted; then the former ends.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { Customer } from '../promises/customer.ts';
import { type Millrace, noJails, startMillrace } from '../promises/start-millrace.ts';
import { DatabaseProxy } from './database-proxy.ts';
import { FaultScene } from './fault-scene.ts';
import { type FormerVersion, findFormer, makeFormer } from './former-version.ts';

const former = findFormer();
const skip = noJails() || (former === null ? 'there is no history to take a former version from' : false);
const CODE = "exports.handler = async () => ({ statusCode: 200, body: 'of the newer' });";

describe(`a node of ${former} and one of this version on one database`, { skip, timeout: 600_000 }, () => {
  let version: FormerVersion;
  let database: TestDatabase;
  let door: DatabaseProxy;
  let scene: FaultScene;
  let newer: Millrace;
  let command: string[];
  const newerDir = mkdtempSync(path.join(tmpdir(), 'millrace-newer-'));
  const env: Record<string, string> = { MILLRACE_MASTER_KEY: randomBytes(32).toString('base64') };

  before(async () => {
    version = makeFormer(former as string);
    database = await openTestDatabase('none');
    // The socket of a test's database is its user's alone.
    door = await DatabaseProxy.open(database.url);
    env.MILLRACE_DATABASE_URL = door.url;
    command = [process.execPath, version.main, 'start'];
    scene = await FaultScene.open({ env, command });
  });
  after(async () => {
    await newer?.stop();
    await scene?.close();
    await door?.close();
    await database?.close();
    version?.remove();
    rmSync(newerDir, { recursive: true, force: true });
  });

  const schema = async (): Promise<number> => {
    const [row] = await database.query<{ newest: number }>('select max(number) as newest from migrations');
    return row?.newest ?? 0;
  };

  test('fail no call and lose nothing, from the migration to the end of the former', async (t) => {
    const old = await schema();
    await scene.under(t, async (load) => {
      newer = await startMillrace({ dataDir: newerDir, env });
      t.diagnostic(`schema ${old} of ${former}, then ${await schema()}`);
      scene.doors = () => [scene.millrace.url, newer.url];
      await load.further(300);
      const fn = await new Customer(newer).uploadCode(CODE);
      const answer = await scene.customer.request(`/func/v1/${fn.id}`);
      assert.deepEqual([answer.status, await answer.text()], [200, 'of the newer']);
      // As a load balancer that asks /readyz.
      scene.doors = () => [newer.url];
      scene.customer = new Customer(newer);
      await load.further(20);
      assert.equal(await scene.millrace.stop(), 0);
      await load.further(100);
      const failed = [...load.answers].filter(([status]) => !/^2/.test(status));
      assert.deepEqual(failed, []);
    });
  });

  test('are not begun again in the other order: the former says that the database is a newer one’s', async () => {
    await assert.rejects(
      scene.start(),
      /the database has schema \d+, this Millrace knows \d+: start a newer/,
    );
  });
});
