// The settings of where the master key is kept. Pure; part of config.ts, which reports all problems at once.
import path from 'node:path';
import type { SettingReader } from './setting-reader.ts';

/** A service that opens what it has sealed itself, such as the key of every key. */
export type KeyService = {
  /** Where it opens something. MILLRACE_KEY_SERVICE_URL */
  url: string;
  /** MILLRACE_KEY_SERVICE_TOKEN */
  token: string;
  /** As the service has sealed it. MILLRACE_SEALED_MASTER_KEY */
  sealedKey: string;
};

export type KeySettings = {
  /** 32 bytes; null: kept elsewhere. MILLRACE_MASTER_KEY */
  masterKey: Buffer | null;
  /** null: in the data dir. MILLRACE_MASTER_KEY_FILE */
  masterKeyPath: string | null;
  keyService: KeyService | null;
};

export const KEY_SETTING_NAMES = [
  'MILLRACE_MASTER_KEY',
  'MILLRACE_MASTER_KEY_FILE',
  'MILLRACE_KEY_SERVICE_URL',
  'MILLRACE_KEY_SERVICE_TOKEN',
  'MILLRACE_SEALED_MASTER_KEY',
] as const;

const LOOPBACK = /^(localhost|127\.[0-9.]+|\[::1\])$/;
const MOST_SEALED_CHARACTERS = 8_192;

export function parseKeySettings(
  { text }: Pick<SettingReader, 'text'>,
  workingDir: string,
  problems: string[],
): KeySettings {
  const masterKey = parseMasterKey(text('MILLRACE_MASTER_KEY'), problems);
  const file = text('MILLRACE_MASTER_KEY_FILE');
  const keyService = parseService(text, problems);
  const keepers = [masterKey, file, keyService].filter((keeper) => keeper !== null);
  if (keepers.length > 1) {
    problems.push(
      'MILLRACE_MASTER_KEY, MILLRACE_MASTER_KEY_FILE and MILLRACE_KEY_SERVICE_URL: set one of them',
    );
  }
  return { masterKey, masterKeyPath: file === null ? null : path.resolve(workingDir, file), keyService };
}

function parseMasterKey(value: string | null, problems: string[]): Buffer | null {
  if (value === null) return null;
  const key = Buffer.from(value, 'base64');
  if (key.length !== 32) {
    problems.push(`MILLRACE_MASTER_KEY must be 32 bytes in base64, this is ${key.length} bytes`);
  }
  return key;
}

function parseService(text: SettingReader['text'], problems: string[]): KeyService | null {
  const url = text('MILLRACE_KEY_SERVICE_URL');
  const token = text('MILLRACE_KEY_SERVICE_TOKEN');
  const sealedKey = text('MILLRACE_SEALED_MASTER_KEY');
  if (url === null && token === null && sealedKey === null) return null;
  if (url === null || token === null || sealedKey === null) {
    problems.push(
      'MILLRACE_KEY_SERVICE_URL, MILLRACE_KEY_SERVICE_TOKEN and MILLRACE_SEALED_MASTER_KEY are needed together',
    );
    return null;
  }
  const { protocol, hostname, username, password } = new URL(URL.canParse(url) ? url : 'none:');
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.test(hostname)))
    problems.push('MILLRACE_KEY_SERVICE_URL must be an https address, or an http one of this machine');
  // Errors and the doctor name the address.
  if (username !== '' || password !== '')
    problems.push(
      'MILLRACE_KEY_SERVICE_URL must hold no user and password: MILLRACE_KEY_SERVICE_TOKEN is for them',
    );
  if (sealedKey.length > MOST_SEALED_CHARACTERS)
    problems.push(`MILLRACE_SEALED_MASTER_KEY must have at most ${MOST_SEALED_CHARACTERS} characters`);
  return { url, token, sealedKey };
}
