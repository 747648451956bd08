// Where launcher and supervisor keep what Node has made of their sources: stripping types takes more memory
// than running them does, and it is never given back. Root runs what lies there, so it is used only where
// nobody else can write it. Called by start.mjs. Runs on any Node >= 18.
import { lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';

const OTHERS_MAY_WRITE = 0o022;

/** @returns settings of the process that is started; none where there is no safe place */
export function compileCacheSettings(root) {
  const build = path.join(root, 'build');
  const folder = path.join(build, 'compile-cache');
  try {
    mkdirSync(build, { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return [build, folder].every(isOurs) ? { NODE_COMPILE_CACHE: folder } : {};
  } catch {
    // A clone that may only be read.
    return {};
  }
}

function isOurs(folder) {
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & OTHERS_MAY_WRITE) === 0;
}
