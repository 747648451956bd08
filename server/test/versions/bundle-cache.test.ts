// The cache of unpacked code with a real PostgreSQL and a real disk: what leaves it, what stays, and what
// comes back.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { bundleDir, bundlesDir } from '../../../contract/paths.ts';
import { insertAccount } from '../../src/accounts/account-store.ts';
import { USUAL_SETTINGS } from '../../src/functions/function.ts';
import { newFunctionId } from '../../src/ids/ids.ts';
import { type BundleCache, openBundleCache } from '../../src/versions/bundle-cache.ts';
import { startBundleTidier } from '../../src/versions/bundle-tidier.ts';
import { type Deployment, openDeployment, PLAIN_BUILD } from '../../src/versions/deployment.ts';
import { keepMounted } from '../../src/versions/mounted-bundles.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { buildZip } from './build-zip.ts';

const MIB = 1024 * 1024;
const WORLD = { accountId: 'AA0001', mode: 'live' } as const;
const log = pino({ level: 'silent' });

describe('the cache of unpacked code', () => {
  let database: TestDatabase;
  let dataDir: string;
  let bundles: BundleCache;
  let deployment: Deployment;

  before(async () => {
    database = await openTestDatabase();
    await insertAccount(database, { id: 'AA0001', alias: 'a', sealedKey: Buffer.alloc(1) });
  });
  after(() => database?.close());
  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-cache-'));
    await open(100);
  });
  afterEach(async () => {
    for (const table of ['functions', 'bundles']) await database.query(`delete from ${table}`);
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function open(bundleCacheMb: number): Promise<void> {
    const limits = { unpackedBytes: 10 * MIB, unpackedEntries: 50, bundleCacheMb };
    bundles = openBundleCache({ sql: database, dataDir, limits, bootId: 'this boot', log });
    await bundles.sweep();
    deployment = openDeployment({ database, bundles, onChanged: () => {} });
  }

  /** @returns the function's id and its bundle's hash */
  async function create(content: string): Promise<{ id: string; hash: string }> {
    const id = newFunctionId();
    const zip = buildZip([{ name: 'index.js', content }]);
    const { bundleHash } = await deployment.create(
      {
        ...{ ...WORLD, id, dialect: 'any', name: 'a function', description: null, enabled: true },
        ...{ timeoutMs: 1000, memoryMb: 128, reuse: 'warm', concurrency: 1, sealedVariables: null },
        ...USUAL_SETTINGS,
      },
      { handler: 'index.handler', runtime: 'nodejs20.x', ...PLAIN_BUILD },
      { zip, filename: 'a.zip' },
    );
    return { id, hash: bundleHash };
  }
  const folders = (): string[] => readdirSync(bundlesDir(dataDir)).filter((name) => name !== '.boot');
  const large = (letter: string): string => letter.repeat(2 * MIB);

  it('loses the code of a deleted function while the server runs', async () => {
    const kept = await create('kept');
    for (let round = 0; round < 3; round += 1) {
      const { id } = await create(`gone ${round}`);
      await deployment.remove(WORLD, id);
    }
    assert.equal(folders().length, 4);
    await bundles.tidy();
    assert.deepEqual(folders(), [kept.hash]);
  });

  it('keeps code that is held until it is let go, deleted or not', async () => {
    const { id, hash } = await create('held');
    const [first, second] = [bundles.hold(hash), bundles.hold(hash)];
    await deployment.remove(WORLD, id);
    await bundles.tidy();
    first();
    first();
    await bundles.tidy();
    assert.deepEqual(folders(), [hash]);
    second();
    await bundles.tidy();
    assert.deepEqual(folders(), []);
  });

  it('stays within its limit on disk: the longest unused goes and comes back when it is asked for', async () => {
    await open(5);
    const made = [];
    for (const letter of ['a', 'b', 'c', 'd']) {
      made.push(await create(large(letter)));
      await bundles.ensure((made[0] as { hash: string }).hash);
    }
    await bundles.tidy();
    const [a, b, , d] = made.map(({ hash }) => hash) as [string, string, string, string];
    assert.deepEqual(folders().sort(), [a, d].sort());
    const dir = await bundles.ensure(b);
    assert.equal(readFileSync(path.join(dir, 'index.js'), 'utf8'), large('b'));
    assert.equal(existsSync(bundleDir(dataDir, d)), true);
  });

  it('makes room by itself when more and more is uploaded', async () => {
    await open(5);
    for (let round = 0; round < 8; round += 1) await create(large(String(round)));
    assert.ok(folders().length <= 4, `${folders().length} folders of 2 MiB`);
  });

  it('counts what an earlier life left, and lets that go first', async () => {
    const first = await create(large('a'));
    const second = await create(large('b'));
    await open(5);
    await bundles.ensure(first.hash);
    const third = await create(large('c'));
    await bundles.tidy();
    assert.deepEqual(folders().sort(), [first.hash, third.hash].sort());
    assert.equal(existsSync(bundleDir(dataDir, second.hash)), false);
  });

  it('gives a whole folder to whoever asks while it is being removed', async () => {
    await open(1);
    const { hash } = await create(large('a'));
    for (let round = 0; round < 20; round += 1) {
      const tidying = bundles.tidy();
      const letGo = bundles.hold(hash);
      const dir = await bundles.ensure(hash);
      await tidying;
      assert.equal(readFileSync(path.join(dir, 'index.js'), 'utf8').length, 2 * MIB);
      letGo();
    }
  });

  it('is tidied once by the service at its start, and no more after its end', async () => {
    const { id } = await create('gone');
    await deployment.remove(WORLD, id);
    await startBundleTidier({ bundles, log }).stop();
    assert.deepEqual(folders(), []);
  });

  it('keeps the code of a sandbox from before its start until after its end', async () => {
    const { id, hash } = await create('mounted');
    const { promise: exited, resolve: exit } = Promise.withResolvers<void>();
    const seen: string[][] = [];
    const start = keepMounted(
      {
        start: async (_: { bundleHash: string; layerHash: string | null }) => {
          await bundles.tidy();
          seen.push(folders());
          return { exited };
        },
      },
      bundles,
    );
    await bundles.tidy();
    await start({ bundleHash: hash, layerHash: null });
    await deployment.remove(WORLD, id);
    await bundles.tidy();
    assert.deepEqual([seen, folders()], [[[hash]], [hash]]);
    exit();
    await exited;
    await bundles.tidy();
    assert.deepEqual(folders(), []);
  });

  it('lets go of the code of a sandbox that could not be started', async () => {
    const { id, hash } = await create('never');
    const start = keepMounted(
      {
        start: (_: { bundleHash: string; layerHash: string | null }): Promise<{ exited: Promise<void> }> =>
          Promise.reject(new Error('no')),
      },
      bundles,
    );
    await assert.rejects(start({ bundleHash: hash, layerHash: null }), /^Error: no$/);
    await deployment.remove(WORLD, id);
    await bundles.tidy();
    assert.deepEqual(folders(), []);
  });
});
