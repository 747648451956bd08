import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { masterKeyFile, openMasterKey } from './master-key.ts';

describe('master key', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-key-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const mode = () => statSync(masterKeyFile(dataDir)).mode & 0o777;

  test('is made once, readable by its owner alone, and found again', () => {
    const key = openMasterKey(null, dataDir);
    assert.equal(key.length, 32);
    assert.equal(mode(), 0o600);
    assert.deepEqual(readdirSync(dataDir), ['master.key']);
    assert.deepEqual(openMasterKey(null, dataDir), key);
  });

  test('is taken from the configuration without writing anything', () => {
    const configured = Buffer.alloc(32, 7);
    assert.equal(openMasterKey(configured, dataDir), configured);
    assert.deepEqual(readdirSync(dataDir), []);
  });

  test("is taken out of others' reach when its file was opened up", () => {
    openMasterKey(null, dataDir);
    chmodSync(masterKeyFile(dataDir), 0o644);
    openMasterKey(null, dataDir);
    assert.equal(mode(), 0o600);
  });

  test('of another length is refused, and its file left alone', () => {
    writeFileSync(masterKeyFile(dataDir), 'c2hvcnQ=\n');
    assert.throws(() => openMasterKey(null, dataDir), /must hold 32 bytes in base64/);
    assert.equal(statSync(masterKeyFile(dataDir)).size, 9);
  });
});
