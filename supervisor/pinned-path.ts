// Opens what the server names by hash or version and makes sure that it lies where it must: the server owns
// those folders, and a symbolic link in them must not make root show a stranger's code some other file.
// Called by jail.ts.
import { closeSync, constants, existsSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';

export type PinnedPath = {
  /** Canonical path at the moment of opening. */
  path: string;
  /** Open on it; stays the same file whatever happens to the path. */
  descriptor: number;
  close(): void;
};

/**
 * @param root canonical folder that the path must lie in
 * @param relative path below it, made of checked parts
 * @throws Error when it isn't there, or is or leads through a symbolic link
 */
export function pinPath(root: string, relative: string, kind: 'directory' | 'file'): PinnedPath {
  const expected = path.join(root, relative);
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const descriptor = openSync(expected, kind === 'directory' ? flags | constants.O_DIRECTORY : flags);
  const actual = readlinkSync(`/proc/self/fd/${descriptor}`);
  if (actual !== expected) {
    closeSync(descriptor);
    throw new Error(`${expected} leads to ${actual}`);
  }
  return { path: expected, descriptor, close: () => closeSync(descriptor) };
}

/** Canonical form of a path whose last parts may not exist yet. */
export function canonicalPath(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  return path.join(canonicalPath(path.dirname(file)), path.basename(file));
}
