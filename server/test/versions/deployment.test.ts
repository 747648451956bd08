// Deploying with a real PostgreSQL and a real disk: what is kept, what is shared, and that nothing is left of
// what fails.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import { bundleDir } from '../../../contract/paths.ts';
import type { World } from '../../src/accounts/account.ts';
import { setOwnBounds } from '../../src/accounts/account-bounds-store.ts';
import { insertAccount } from '../../src/accounts/account-store.ts';
import { Failure } from '../../src/errors/failure.ts';
import { USUAL_SETTINGS } from '../../src/functions/function.ts';
import { openFunctionDirectory } from '../../src/functions/function-directory.ts';
import { CHANGE_CHANNEL, type NewFunction, renewSandboxes } from '../../src/functions/function-store.ts';
import { newFunctionId } from '../../src/ids/ids.ts';
import { type BundleCache, openBundleCache } from '../../src/versions/bundle-cache.ts';
import { type Deployment, openDeployment, PLAIN_BUILD } from '../../src/versions/deployment.ts';
import { listVersions } from '../../src/versions/version-store.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { buildZip } from './build-zip.ts';

const LIMITS = { unpackedBytes: 100_000, unpackedEntries: 50, bundleCacheMb: 100 };
const WORLD: World = { accountId: 'AA0001', mode: 'live' };
const zipOf = (content: string): Buffer => buildZip([{ name: 'index.js', content }]);
const BUILD = { handler: 'index.handler', runtime: 'nodejs20.x', ...PLAIN_BUILD };

let database: TestDatabase;
let dataDir: string;
let bundles: BundleCache;
let deployment: Deployment;
let changed: string[];

const openCache = (bootId = 'boot 1'): BundleCache =>
  openBundleCache({ sql: database, dataDir, limits: LIMITS, bootId, log: pino({ level: 'silent' }) });

before(async () => {
  database = await openTestDatabase();
  await insertAccount(database, { id: 'AA0001', alias: 'a', sealedKey: Buffer.alloc(1) });
});
after(() => database?.close());

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-deploy-'));
  bundles = openCache();
  await bundles.sweep();
  changed = [];
  deployment = openDeployment({ database, bundles, onChanged: (id) => changed.push(id) });
});
afterEach(async () => {
  for (const table of ['functions', 'bundles', 'value_revisions'])
    await database.query(`delete from ${table}`);
  rmSync(dataDir, { recursive: true, force: true });
});

function newFunction(part: Partial<NewFunction> = {}): NewFunction {
  return {
    ...WORLD,
    ...{ id: newFunctionId(), dialect: 'any', name: 'a function', description: null, enabled: true },
    ...{ timeoutMs: 1000, memoryMb: 128, reuse: 'warm', concurrency: 1, sealedVariables: null },
    ...USUAL_SETTINGS,
    ...part,
  };
}

const create = (content = 'a', part: Partial<NewFunction> = {}) =>
  deployment.create(newFunction(part), BUILD, { zip: zipOf(content), filename: 'a.zip' });
