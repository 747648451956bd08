import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DISTRIBUTION } from '../contract/pythons.ts';
import { findPythons } from './find-pythons.ts';

const usual = await findPythons({ PATH: '/usr/bin' });
const own = usual.find(({ prefix }) => prefix === DISTRIBUTION);
const skip = own === undefined && 'this distribution has no Python 3.8 or later';

describe('looking for Pythons', { skip }, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-pythons-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const binary = (): string => path.join(own?.prefix ?? '', own?.binary ?? '');
  /** A folder for PATH with one entry. */
  const place = (name: string, put: (file: string) => void): string => {
    const at = path.join(folder, `${name}-${Math.random()}`);
    mkdirSync(at);
    put(path.join(at, name));
    return at;
  };

  it('tells version, place and what a function needs of it', () => {
    assert.equal(own?.exact.startsWith(`${own.version}.`), true);
    assert.deepEqual([own?.binary, own?.sharedLibrary], [`bin/python${own?.version}`, null]);
    assert.match(own?.standardLibrary ?? '', /^lib(64)?\/python3\.\d+$/);
  });

  it('follows links, and names each version once', async () => {
    const PATH = place('python3.99', (file) => symlinkSync(binary(), file));
    assert.deepEqual(await findPythons({ PATH }), usual);
  });

  it('runs no script: one that chooses a version may choose another later', async () => {
    const said = path.join(folder, 'said');
    const PATH = place('python3.98', (file) => {
      writeFileSync(file, `#!/bin/sh\ntouch ${said}\n`, { mode: 0o755 });
    });
    assert.deepEqual(await findPythons({ PATH }), usual);
    assert.equal(existsSync(said), false);
  });

  it('passes over what is no Python, and what never ends with an answer', async () => {
    const PATH = place('python3.96', (file) => symlinkSync('/bin/false', file));
    assert.deepEqual(await findPythons({ PATH }), usual);
    assert.deepEqual(await findPythons({ PATH: '/nowhere:relative', HOME: 'relative' }), usual);
  });
});
