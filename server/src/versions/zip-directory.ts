// Reads the directory of an uploaded zip and believes none of it: every entry is compared with its own local
// header, with the others and with the file's bounds. Writes nothing. Called by unpack-zip.ts.
import yauzl from 'yauzl';
import { Failure } from '../errors/failure.ts';
import { entryPath } from './zip-names.ts';
import { refuseEntry, refuseZip } from './zip-refusal.ts';
import { withoutTail } from './zip-tail.ts';

export type ZipEntry = {
  /** As in {@link entryPath}. */
  path: string;
  /** As the zip spells it: for people. */
  named: string;
  kind: 'file' | 'folder' | 'link';
  executable: boolean;
  compressed: boolean;
  /** Where its bytes lie in the zip. */
  dataStart: number;
  dataEnd: number;
  headerStart: number;
  unpackedBytes: number;
  crc32: number;
};

export type UnpackLimits = { unpackedBytes: number; unpackedEntries: number };

const FLAG_ENCRYPTED = 0x1;
const FLAG_DESCRIPTOR = 0x8;
const FLAG_MASKED = 0x2000;
const STORED = 0;
const DEFLATED = 8;
/** In the 32-bit fields: the real number is in the zip64 extra field. */
const ELSEWHERE = 0xffffffff;
/** A path that a link holds can't be longer (Linux's PATH_MAX, without its NUL). */
const LINK_BYTES = 4095;

const CENTRAL_HEADER = 0x02014b50;

/**
 * @param zip  the whole upload
 * @returns its entries in the directory's order, the bundle's own folder (`./`) left out
 * @throws Failure `invalid_input`
 */
export async function readZipDirectory(zip: Buffer, limits: UnpackLimits): Promise<ZipEntry[]> {
  try {
    return await readChecked(zip, limits);
  } catch (error) {
    if (error instanceof Failure) throw error;
    // All is in memory: whatever else fails here, fails for what the zip says.
    refuseZip(`it is not a whole, well-formed zip file (${(error as Error).message})`, { cause: error });
  }
}

async function readChecked(zip: Buffer, limits: UnpackLimits): Promise<ZipEntry[]> {
  const file = await yauzl.fromBufferPromise(withoutTail(zip), {
    decodeStrings: false,
    // Sizes are compared with what really comes out (unpack-zip.ts); a folder may name one and hold nothing.
    validateEntrySizes: false,
  });
  if (file.entryCount > limits.unpackedEntries) {
    refuseZip(`it has more than ${limits.unpackedEntries} entries`, {
      facts: { limitEntries: limits.unpackedEntries },
    });
  }
  // The cursor is a number whatever the type declaration says; before the first entry it is the directory's
  // start.
  const directoryStart = Number(file.readEntryCursor);
  const entries: ZipEntry[] = [];
  let total = 0;
  for await (const found of file.eachEntry()) {
    const entry = await readEntry(file, found);
    total += entry.unpackedBytes;
    if (total > limits.unpackedBytes) {
      refuseZip(`unpacked it is larger than ${limits.unpackedBytes} bytes`, {
        facts: { limitBytes: limits.unpackedBytes },
      });
    }
    entries.push(entry);
  }
  checkDirectoryEnd(zip, Number(file.readEntryCursor));
  checkOverlaps(entries, directoryStart);
  return entries.filter((entry) => entry.path !== '');
}