const folders = (): string[] => readdirSync(path.join(dataDir, 'bundles')).filter((name) => name !== '.boot');
const rows = async (table: string): Promise<number> =>
  (await database.query<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n ?? -1;

const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Failure && error.code === code;

describe('a deployment', () => {
  it('leaves no row and no folder when the database refuses the function', async () => {
    const made = newFunction({ id: 'taken' });
    await deployment.create(made, BUILD, { zip: zipOf('first'), filename: 'a.zip' });
    const before = folders();
    await assert.rejects(
      deployment.create(made, BUILD, { zip: zipOf('second'), filename: 'a.zip' }),
      /duplicate key/,
    );
    await assert.rejects(create('third', { accountId: 'nobody' }), /foreign key/);
    assert.deepEqual(folders(), before);
    assert.deepEqual([await rows('functions'), await rows('versions'), await rows('bundles')], [1, 1, 1]);
    assert.deepEqual(changed, ['taken']);
  });

  it('leaves nothing of code for a function that is not there', async () => {
    const change = deployment.change(WORLD, 'missing', { code: { zip: zipOf('x'), filename: 'x.zip' } });
    await assert.rejects(change, hasCode('not_found'));
    assert.deepEqual([folders(), await rows('bundles')], [[], 0]);
  });

  it('activates an earlier version and gives running sandboxes notice', async () => {
    const { id } = await create('a');
    const second = await deployment.change(WORLD, id, { code: { zip: zipOf('b'), filename: 'b.zip' } });
    const back = await deployment.activate(WORLD, id, 1);
    assert.deepEqual([second.version, back.version, back.filename], [2, 1, 'a.zip']);
    assert.ok(back.revision > second.revision);
    await assert.rejects(deployment.activate(WORLD, id, 3), hasCode('not_found'));
    assert.deepEqual((await deployment.change(WORLD, id, { handler: 'x.y' })).version, 3);
  });

  it('activates no version whose runtime has one run at a time while several are set', async () => {
    const { id } = await create('a');
    await deployment.change(WORLD, id, { runtime: 'python3.11' });
    await deployment.change(WORLD, id, { runtime: 'nodejs22.x', concurrency: 5 });
    await assert.rejects(deployment.activate(WORLD, id, 2), hasCode('invalid_input'));
    await deployment.change(WORLD, id, { concurrency: 1 });
    assert.equal((await deployment.activate(WORLD, id, 2)).runtime, 'python3.11');
  });

  it('keeps the newest versions that its account may have, the active one, and those that a run waits for', async () => {
    await setOwnBounds(database, WORLD.accountId, { function_versions: 2 });
    const { id } = await create('1');
    await deployment.change(WORLD, id, { code: { zip: zipOf('2'), filename: 'a.zip' } });
    await database.query(
      `insert into runs (id, account_id, mode, function_id, version, pinned_version, trigger, cause, status, node, memory_mb,
         created_at)
       values (gen_random_uuid(), $1, 'live', $2, 1, 1, 'direct', '{}', 'queued', '', 128, now())`,
      [WORLD.accountId, id],
    );
    for (const content of ['3', '4', '5'])
      await deployment.change(WORLD, id, { code: { zip: zipOf(content), filename: 'a.zip' } });
    const numbers = async () => (await listVersions(database, WORLD, id)).map(({ number }) => number);
    assert.deepEqual([await numbers(), await rows('bundles')], [[5, 4, 1], 3]);
    await deployment.activate(WORLD, id, 4);
    await database.query('delete from runs');
    for (const content of ['6', '7'])
      await deployment.change(WORLD, id, { code: { zip: zipOf(content), filename: 'a.zip' } });
    assert.deepEqual([await numbers(), await rows('bundles')], [[7, 6], 2]);
    await setOwnBounds(database, WORLD.accountId, { function_versions: null });
  });

  it('gives all functions of a world new sandboxes by one row, however many there are', async () => {
    const { id } = await create('1');
    await database.query(
      `insert into functions (id, account_id, mode, dialect, name, timeout_ms, memory_mb, reuse, concurrency, active_version)
       select 'f' || n, $1, 'live', 'any', 'f' || n, 1000, 128, 'warm', 1, 1 from generate_series(1, 400) n`,
      [WORLD.accountId],
    );
    const { id: other } = await create('1', { dialect: 'other' });
    const opened = { variables: {}, secretNames: [] };
    const directory = openFunctionDirectory({ sql: database, openVariables: () => opened, capacity: 10 });
    const revisions = async () => [
      (await directory.find(id))?.revision,
      (await directory.find(other))?.revision,
    ];
    const written = () =>
      database.query<{ xmin: string }>('select xmin::text from functions where account_id = $1 order by id', [
        WORLD.accountId,
      ]);
    const before = await written();
    assert.deepEqual(await revisions(), [1, 1]);
    await renewSandboxes(database, WORLD, ['any']);
    directory.forgetWorld('test/AA0001');
    assert.deepEqual(await revisions(), [1, 1], 'another world was meant');
    directory.forgetWorld('live/AA0001');
    assert.deepEqual(await revisions(), [2, 1]);
    assert.deepEqual(await written(), before);
    assert.equal(await rows('value_revisions'), 1);
    assert.equal((await deployment.change(WORLD, id, { memoryMb: 512 })).revision, 3);
    assert.equal((await deployment.change(WORLD, id, { description: 'x' })).revision, 3);
  });

  it('raises the revision for what a sandbox holds and not for what it does not', async () => {
    const { id } = await create();
    const revision = async (change: Parameters<Deployment['change']>[2]): Promise<number> =>
      (await deployment.change(WORLD, id, change)).revision;
    assert.equal(await revision({ description: 'x', timeoutMs: 5, enabled: false }), 1);
    assert.equal(await revision({ reseal: (stored) => stored }), 1);
    assert.equal(await revision({ memoryMb: 512 }), 2);
    assert.equal(await revision({ memoryMb: 512 }), 2);
    assert.equal(await revision({ reseal: () => Buffer.from('sealed') }), 3);
    assert.equal(await revision({ name: 'y' }), 4);
    assert.equal(await revision({ reuse: 'none' }), 5);
  });

  it('survives functions with the same code coming and going at once', async () => {
    const live = async (): Promise<void> => {
      const { id } = await create('shared');
      await deployment.change(WORLD, id, { code: { zip: zipOf('shared too'), filename: 'b.zip' } });
      await deployment.remove(WORLD, id);
    };
    await Promise.all(Array.from({ length: 16 }, live));
    assert.deepEqual([await rows('functions'), await rows('bundles')], [0, 0]);
  });

  it('tells other nodes of every change, once it is committed', async () => {
    const listener = new pg.Client({ connectionString: database.url });
    await listener.connect();
    const heard: (string | undefined)[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload));
    await listener.query(`listen ${CHANGE_CHANNEL}`);
    try {
      const { id } = await create();
      await assert.rejects(create('b', { accountId: 'nobody' }));
      await deployment.change(WORLD, id, { name: 'y' });
      await deployment.remove(WORLD, id);
      // A notification arrives before the answer of any statement that begins after it was committed.
      await listener.query('select 1');
      assert.deepEqual(heard, [id, id, id]);
    } finally {
      await listener.end();
    }
  });
});

