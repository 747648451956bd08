// The functions in a project's zip, as `.functions` folders at the place where they are live. Pure but for
// the reading of the zip; runs in a thread (read-zip-in-thread.ts).
import { posix } from 'node:path';
import { fail } from '../../../errors/failure.ts';
import { readZipFiles } from '../../../versions/read-zip-files.ts';
import type { UnpackLimits } from '../../../versions/zip-directory.ts';
import { functionFolders, readProjectFunctions, type SourceFile } from './project-functions.ts';

export type ProjectSource = {
  /** By folder; only those that make endpoints. */
  folders: Map<string, SourceFile[]>;
  /** What is in it and is not called by URL: for people. */
  remarks: string[];
};

export const SKIPPED = /(^|\/)(\.[^/]*|__MACOSX|package-lock\.json)(\/|$)|\.log$/;

/**
 * @param root what stands before every path
 * @throws Failure `invalid_input` for a bad zip, or where nothing is in it that is called by URL
 */
export async function readProjectZip(
  zip: Buffer,
  root: string,
  limits: UnpackLimits & { fileBytes: number },
): Promise<ProjectSource> {
  const found = await readZipFiles(zip, limits, (path) => !SKIPPED.test(path));
  const { files, remarks } = readProjectFunctions(found, limits.unpackedEntries);
  const folders = new Map<string, SourceFile[]>();
  for (const [folder, within] of functionFolders(files)) {
    if (!within.some(({ path }) => posix.basename(path) === 'serverless.json')) continue;
    folders.set(
      `${root}/${folder}`,
      within.map(({ path, content }) => ({ path: `${root}/${path}`, content })),
    );
  }
  if (folders.size === 0) {
    const why = 'The project has no app function with an endpoint: nothing in it is called by URL.';
    fail('invalid_input', { message: [why, ...remarks].join(' ') });
  }
  requireSizes([...folders.values()].flat(), limits.fileBytes);
  return { folders, remarks };
}

function requireSizes(files: readonly SourceFile[], limitBytes: number): void {
  const large = files.find(({ content }) => content.length > limitBytes);
  if (large === undefined) return;
  fail('payload_too_large', {
    message: `${large.path} has ${large.content.length} bytes, a file may have ${limitBytes}`,
    facts: { limitBytes },
  });
}
