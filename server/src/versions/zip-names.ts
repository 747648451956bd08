// What path an entry's name means, or why it is refused. Pure. Called by zip-directory.ts.
import { isUtf8 } from 'node:buffer';
import yauzl from 'yauzl';
import { refuseEntry } from './zip-refusal.ts';

/** Linux's own limit for one name in a folder. */
const SEGMENT_BYTES = 255;
/** Half of Linux's PATH_MAX, since the bundle's own folder comes before it. */
const PATH_BYTES = 2048;

/** General purpose flag: the name is UTF-8 (APPNOTE.TXT 4.4.4, bit 11). */
const FLAG_UTF8 = 0x800;
/** `version made by`, upper byte: systems whose separator is the backslash (MS-DOS, OS/2, NTFS, VFAT). */
const BACKSLASH_HOSTS = new Set([0, 6, 10, 11, 14]);

export type NameSource = Pick<
  yauzl.Entry,
  'fileNameRaw' | 'generalPurposeBitFlag' | 'extraFields' | 'versionMadeBy'
>;

/**
 * The name as text. The rule says code page 437 unless the flag says UTF-8, but macOS and others write UTF-8
 * without the flag: what is valid UTF-8 is taken as such.
 */
function entryName(entry: NameSource): string {
  if (isUtf8(entry.fileNameRaw)) return entry.fileNameRaw.toString('utf8');
  const name = yauzl.getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields,
    true,
  );
  if ((entry.generalPurposeBitFlag & FLAG_UTF8) !== 0) refuseEntry(name, 'has a name that is not UTF-8');
  return name;
}

/**
 * The path inside the bundle, `/` between its segments, none at its end; empty for the bundle's own folder
 * (`./`). Windows' own zipper (.NET before 4.6.1, PowerShell 5) separates by backslashes: they are read as it
 * meant them.
 * @throws Failure `invalid_input` for every name that could mean something outside the bundle
 */
export function entryPath(entry: NameSource): { path: string; named: string; endsInSlash: boolean } {
  const named = entryName(entry);
  const name = BACKSLASH_HOSTS.has(entry.versionMadeBy >> 8) ? named.replaceAll('\\', '/') : named;
  const problem = nameProblem(name);
  if (problem !== null) refuseEntry(named, problem);
  const path = name
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
  return { path, named, endsInSlash: name.endsWith('/') };
}

function nameProblem(name: string): string | null {
  if (name === '') return 'has no name';
  // The bundle's own folder, as some tools call it.
  if (name === '/') return null;
  if (name.includes('\0')) return 'has a NUL character in its name';
  if (name.startsWith('/')) return 'has an absolute name';
  if (/^[A-Za-z]:/.test(name)) return 'begins with a drive letter';
  if (name.includes('\\')) return 'has a backslash in its name';
  if (Buffer.byteLength(name) > PATH_BYTES) return `has a name of more than ${PATH_BYTES} bytes`;
  const segments = name.split('/');
  if (segments.includes('..')) return 'leads out of the zip with ".."';
  if (segments.some((segment) => Buffer.byteLength(segment) > SEGMENT_BYTES)) {
    return `has a file or folder name of more than ${SEGMENT_BYTES} bytes`;
  }
  return null;
}
