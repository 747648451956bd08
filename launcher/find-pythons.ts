// Looks for the CPythons of this machine where people have them: PATH, the distribution, pyenv, uv. Asks each
// what it is. Runs and reports only what root, or the user that starts Millrace, owns alone. Called by the
// launcher, once, before anything serves.
import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { DISTRIBUTION, type FoundPython, minorOf } from '../contract/pythons.ts';
import { canonical, isOwned, listed } from './found-places.ts';

/** The oldest that Millrace runs functions on. */
const OLDEST_PYTHON_MINOR = 8;

const PROBE_TIMEOUT_MS = 10_000;
const NAME = /^python3\.[0-9]{1,2}$/;
/** A build without the lock that one thread holds at a time calls itself 3.13t: it is another engine. */
const PROBE = `import os, sys
print(sys.implementation.name, sys.version_info[0], sys.version_info[1], sys.version_info[2], getattr(sys, "abiflags", ""), sep="\\n")
print(os.path.realpath(sys.base_prefix), os.path.realpath(os.path.dirname(os.__file__)), sep="\\n")`;

/** @param env of the process that looks: PATH and HOME @returns one for each version, oldest first */
export async function findPythons(env: NodeJS.ProcessEnv): Promise<FoundPython[]> {
  const binaries = new Set(foldersOf(env).flatMap(binariesIn).map(canonical).filter(isTrusted));
  const found = await Promise.all([...binaries].map(probe));
  const best = new Map<string, FoundPython>();
  for (const python of found) {
    if (python === null) continue;
    const other = best.get(python.version);
    if (other === undefined || isBetter(python, other)) best.set(python.version, python);
  }
  return [...best.values()].sort((one, other) => minorOf(one.version) - minorOf(other.version));
}

function foldersOf({ PATH = '', HOME }: NodeJS.ProcessEnv): string[] {
  const below = (folder: string): string[] => listed(folder).map((name) => path.join(folder, name, 'bin'));
  return [
    ...PATH.split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    ...['/usr/bin', '/usr/local/bin'],
    ...below('/opt'),
    ...below('/opt/python'),
    ...(HOME === undefined || !path.isAbsolute(HOME)
      ? []
      : [...below(path.join(HOME, '.pyenv/versions')), ...below(path.join(HOME, '.local/share/uv/python'))]),
  ];
}

function binariesIn(folder: string): string[] {
  const names = listed(folder).filter((name) => NAME.test(name));
  return names.map((name) => path.join(folder, name));
}

/**
 * Whether nobody but root and this user can have put it there, and it is a program and no script that chooses
 * one.
 */
function isTrusted(file: string): boolean {
  try {
    return isOwned(file) && firstBytes(file) !== '#!';
  } catch {
    return false;
  }
}

function firstBytes(file: string): string {
  const bytes = Buffer.alloc(2);
  const opened = openSync(file, 'r');
  readSync(opened, bytes, 0, 2, 0);
  closeSync(opened);
  return bytes.toString('latin1');
}

/** @returns null when it is none, or none that can be used */
async function probe(binary: string): Promise<FoundPython | null> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['-I', '-S', '-c', PROBE], {
      ...{ timeout: PROBE_TIMEOUT_MS, cwd: '/', env: {} },
    });
    return readProbe(binary, stdout.split('\n'));
  } catch {
    return null;
  }
}

function readProbe(binary: string, lines: readonly string[]): FoundPython | null {
  const [name, major, minor, patch, abi, prefix = '', standardLibrary = ''] = lines;
  const isUsable = name === 'cpython' && major === '3' && Number(minor) >= OLDEST_PYTHON_MINOR && abi === '';
  const isInside = [binary, standardLibrary].every((place) => place.startsWith(`${prefix}/`));
  if (!isUsable || !isInside || ![prefix, standardLibrary].every(isOwned)) return null;
  const below = (place: string): string => path.relative(prefix, place);
  const version = `3.${minor}`;
  const library = path.join(prefix, 'lib', `libpython${version}.so.1.0`);
  return {
    ...{ version, exact: `${version}.${patch}`, prefix },
    ...{ binary: below(binary), standardLibrary: below(standardLibrary) },
    sharedLibrary: prefix !== DISTRIBUTION && isFile(library) ? below(library) : null,
  };
}

function isFile(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isFile() === true;
}

/** The distribution's is kept up to date by the distribution. */
function isBetter(one: FoundPython, other: FoundPython): boolean {
  if (one.prefix === DISTRIBUTION || other.prefix === DISTRIBUTION) return one.prefix === DISTRIBUTION;
  return one.exact.localeCompare(other.exact, 'en', { numeric: true }) > 0;
}
