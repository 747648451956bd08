// A place on a real disk to unpack zips in, for the tests beside this, with a file outside that no zip may
// touch.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { Failure } from '../../src/errors/failure.ts';
import { unpackZip } from '../../src/versions/unpack-zip.ts';
import type { Part } from './build-zip.ts';

export const LIMITS = { unpackedBytes: 1_000_000, unpackedEntries: 100 };
export const SENTINEL = 'nobody may write here';

export let root: string;
export let folders = 0;
before(() => {
  root = mkdtempSync(path.join(tmpdir(), 'millrace-unpack-'));
  writeFileSync(path.join(root, 'sentinel'), SENTINEL);
});
after(() => rmSync(root, { recursive: true, force: true }));

/** @returns the folder that the zip was unpacked into */
export async function unpack(zip: Buffer, limits = LIMITS): Promise<string> {
  folders += 1;
  const dir = path.join(root, `out${folders}`, 'bundle');
  mkdirSync(path.dirname(dir));
  await unpackZip(zip, dir, limits);
  return dir;
}

export async function refuses(zip: Buffer, reason: RegExp, limits = LIMITS): Promise<void> {
  await assert.rejects(unpack(zip, limits), (error: unknown) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, 'invalid_input');
    assert.equal(error.field, 'file');
    assert.match(error.message, /^The zip can't be used: /);
    assert.match(error.message, reason);
    return true;
  });
  assert.deepEqual(readdirSync(path.join(root, `out${folders}`)), []);
  assert.equal(readFileSync(path.join(root, 'sentinel'), 'utf8'), SENTINEL);
}

export function tree(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
}

export const ok: Part = { name: 'index.js', content: 'exports.handler = 1;' };
