// Packs a folder's files into the zip that a version is made of. The same files give the same bytes, so that a folder that didn't
// change makes no new version. Called by folder-deployer.ts.
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { FolderFile } from './folder-plan.ts';

/** Zips know no earlier time. */
const NO_TIME = new Date('1980-01-01T00:00:00Z');
const FILE_MODE = 0o100644;

export async function zipFolder(files: readonly FolderFile[]): Promise<Buffer> {
  const zip = new ZipFile();
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, content } of sorted) {
    zip.addBuffer(content, name, { mtime: NO_TIME, mode: FILE_MODE, forceDosTimestamp: true });
  }
  zip.end();
  return await buffer(zip.outputStream);
}
