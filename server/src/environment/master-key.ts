// The key that seals every account's key. Comes from the configuration, or is made once, for a new database,
// in the data dir, where only the server's own user may read it. Never made for a database that was sealed
// with another, never logged, never in the database. Called at the start, and by `npm run token`.

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

export type KeyPlace = {
  /** MILLRACE_MASTER_KEY, 32 bytes; null: the key lies in the data dir. */
  masterKey: Buffer | null;
  dataDir: string;
  /** The data dir as its operator knows it: what errors name. */
  operatorDataDir: string;
};

/**
 * The key of a database that was sealed with one.
 * @throws Error when it is missing, can't be read or is no key
 */
export function openMasterKey(place: KeyPlace): Buffer {
  const key = place.masterKey ?? readKey(place);
  if (key !== null) return key;
  throw new Error(
    `${shownFile(place)} is missing, and this database was sealed with it. Put it back from a backup, or set ` +
      'MILLRACE_MASTER_KEY to the key. No new key was made: it could not open what is in the database',
  );
}

/**
 * The same for a new database, which nothing was sealed in yet: a key is made where there is none.
 * @throws Error when it can't be read or is no key
 */
export function makeMasterKey(place: KeyPlace): Buffer {
  return place.masterKey ?? readKey(place) ?? makeKey(place);
}

function shownFile(place: KeyPlace): string {
  return masterKeyFile(place.operatorDataDir);
}

function readKey(place: KeyPlace): Buffer | null {
  const file = masterKeyFile(place.dataDir);
  let key: Buffer;
  try {
    key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
    chmodSync(file, OWNER_ONLY);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new Error(
      `${shownFile(place)} can't be read (${code}): it must be a file of mode 0600 that belongs to the owner of its folder`,
    );
  }
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${shownFile(place)} must hold ${KEY_BYTES} bytes in base64, and holds ${key.length}: put it back from a backup`,
  );
}

/** Written aside and linked into place: of two starts one wins, and neither reads half a key. */
function makeKey(place: KeyPlace): Buffer {
  const file = masterKeyFile(place.dataDir);
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
  const key = readKey(place);
  if (key === null) throw new Error(`${file} vanished while it was being made`);
  return key;
}
