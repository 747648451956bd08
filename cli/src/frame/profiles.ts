// The profiles of a person: addresses of installations with a token each, in one file that nobody else can
// read (mode 0600). Called by access.ts and by the commands that sign in and out.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { CliError } from '../cli-error.ts';

export type Profile = { url: string; token: string };
export type Profiles = { current: string | null; profiles: Record<string, Profile> };

type Env = Record<string, string | undefined>;

/** Where they lie: MILLRACE_CONFIG_DIR, or the usual place of the system. */
function profilesFile(env: Env): string {
  const given = env.MILLRACE_CONFIG_DIR ?? '';
  if (given !== '') return path.join(given, 'profiles.json');
  if (process.platform === 'win32' && env.APPDATA) return path.join(env.APPDATA, 'millrace', 'profiles.json');
  const home = env.XDG_CONFIG_HOME || path.join(homedir(), '.config');
  return path.join(home, 'millrace', 'profiles.json');
}

/** @throws CliError `bad_profiles` */
export function readProfiles(env: Env): Profiles {
  const file = profilesFile(env);
  if (!existsSync(file)) return { current: null, profiles: {} };
  try {
    const { current, profiles } = JSON.parse(readFileSync(file, 'utf8')) as Profiles;
    const all = Object.values(profiles);
    if (all.every(({ url, token }) => typeof url === 'string' && typeof token === 'string')) {
      return { current: current ?? null, profiles };
    }
  } catch {
    // Said below.
  }
  throw new CliError('bad_profiles', `${file} holds no profiles`, { next: `rm ${file} && millrace login` });
}

/** Whole or not at all: what was there stays until the new file is. */
export function writeProfiles(env: Env, kept: Profiles): string {
  const file = profilesFile(env);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  chmodSync(beside, 0o600);
  renameSync(beside, file);
  return file;
}
