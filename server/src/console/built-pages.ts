// The console as it was built: which files there are, and how each is sent. Reads the folder once a build,
// and looks for a newer build at most once a second. What isn't in the list can't be asked for: no path of a
// request is ever joined to a folder's. Called by answer-page.ts.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock/clock.ts';

export type Encoding = 'br' | 'gzip' | 'identity';
export type BuiltFile = {
  type: string;
  tag: string;
  /** Whether its name changes with what it holds. */
  isHashed: boolean;
  /** Where it lies, as it is and as the build has compressed it. */
  forms: Partial<Record<Encoding, { file: string; sizeBytes: number }>>;
};
export type BuiltPages = { index: BuiltFile; files: ReadonlyMap<string, BuiltFile> };

/** Written by the build, last: scripts/build-console.mjs. */
const STAMP = 'built-from';
const LOOK_EVERY_MS = 1_000;
const HASHED = '/assets/';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const ENCODED: Readonly<Record<string, Encoding>> = { '.br': 'br', '.gz': 'gzip' };

/** @returns what gives the newest build; null: there is none yet */
export function watchBuiltPages(folder: string, clock: Clock): () => BuiltPages | null {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let stamp = '';
  let pages: BuiltPages | null = null;
  return () => {
    const now = clock();
    if (now - lookedAt < LOOK_EVERY_MS) return pages;
    lookedAt = now;
    const found = stampOf(folder);
    if (found === stamp) return pages;
    pages = found === '' ? null : readBuiltPages(folder, found);
    stamp = found;
    return pages;
  };
}

function stampOf(folder: string): string {
  try {
    const file = path.join(folder, STAMP);
    return `${readFileSync(file, 'utf8')} ${statSync(file).ino}`;
  } catch {
    return '';
  }
}

function readBuiltPages(folder: string, stamp: string): BuiltPages | null {
  const files = new Map<string, BuiltFile>();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of names) {
    const ending = path.extname(file);
    const encoding = ENCODED[ending] ?? 'identity';
    const plain = encoding === 'identity' ? file : file.slice(0, -ending.length);
    const address = `/${path.relative(folder, plain).split(path.sep).join('/')}`;
    const type = TYPES[path.extname(plain)];
    if (type === undefined) continue;
    const known = files.get(address) ?? {
      ...{ type, tag: tagOf(stamp, address), isHashed: address.startsWith(HASHED), forms: {} },
    };
    known.forms[encoding] = { file, sizeBytes: statSync(file).size };
    files.set(address, known);
  }
  const index = files.get('/index.html');
  return index?.forms.identity === undefined ? null : { index, files };
}

function tagOf(stamp: string, address: string): string {
  return `"${createHash('sha256').update(`${stamp} ${address}`).digest('base64url').slice(0, 22)}"`;
}
