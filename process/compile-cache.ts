// What Node has made of the sources of launcher and supervisor is kept for their next start
// (scripts/compile-cache.mjs says where, and why); what it has made of the server's lies ready for it
// (scripts/compile-server.mjs). No others are given either: what they start would write to a folder of
// root's, or run what another has written. Called by their main.ts and the launchers.
import { lstatSync, readdirSync, symlinkSync } from 'node:fs';
import { flushCompileCache, getCompileCacheDir } from 'node:module';
import path from 'node:path';

const SETTING = 'NODE_COMPILE_CACHE';
/** Counts from the folder: the server sees it, and the sources, below another place. */
const PORTABLE = 'NODE_COMPILE_CACHE_PORTABLE';
const SERVER_FOLDER = 'build/server-code';
const OTHERS_MAY_WRITE = 0o022;

/** Keeps what is loaded by now, and hands the folder on to nothing that this process starts. */
export function keepCompiled(): void {
  handNoneOn();
  flushCompileCache();
}

export function handNoneOn(): void {
  delete process.env[SETTING];
  delete process.env[PORTABLE];
}

/** @returns the setting for a process that shares it; none where there is no such folder */
export function sharedCompileCache(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  // Node's own name for this version and user comes last.
  return folder === undefined ? {} : { [SETTING]: path.dirname(folder) };
}

/**
 * For the server, who may read there and not write.
 * @param home where the program lies
 * @param reader who the server runs as, and where it finds the program
 * @returns its settings; none where nothing lies ready, or where others may have written it
 */
export function serverCompileCache(
  home: string,
  { uid, app }: { uid: number; app: string },
): Record<string, string> {
  const folder = path.join(home, SERVER_FOLDER);
  try {
    if (![path.dirname(folder), folder].every(isOurs)) return {};
    openTo(uid, folder);
  } catch {
    return {};
  }
  return { [SETTING]: path.join(app, SERVER_FOLDER), [PORTABLE]: '1' };
}

/** Node keeps a folder for each user that compiles: the server's user is shown ours. */
function openTo(uid: number, folder: string): void {
  const own = process.getuid?.();
  if (uid === own) return;
  const names = readdirSync(folder);
  for (const name of names.filter((one) => one.endsWith(`-${own}`))) {
    const shown = name.replace(/\d+$/, String(uid));
    if (!names.includes(shown)) symlinkSync(name, path.join(folder, shown));
  }
}

function isOurs(folder: string): boolean {
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & OTHERS_MAY_WRITE) === 0;
}
