// Who keeps the master key where it isn't in the data dir: the environment, a file of the operator's, or a
// service that opens what it has sealed. Asked once, at the start of each of the server's processes; the key
// is in memory from then on, and never written. Called by main.ts.
import { readFileSync } from 'node:fs';
import type { KeyService, KeySettings } from '../config/key-settings.ts';
import { KEY_BYTES } from './seal.ts';

export type KeyKeeper = {
  /** As errors name it. */
  told: string;
  /** @throws Error in words for the operator; never with what was opened */
  open(): Promise<Buffer>;
};

const PATIENCE_MS = 15_000;
const MOST_ANSWER_CHARACTERS = 64 * 1024;

/** null: the data dir keeps it (master-key.ts), as the one keeper that makes one. */
export function keeperOf({ masterKey, masterKeyPath, keyService }: KeySettings): KeyKeeper | null {
  if (masterKeyPath !== null) return fileKeeper(masterKeyPath);
  if (keyService !== null) return serviceKeeper(keyService);
  return masterKey === null ? null : { told: 'MILLRACE_MASTER_KEY', open: async () => masterKey };
}

/** @returns the settings with the key in them, from their keeper. @throws Error as its keeper does */
export async function withMasterKey<Settings extends KeySettings>(settings: Settings): Promise<Settings> {
  const keeper = keeperOf(settings);
  if (keeper === null) return settings;
  const masterKey = await keeper.open();
  if (masterKey.length === KEY_BYTES) return { ...settings, masterKey };
  throw new Error(`${keeper.told}: must hold ${KEY_BYTES} bytes in base64, and holds ${masterKey.length}`);
}

function fileKeeper(file: string): KeyKeeper {
  const told = `MILLRACE_MASTER_KEY_FILE (${file})`;
  return {
    told,
    open: async () => {
      try {
        return Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
      } catch (error) {
        throw new Error(`${told} can't be read (${(error as NodeJS.ErrnoException).code})`);
      }
    },
  };
}

/** `{"ciphertext"}` is answered with `{"data": {"plaintext"}}`: the key in base64. */
function serviceKeeper({ url, token, sealedKey }: KeyService): KeyKeeper {
  const told = `MILLRACE_KEY_SERVICE_URL (${url})`;
  return {
    told,
    open: async () => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ ciphertext: sealedKey }),
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      }).catch((error: Error) => {
        throw new Error(`${told} does not answer: ${reasonOf(error)}`);
      });
      if (!answer.ok) throw new Error(`${told} refuses to open the key: it answers ${answer.status}`);
      return plaintextOf(await answer.text(), told);
    },
  };
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Nothing of the answer is shown: it may be the key. */
function plaintextOf(text: string, told: string): Buffer {
  try {
    if (text.length > MOST_ANSWER_CHARACTERS) throw new Error('too long');
    const { data } = JSON.parse(text) as { data: { plaintext: unknown } };
    if (typeof data.plaintext === 'string') return Buffer.from(data.plaintext, 'base64');
  } catch {
    // Said below.
  }
  throw new Error(`${told} answers without data.plaintext`);
}
