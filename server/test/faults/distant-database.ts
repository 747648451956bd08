// A fault scene whose PostgreSQL is elsewhere, behind a wire that tests can break: for what happens between
// Millrace and its database.
import assert from 'node:assert/strict';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { type Cut, DatabaseProxy } from './database-proxy.ts';
import { FaultScene } from './fault-scene.ts';
import { sleep } from './load.ts';

const PATIENCE_MS = 60_000;

export class DistantDatabase {
  readonly database: TestDatabase;
  readonly proxy: DatabaseProxy;
  readonly scene: FaultScene;

  private constructor(database: TestDatabase, proxy: DatabaseProxy, scene: FaultScene) {
    this.database = database;
    this.proxy = proxy;
    this.scene = scene;
  }

  static async open(): Promise<DistantDatabase> {
    const database = await openTestDatabase();
    const proxy = await DatabaseProxy.open(database.url);
    const scene = await FaultScene.open({ env: { MILLRACE_DATABASE_URL: proxy.url } });
    return new DistantDatabase(database, proxy, scene);
  }

  /** Resolves when connections were cut at the word as often as wanted. */
  async cutAll(cut: Cut): Promise<void> {
    this.proxy.cutAt(cut);
    for (const giveUpAt = Date.now() + PATIENCE_MS; this.proxy.cuts < cut.times; await sleep(20)) {
      assert.ok(Date.now() < giveUpAt, `${this.proxy.cuts} cuts`);
    }
  }

  async close(): Promise<void> {
    await this.scene.close();
    await this.proxy.close();
    await this.database.close();
  }
}