describe('the bundle cache', () => {
  it('unpacks again what is missing on disk, once for all who ask at once', async () => {
    const { bundleHash } = await create('again');
    rmSync(bundleDir(dataDir, bundleHash), { recursive: true });
    const other = openCache();
    const dirs = await Promise.all([other.ensure(bundleHash), other.ensure(bundleHash)]);
    assert.deepEqual(new Set(dirs), new Set([bundleDir(dataDir, bundleHash)]));
    assert.equal(readFileSync(path.join(dirs[0], 'index.js'), 'utf8'), 'again');
    assert.deepEqual(folders(), [bundleHash]);
  });

  it('says not_found for code that nobody holds', async () => {
    await assert.rejects(bundles.ensure('0'.repeat(64)), hasCode('not_found'));
  });

  it('lets two caches publish the same code', async () => {
    const [one, two] = await Promise.all([
      bundles.receive(zipOf('same')),
      openCache().receive(zipOf('same')),
    ]);
    await Promise.all([one.publish(), two.publish()]);
    assert.deepEqual(folders(), [one.hash]);
  });

  it('removes at the start what a killed process left and what no version holds', async () => {
    const { bundleHash } = await create('kept');
    mkdirSync(path.join(dataDir, 'bundles/.incoming-killed/half'), { recursive: true });
    mkdirSync(path.join(dataDir, 'bundles', 'f'.repeat(64)));
    await openCache().sweep();
    assert.deepEqual(folders(), [bundleHash]);
  });

  it('trusts no folder from before the machine was restarted', async () => {
    const { bundleHash } = await create('whole');
    // What a power cut may leave: the rename on disk, the file's bytes not.
    writeFileSync(path.join(bundleDir(dataDir, bundleHash), 'index.js'), '');
    const rebooted = openCache('boot 2');
    await rebooted.sweep();
    assert.deepEqual(folders(), []);
    const dir = await rebooted.ensure(bundleHash);
    assert.equal(readFileSync(path.join(dir, 'index.js'), 'utf8'), 'whole');
    await openCache('boot 2').sweep();
    assert.deepEqual(folders(), [bundleHash]);
  });
});

describe('the function directory', () => {
  const openDirectory = (capacity = 10) => {
    let opened = 0;
    const directory = openFunctionDirectory({
      sql: database,
      openVariables: (fn) => {
        opened += 1;
        return { variables: { SEALED: fn.sealedVariables?.toString() ?? '' }, secretNames: [] };
      },
      capacity,
    });
    return { directory, opened: () => opened };
  };

  it('loads once for all who ask at once, then answers from memory', async () => {
    const { id } = await create('a', { sealedVariables: Buffer.from('x') });
    const { directory, opened } = openDirectory();
    assert.equal(directory.peek(id), undefined);
    const [one, two] = await Promise.all([directory.find(id), directory.find(id)]);
    assert.equal(one, two);
    assert.equal(directory.peek(id), one);
    assert.equal(await directory.find(id), one);
    assert.equal(opened(), 1);
    assert.deepEqual(one?.variables, { SEALED: 'x' });
    assert.equal(one !== null && 'sealedVariables' in one, false);
  });

  it('keeps nothing about ids that do not exist', async () => {
    const { directory } = openDirectory();
    assert.equal(await directory.find('later'), null);
    await create('a', { id: 'later' });
    assert.equal((await directory.find('later'))?.id, 'later');
  });

  it('does not keep what was read before it was told to forget', async () => {
    const { id } = await create();
    const { directory } = openDirectory();
    const early = directory.find(id);
    await deployment.change(WORLD, id, { name: 'new' });
    directory.forget(id);
    const late = directory.find(id);
    await early;
    assert.equal((await late)?.name, 'new');
    assert.equal(directory.peek(id)?.name, 'new');
    directory.forgetAll();
    assert.equal(directory.peek(id), undefined);
  });

  it('lets go of the function that was not called for longest', async () => {
    const ids = await Promise.all([create(), create(), create()]).then((made) => made.map(({ id }) => id));
    const [a, b, c] = ids as [string, string, string];
    const { directory } = openDirectory(2);
    await directory.find(a);
    await directory.find(b);
    directory.peek(a);
    await directory.find(c);
    assert.deepEqual(
      [a, b, c].map((id) => directory.peek(id) !== undefined),
      [true, false, true],
    );
  });
});
