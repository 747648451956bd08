// The key that seals every account's key. Comes from the configuration, or is made once in the data dir, where only the
// server's own user may read it. Never logged, never in the database. Called once, at the start.

import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomAlphanumeric } from '../ids/ids.ts';
import { KEY_BYTES } from './seal.ts';

const OWNER_ONLY = 0o600;

/** Where the key lies when we made it. */
export function masterKeyFile(dataDir: string): string {
  return path.join(dataDir, 'master.key');
}

/**
 * @param configured MILLRACE_MASTER_KEY, 32 bytes; null: the file in the data dir, made where there is none
 * @throws Error when the file doesn't hold a key
 */
export function openMasterKey(configured: Buffer | null, dataDir: string): Buffer {
  if (configured !== null) return configured;
  const file = masterKeyFile(dataDir);
  const key = readKey(file) ?? makeKey(file);
  if (key.length !== KEY_BYTES) throw new Error(`${file} must hold ${KEY_BYTES} bytes in base64`);
  return key;
}

function readKey(file: string): Buffer | null {
  try {
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
    chmodSync(file, OWNER_ONLY);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Written aside and linked into place: of two starts one wins, and neither reads half a key. */
function makeKey(file: string): Buffer {
  const draft = `${file}.${randomAlphanumeric(8)}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, {
    mode: OWNER_ONLY,
    flag: 'wx',
    flush: true,
  });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  const key = readKey(file);
  if (key === null) throw new Error(`${file} vanished while it was being made`);
  return key;
}
