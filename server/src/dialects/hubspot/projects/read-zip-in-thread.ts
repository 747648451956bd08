// Reads the zips that this dialect's users send, in a thread: a few kilobytes unpack to megabytes of text,
// and how long it takes to make sense of that is the sender's choice. Keeps nothing and asks no database.
// Called by the import and by projects' builds.
import { fail } from '../../../errors/failure.ts';
import { jobOf } from '../../../threads/job.ts';
import type { Threads } from '../../../threads/thread-pool.ts';
import { readZipFiles } from '../../../versions/read-zip-files.ts';
import type { UnpackLimits } from '../../../versions/zip-directory.ts';
import { functionsFolderOf } from '../catalog/file-path.ts';
import { type FolderReport, findMentions, type Mention, reportFolder } from './moving-report.ts';
import { type PackedFiles, packFiles, unpackFiles } from './packed-files.ts';
import { functionFolders, readProjectFunctions, type SourceFile } from './project-functions.ts';
import { type ProjectSource, readProjectZip, SKIPPED } from './project-source.ts';

/** `limits` has these members alone: it is handed to a thread. */
type Wish = { zip: Uint8Array; limits: UnpackLimits & { fileBytes: number } };
export type ImportRequest = Wish & { dest: string; isDryRun: boolean };
export type ProjectRequest = Wish & { root: string };

type Told = {
  reports: FolderReport[];
  remarks: string[];
  mentions: Mention[];
};
export type ImportReading = Told & {
  /** What is to be kept: nothing in a dry run. */
  files: SourceFile[];
};

const IMPORT = jobOf(import.meta.url, readImport);
const PROJECT = jobOf(import.meta.url, readProject);
/** Of the report of a zip, as JSON: hundreds of folders have some hundred kilobytes. */
const MOST_TOLD = 4 * 1024 * 1024;

/**
 * @throws Failure `invalid_input`; `payload_too_large` for what takes too long to be read, or to be reported
 */
export async function readImportZip(
  threads: Threads,
  accountId: string,
  wanted: ImportRequest,
): Promise<ImportReading> {
  const { files, ...told } = await threads.run(IMPORT, accountId, wanted);
  return { ...told, files: unpackFiles(files) };
}

/** @throws Failure as {@link readProjectZip} does; `payload_too_large` for what takes too long to be read */
export async function readProjectInThread(
  threads: Threads,
  accountId: string,
  wanted: ProjectRequest,
): Promise<ProjectSource> {
  const { files, folders, remarks } = await threads.run(PROJECT, accountId, wanted);
  const all = unpackFiles(files);
  let at = 0;
  const entries = folders.map(({ folder, count }) => {
    at += count;
    return [folder, all.slice(at - count, at)] as const;
  });
  return { folders: new Map(entries), remarks };
}

/** Runs in the thread. */
export async function readImport({
  zip,
  dest,
  limits,
  isDryRun,
}: ImportRequest): Promise<Told & { files: PackedFiles }> {
  const found = await readZipFiles(bufferOf(zip), limits, (path) => !SKIPPED.test(path));
  const placed = found.map(({ path, content }) => ({
    path: dest === '' ? path : `${dest}/${path}`,
    content,
  }));
  const { files, remarks } = readProjectFunctions(placed, limits.unpackedEntries);
  const folders = functionFolders(files);
  if (folders.size === 0) {
    fail('invalid_input', {
      message:
        'the zip holds no .functions folder; if it holds the inside of one, name the folder: ?dest=my.functions',
    });
  }
  const reports = [...folders].map(([folder, within]) =>
    reportFolder(
      folder,
      within.map(({ path, content }) => ({ name: path.slice(folder.length + 1), content })),
    ),
  );
  const mentions = findMentions(files.filter(({ path }) => functionsFolderOf(path) === null));
  const told = { reports, remarks, mentions };
  requireTellable(told);
  return { ...told, files: packFiles(isDryRun ? [] : [...folders.values()].flat()) };
}

type ProjectAnswer = {
  files: PackedFiles;
  /** How many of the files are whose, in their order. */
  folders: { folder: string; count: number }[];
  remarks: string[];
};

/** Runs in the thread. */
export async function readProject({ zip, root, limits }: ProjectRequest): Promise<ProjectAnswer> {
  const { folders, remarks } = await readProjectZip(bufferOf(zip), root, limits);
  requireTellable(remarks);
  return {
    files: packFiles([...folders.values()].flat()),
    folders: [...folders].map(([folder, files]) => ({ folder, count: files.length })),
    remarks,
  };
}

function requireTellable(told: unknown): void {
  if (JSON.stringify(told).length <= MOST_TOLD) return;
  fail('payload_too_large', {
    message: `what there is to say of the zip has more than ${MOST_TOLD} characters: send some of its folders at a time`,
    facts: { limitBytes: MOST_TOLD },
  });
}

/** Bytes cross as a plain Uint8Array. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
