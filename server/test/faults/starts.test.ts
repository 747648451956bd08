// Nothing is lost or half made when a start is interrupted, or made twice.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { Customer } from '../promises/customer.ts';
import { freePort, noJails, startMillrace } from '../promises/start-millrace.ts';
import { DatabaseProxy } from './database-proxy.ts';
import { FaultScene } from './fault-scene.ts';
import { sleep } from './load.ts';

const MAIN = path.resolve(import.meta.dirname, '../../../launcher/main.ts');

/** Starts the program on a data dir and doesn't wait for it. */
async function begin(dataDir: string, env: Record<string, string> = {}) {
  const port = String(await freePort());
  const child = spawn(process.execPath, [MAIN, 'start'], {
    env: { ...process.env, MILLRACE_PORT: port, MILLRACE_DATA_DIR: dataDir, MILLRACE_TLS_PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  return { child, told: () => told, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

async function works(dataDir: string, env: Record<string, string> = {}): Promise<void> {
  const millrace = await startMillrace({ dataDir, env });
  try {
    // An interrupted first start may have made the account, and its token.
    const file = path.join(dataDir, 'first.token');
    const token = existsSync(file) ? readFileSync(file, 'utf8').trim() : millrace.token;
    const customer = new Customer(millrace, token);
    const fn = await customer.uploadCode(
      `exports.handler = async () => ({ statusCode: 200, body: 'well' });`,
    );
    assert.equal(await (await customer.call(fn)).text(), 'well');
  } finally {
    await millrace.stop();
  }
}

describe('a start', { skip: noJails(), timeout: 600_000 }, () => {
  const folders: string[] = [];
  const newFolder = (): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'millrace-fault-'));
    folders.push(folder);
    return folder;
  };
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
  });
  after(async () => {
    await database?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  test('on a data dir that is in use is refused, and disturbs nobody', async (t) => {
    const scene = await FaultScene.open();
    try {
      await scene.under(t, async () => {
        const second = await begin(scene.dataDir);
        assert.equal(await second.ended, 1);
        assert.match(second.told(), /another Millrace \(process \d+\) is running/);
      });
    } finally {
      await scene.close();
    }
  });

  test('of two at once on one new data dir makes one of them run', async () => {
    const folder = newFolder();
    const both = [await begin(folder), await begin(folder)];
    const loser = await Promise.race(both.map((one) => one.ended.then(() => one)));
    assert.match(loser.told(), /another Millrace/);
    const winner = both.find((one) => one !== loser);
    winner?.child.kill('SIGTERM');
    await winner?.ended;
    await works(folder);
  });

  // Twelve starts, six of them first ones.
  test('that is killed at any moment of the first one is made good by the next', {
    timeout: 300_000,
  }, async (t) => {
    const moments = [200, 500, 800, 1_100, 1_400, 1_800];
    for (const ms of moments) {
      const folder = newFolder();
      const { child, ended } = await begin(folder);
      await sleep(ms);
      process.kill(child.pid as number, 'SIGKILL');
      await ended;
      await works(folder);
    }
    t.diagnostic(`killed after ${moments.join(', ')} ms`);
  });

  test('whose migrations are cut off one after the other goes on where they were', async (t) => {
    await database.query('create database cut_off');
    const proxy = await DatabaseProxy.open(database.url);
    const env = { MILLRACE_DATABASE_URL: proxy.url.replace(/postgres$/, 'cut_off') };
    const folder = newFolder();
    let starts = 0;
    try {
      for (const at of ['statement', 'answer', 'statement', 'answer'] as const) {
        proxy.cutAt({ text: 'insert into migrations', at, times: 1 });
        const { ended } = await begin(folder, env);
        assert.equal(await ended, 1);
        starts += 1;
      }
      proxy.cutAt({ text: 'nothing', at: 'answer', times: 0 });
      await works(folder, env);
    } finally {
      await proxy.close();
    }
    t.diagnostic(`${starts} starts were cut off`);
  });

  test('of two nodes at once on one new database makes it once', async () => {
    await database.query('create database shared');
    const proxy = await DatabaseProxy.open(database.url);
    const env = {
      MILLRACE_DATABASE_URL: proxy.url.replace(/postgres$/, 'shared'),
      MILLRACE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    const nodes = await Promise.all([1, 2].map(() => startMillrace({ dataDir: newFolder(), env })));
    try {
      const [first, second] = nodes.map((node) => new Customer(node));
      const fn = await first?.uploadCode(
        `exports.handler = async () => ({ statusCode: 200, body: 'well' });`,
      );
      assert.equal((await second?.request(`/func/v1/${fn?.id}`))?.status, 200);
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
      await proxy.close();
    }
  });
});
