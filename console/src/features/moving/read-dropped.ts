// What was dropped or chosen, read and told apart: an import file, a site of HubSpot's (a theme, a folder of
// functions, or a zip of one), or code of one function. Bounded before it is read. Called by moving-page.tsx.
import { unzipSync, zipSync } from 'fflate';

export type Dropped =
  | { kind: 'file'; name: string; text: string }
  /** `dest`: the folder that its files go to; empty: the zip's own paths. */
  | { kind: 'site'; name: string; zip: Uint8Array<ArrayBuffer>; dest: string }
  | { kind: 'code'; name: string; zip: Uint8Array<ArrayBuffer>; paths: readonly string[] };

/** As the server takes them. */
export const MOST_BYTES = 50 * 1024 * 1024;
export const MOST_FILES = 5_000;
const LEFT_OUT = /(^|\/)(node_modules|\.git|\.DS_Store)(\/|$)/;

export class TooMuch extends Error {}

type File_ = { path: string; file: File };

/** @throws TooMuch */
export async function readDropped(items: DataTransferItemList): Promise<Dropped | null> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((one) => one !== null);
  const files: File_[] = [];
  for (const entry of entries) await collect(entry, files);
  return await tellApart(files);
}

/** @throws TooMuch */
export async function readChosen(chosen: FileList): Promise<Dropped | null> {
  const files = [...chosen].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return await tellApart(files.filter(({ path }) => !LEFT_OUT.test(path)));
}

async function collect(entry: FileSystemEntry, files: File_[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (LEFT_OUT.test(path)) return;
  if (files.length >= MOST_FILES) throw new TooMuch();
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
    files.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A hundred at a time, until there is none.
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return;
    for (const one of some) await collect(one, files);
  }
}

async function tellApart(files: readonly File_[]): Promise<Dropped | null> {
  const [first] = files;
  if (first === undefined) return null;
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  if (files.length > MOST_FILES || bytes > MOST_BYTES) throw new TooMuch();
  if (files.length === 1 && /\.zip$/i.test(first.path)) {
    const zip = new Uint8Array(await first.file.arrayBuffer());
    return ofZip(first.file.name.replace(/\.zip$/i, ''), zip);
  }
  if (files.length === 1 && /\.(json|jsonc|txt)$/i.test(first.path)) {
    return { kind: 'file', name: first.file.name, text: await first.file.text() };
  }
  return await ofFolder(files);
}

function ofZip(name: string, zip: Uint8Array<ArrayBuffer>): Dropped {
  const paths: string[] = [];
  unzipSync(zip, {
    filter: ({ name: path }) => {
      if (!path.endsWith('/')) paths.push(path);
      return false;
    },
  });
  if (!isSite(paths)) return { kind: 'code', name, zip, paths };
  return { kind: 'site', name, zip, dest: paths.includes('serverless.json') ? folderName(name) : '' };
}

async function ofFolder(files: readonly File_[]): Promise<Dropped> {
  const root = files[0]?.path.split('/')[0] ?? '';
  const isOne = files.every(({ path }) => path.startsWith(`${root}/`));
  // A folder of functions is named in the paths; of all others, what is in it counts.
  const isKept = !isOne || /\.functions$/.test(root);
  const zipped: Record<string, Uint8Array> = {};
  for (const { path, file } of files) {
    const own = isKept ? path : path.slice(root.length + 1);
    zipped[own] = new Uint8Array(await file.arrayBuffer());
  }
  const paths = Object.keys(zipped);
  const zip = zipSync(zipped) as Uint8Array<ArrayBuffer>;
  const name = isOne ? root : (files[0]?.file.name ?? '');
  if (!isSite(paths)) return { kind: 'code', name, zip, paths };
  return { kind: 'site', name, zip, dest: paths.includes('serverless.json') ? folderName(name) : '' };
}

function isSite(paths: readonly string[]): boolean {
  return paths.some((path) => /(^|\/)serverless\.json$|\.functions\/|-hsmeta\.json$/.test(path));
}

function folderName(name: string): string {
  return name.endsWith('.functions') ? name : `${name}.functions`;
}
