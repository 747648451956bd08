// The packages of a layer in a jail: found beside the code, read-only, and never what another has exchanged
// for them. The same in jails built for a function and in blank ones that are given its code.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bundleDir, layerDir } from '../../../contract/paths.ts';
import { Failure } from '../../src/errors/failure.ts';
import { noJails } from '../promises/start-millrace.ts';
import { type BlankWatch, watchBlanks } from './blank-watch.ts';
import {
  Conversation,
  type Installation,
  type Jails,
  makeInstallation,
  openJails,
  startSandbox,
  writeBundle,
} from './jail-fixture.ts';

const skip = noJails();
const ONE_BLANK = { most: 1, budgetMb: 512 };
const FIND = `
  const fs = require('node:fs');
  const write = (act) => { try { act(); return 'done'; } catch (error) { return error.code; } };
  return {
    required: require('found'), imported: (await import('found')).default,
    writes: [() => fs.writeFileSync('/var/node_modules/x', ''), () => fs.unlinkSync('/var/node_modules/found/index.js')].map(write),
  };`;

function writeLayer({ config }: Installation, text: string): string {
  const hash = randomBytes(32).toString('hex');
  const folder = path.join(layerDir(config.dataDir, hash), 'found');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'index.js'), `module.exports = ${JSON.stringify(text)};`);
  return hash;
}

type Use = (jails: Jails, installation: Installation, blanks: BlankWatch) => Promise<void>;

async function withJails(use: Use): Promise<void> {
  const installation = makeInstallation();
  const blanks = watchBlanks();
  const jails = await openJails(installation, { blanks: ONE_BLANK, log: blanks.log });
  try {
    await use(jails, installation, blanks);
  } finally {
    await jails.close();
    installation.remove();
  }
}

/** The first is built for its function, those after it were blank before. */
const BUILT_AND_BLANK = 3;

test('a function finds the packages of its layer, read-only, in whatever jail it comes', {
  skip,
}, async () => {
  await withJails(async ({ driver }, installation, blanks) => {
    const bundleHash = writeBundle(installation, FIND);
    const ids = new Set<boolean>();
    for (let n = 0; n < BUILT_AND_BLANK; n++) {
      const layerHash = writeLayer(installation, `layer ${n}`);
      const id = randomBytes(6).toString('hex');
      const limits = { memoryMb: 256, tmpMb: 64, cpuPercent: 100, pids: 64, openFiles: 256 };
      const sandbox = await driver.start({
        id,
        accountId: '1',
        bundleHash,
        layerHash,
        egressDeny: [],
        engine: 'node-24',
        limits,
      });
      ids.add(sandbox.id === id);
      const { body } = await new Conversation(sandbox).invoke();
      const text = `layer ${n}`;
      assert.deepEqual(body, { required: text, imported: text, writes: ['EROFS', 'EROFS'] });
      await blanks.waiting(n + 1);
      sandbox.kill();
      await sandbox.exited;
    }
    assert.deepEqual([...ids].sort(), [false, true], 'one was built for it, one was blank');
  });
});

test('a function without a layer sees none, in whatever jail it comes', { skip }, async () => {
  await withJails(async ({ driver }, installation, blanks) => {
    const bundleHash = writeBundle(
      installation,
      `return require('node:fs').readdirSync('/var/node_modules')`,
    );
    for (let n = 0; n < BUILT_AND_BLANK; n++) {
      const sandbox = await startSandbox(driver, { bundleHash });
      assert.deepEqual((await new Conversation(sandbox).invoke()).body, []);
      await blanks.waiting(n + 1);
      sandbox.kill();
      await sandbox.exited;
    }
  });
});

test('a layer that is a link to elsewhere, or leads through one, is refused', { skip }, async () => {
  await withJails(async ({ driver }, installation, blanks) => {
    const { dataDir } = installation.config;
    const bundleHash = writeBundle(installation, FIND);
    const elsewhere = path.join(path.dirname(dataDir), 'elsewhere');
    const linked = writeLayer(installation, 'x');
    renameSync(bundleDir(dataDir, linked), elsewhere);
    symlinkSync(elsewhere, bundleDir(dataDir, linked));
    const inner = randomBytes(32).toString('hex');
    mkdirSync(bundleDir(dataDir, inner));
    symlinkSync('/etc', layerDir(dataDir, inner));
    let tries = 0;
    for (const layerHash of [linked, inner, 'a'.repeat(64)]) {
      for (let n = 0; n < 2; n++) {
        await assert.rejects(startSandbox(driver, { bundleHash, layerHash }), Failure);
        tries += 1;
        await blanks.waiting(tries);
      }
    }
  });
});
