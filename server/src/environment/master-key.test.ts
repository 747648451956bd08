import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type KeyPlace, makeMasterKey, masterKeyFile, openMasterKey } from './master-key.ts';

describe('master key', () => {
  let dataDir: string;
  let place: KeyPlace;
  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-key-'));
    place = { masterKey: null, dataDir, operatorDataDir: '/srv/of-the-operator' };
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const mode = () => statSync(masterKeyFile(dataDir)).mode & 0o777;

  test('is made once, readable by its owner alone, and found again', () => {
    const key = makeMasterKey(place);
    assert.equal(key.length, 32);
    assert.equal(mode(), 0o600);
    assert.deepEqual(readdirSync(dataDir), ['master.key']);
    assert.deepEqual(makeMasterKey(place), key);
    assert.deepEqual(openMasterKey(place), key);
  });

  test('is taken from the configuration without writing anything', () => {
    const masterKey = Buffer.alloc(32, 7);
    assert.equal(openMasterKey({ ...place, masterKey }), masterKey);
    assert.equal(makeMasterKey({ ...place, masterKey }), masterKey);
    assert.deepEqual(readdirSync(dataDir), []);
  });

  test("is taken out of others' reach when its file was opened up", () => {
    makeMasterKey(place);
    chmodSync(masterKeyFile(dataDir), 0o644);
    openMasterKey(place);
    assert.equal(mode(), 0o600);
  });

  test('that is missing is said to be, by the path that its operator knows, and none is made', () => {
    assert.throws(() => openMasterKey(place), /^Error: \/srv\/of-the-operator\/master\.key is missing/);
    assert.deepEqual(readdirSync(dataDir), []);
  });

  for (const text of [
    'c2hvcnQ=\n',
    '',
    'not base64 at all, and much too long for a key of thirty-two bytes\n',
  ]) {
    test(`of ${text.length} characters that are no key is refused, and its file left alone`, () => {
      writeFileSync(masterKeyFile(dataDir), text);
      for (const open of [openMasterKey, makeMasterKey]) {
        assert.throws(() => open(place), /of-the-operator\/master\.key must hold 32 bytes in base64/);
      }
      assert.equal(statSync(masterKeyFile(dataDir)).size, text.length);
    });
  }

  test('that can not be read is told with the reason', () => {
    mkdirSync(masterKeyFile(dataDir));
    for (const open of [openMasterKey, makeMasterKey]) {
      assert.throws(() => open(place), /of-the-operator\/master\.key can't be read \(EISDIR\)/);
    }
  });
});