async function readEntry(file: yauzl.ZipFile, found: yauzl.Entry): Promise<ZipEntry> {
  const { path, named, endsInSlash } = entryPath(found);
  const kind = entryKind(found, named, endsInSlash);
  checkFlags(found, named);
  if (kind === 'folder' && found.uncompressedSize > 0 && found.compressedSize > 0)
    refuseEntry(named, 'is a folder with content');
  if (path === '' && kind !== 'folder') refuseEntry(named, 'has no name');
  if (kind === 'link' && found.uncompressedSize > LINK_BYTES)
    refuseEntry(named, 'is a link of impossible length');
  const local = await file.readLocalFileHeaderPromise(found).catch((error: Error) => {
    refuseEntry(named, `can't be read (${error.message})`);
  });
  checkLocalHeader(found, local, named);
  return {
    path,
    named,
    kind,
    executable: ((found.externalFileAttributes >>> 16) & 0o111) !== 0,
    compressed: found.compressionMethod === DEFLATED,
    dataStart: local.fileDataStart,
    dataEnd: local.fileDataStart + found.compressedSize,
    headerStart: found.relativeOffsetOfLocalHeader,
    unpackedBytes: kind === 'folder' ? 0 : found.uncompressedSize,
    crc32: found.crc32,
  };
}

/**
 * File types of Unix (`S_IFMT`), in the upper half of the external attributes; 0 where the zip comes from
 * elsewhere.
 */
function entryKind(entry: yauzl.Entry, named: string, endsInSlash: boolean): ZipEntry['kind'] {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  switch (type) {
    case 0:
    case 0o100000:
      return endsInSlash ? 'folder' : 'file';
    case 0o040000:
      return 'folder';
    case 0o120000:
      return endsInSlash ? refuseEntry(named, 'is a link and a folder at once') : 'link';
    default:
      return refuseEntry(named, 'is a device, pipe or socket');
  }
}

function checkFlags(entry: yauzl.Entry, named: string): void {
  if ((entry.generalPurposeBitFlag & (FLAG_ENCRYPTED | FLAG_MASKED)) !== 0)
    refuseEntry(named, 'is encrypted');
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    refuseEntry(named, `is compressed by method ${entry.compressionMethod}; only deflate is known here`);
  }
}

/** Two readers of a zip whose headers differ would see two different files; so such a zip is refused. */
function checkLocalHeader(entry: yauzl.Entry, local: yauzl.LocalFileHeader, named: string): void {
  const differs = (what: string): never =>
    refuseEntry(named, `has another ${what} in the directory than in its header`);
  if (!local.fileName.equals(entry.fileNameRaw)) differs('name');
  if (local.compressionMethod !== entry.compressionMethod) differs('compression method');
  if (((local.generalPurposeBitFlag ^ entry.generalPurposeBitFlag) & FLAG_ENCRYPTED) !== 0)
    differs('encryption');
  // With a data descriptor the header may leave the numbers open, as zero.
  const open = (local.generalPurposeBitFlag & FLAG_DESCRIPTOR) !== 0;
  const same = (mine: number, theirs: number): boolean => mine === theirs || (open && mine === 0);
  const sameSize = (mine: number, theirs: number): boolean => same(mine, theirs) || mine === ELSEWHERE;
  if (!sameSize(local.compressedSize, entry.compressedSize)) differs('compressed size');
  if (!sameSize(local.uncompressedSize, entry.uncompressedSize)) differs('size');
  if (!same(local.crc32, entry.crc32)) differs('checksum');
}

/** After as many entries as the zip says it has, no further one may follow: other readers would see it. */
function checkDirectoryEnd(zip: Buffer, cursor: number): void {
  if (cursor + 4 <= zip.length && zip.readUInt32LE(cursor) === CENTRAL_HEADER) {
    refuseZip('its directory holds more entries than it says');
  }
}

/** Entries that share bytes are how a small zip becomes an endless one. */
function checkOverlaps(entries: readonly ZipEntry[], directoryStart: number): void {
  const inOrder = entries.toSorted((a, b) => a.headerStart - b.headerStart);
  let end = 0;
  for (const entry of inOrder) {
    if (entry.headerStart < end) refuseEntry(entry.named, 'overlaps another entry');
    if (entry.dataEnd > directoryStart) refuseEntry(entry.named, "overlaps the zip's directory");
    end = entry.dataEnd;
  }
}
