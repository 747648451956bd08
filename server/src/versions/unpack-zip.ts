// Unpacks an uploaded zip into an empty folder, or refuses it and leaves that folder gone. Decides by
// zip-directory.ts and zip-tree.ts before it writes anything; while it writes, it counts what really comes
// out. Never opens zips inside the zip, never writes through a link (links are made last). Called by
// bundle-cache.ts.
import { constants } from 'node:fs';
import { chmod, mkdir, open, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { crc32, createInflateRaw } from 'node:zlib';
import { readZipDirectory, type UnpackLimits, type ZipEntry } from './zip-directory.ts';
import { refuseEntry, refuseZip } from './zip-refusal.ts';
import { checkLinks, growTree } from './zip-tree.ts';

const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;
/** Files written at the same time: as many as the thread pool has hands. */
const WRITERS = 4;

export type Unpacked = { unpackedBytes: number; paths: string[] };

/**
 * @param zip  the whole upload
 * @param dir  does not exist yet; holds the files afterwards: folders 0755, files 0644 or (executables) 0755
 * @returns bytes of all files, and their paths
 * @throws Failure `invalid_input` saying what is wrong and in which entry; `dir` doesn't exist then
 */
export async function unpackZip(zip: Buffer, dir: string, limits: UnpackLimits): Promise<Unpacked> {
  const entries = await readZipDirectory(zip, limits);
  const paths = entries.filter(({ kind }) => kind === 'file').map((entry) => entry.path);
  if (paths.length === 0) refuseZip('it holds no files');
  const tree = growTree(entries, limits);
  const links = await readLinks(zip, entries);
  checkLinks(links);
  await mkdir(dir);
  try {
    await makeFolder(dir);
    // Parents come before their children in this order.
    const folders = [...tree].filter(([, kind]) => kind === 'folder').map(([folder]) => folder);
    for (const folder of folders.sort()) await makeFolder(path.join(dir, folder));
    const unpackedBytes = await writeFiles(zip, dir, entries);
    for (const [link, target] of links) await symlink(target, path.join(dir, link));
    return { unpackedBytes, paths };
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

/** The mode is set apart from the making, because the process's umask has a say in that. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, FOLDER_MODE);
}

async function readLinks(zip: Buffer, entries: readonly ZipEntry[]): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  for (const entry of entries.filter(({ kind }) => kind === 'link')) {
    const chunks: Buffer[] = [];
    for await (const chunk of contents(zip, entry)) chunks.push(chunk);
    links.set(entry.path, Buffer.concat(chunks).toString('utf8'));
  }
  return links;
}

async function writeFiles(zip: Buffer, dir: string, entries: readonly ZipEntry[]): Promise<number> {
  const queue = entries.filter(({ kind }) => kind === 'file').values();
  let unpackedBytes = 0;
  let refused = false;
  const writer = async (): Promise<void> => {
    for (const entry of queue) {
      if (refused) return;
      unpackedBytes += await writeEntry(zip, dir, entry).catch((error: unknown) => {
        refused = true;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: WRITERS }, writer));
  // All writers have stopped by now: nobody writes into a folder that is about to be removed.
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return unpackedBytes;
}

async function writeEntry(zip: Buffer, dir: string, entry: ZipEntry): Promise<number> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(path.join(dir, entry.path), flags, FILE_MODE).catch(
    (error: NodeJS.ErrnoException) => {
      // A file system that folds letters' case, or composes them, knows only one of two names.
      if (error.code === 'EEXIST')
        refuseEntry(entry.named, 'has the same name as another entry on this file system');
      throw error;
    },
  );
  try {
    for await (const chunk of contents(zip, entry)) await file.writeFile(chunk);
    await file.chmod(entry.executable ? EXECUTABLE_MODE : FILE_MODE);
  } finally {
    await file.close();
  }
  return entry.unpackedBytes;
}

/**
 * What an entry holds, piece by piece, never more of it than the directory says.
 * @throws Failure `invalid_input` when it holds less, more or something else than that
 */
export async function* contents(zip: Buffer, entry: ZipEntry): AsyncGenerator<Buffer> {
  let seenBytes = 0;
  let checksum = 0;
  for await (const chunk of decoded(zip, entry)) {
    seenBytes += chunk.length;
    if (seenBytes > entry.unpackedBytes) refuseEntry(entry.named, 'holds more than the directory says');
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (seenBytes < entry.unpackedBytes) refuseEntry(entry.named, 'holds less than the directory says');
  if (checksum !== entry.crc32) refuseEntry(entry.named, 'is damaged: its checksum is wrong');
}

async function* decoded(zip: Buffer, entry: ZipEntry): AsyncGenerator<Buffer> {
  const raw = zip.subarray(entry.dataStart, entry.dataEnd);
  if (!entry.compressed) {
    yield raw;
    return;
  }
  const inflate = createInflateRaw();
  inflate.end(raw);
  try {
    yield* inflate as AsyncIterable<Buffer>;
  } catch (error) {
    refuseEntry(entry.named, `is damaged (${(error as Error).message})`);
  }
}
