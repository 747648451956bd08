// What Node has made of the sources of launcher and supervisor is kept for their next start
// (scripts/compile-cache.mjs says where, and why). Only these two use it: what they start would write to a
// folder of root's, or run what another has written. Called by their main.ts.
import { flushCompileCache, getCompileCacheDir } from 'node:module';
import path from 'node:path';

const SETTING = 'NODE_COMPILE_CACHE';

/** Keeps what is loaded by now, and hands the folder on to nothing that this process starts. */
export function keepCompiled(): void {
  delete process.env[SETTING];
  flushCompileCache();
}

/** @returns the setting for a process that shares it; none where there is no such folder */
export function sharedCompileCache(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  // Node's own name for this version and user comes last.
  return folder === undefined ? {} : { [SETTING]: path.dirname(folder) };
}
