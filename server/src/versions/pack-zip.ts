// Packs files into the zip that a version is made of. The same files give the same bytes, so that code that
// didn't change makes no new bundle. Called by the dialects whose users don't upload zips themselves.
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

export type PackedFile = { /** Path inside the zip. */ name: string; content: Buffer; executable?: boolean };

/** Zips know no earlier time. */
const NO_TIME = new Date('1980-01-01T00:00:00Z');
const FILE_MODE = 0o100644;
const EXECUTABLE_MODE = 0o100755;

export async function packZip(files: readonly PackedFile[]): Promise<Buffer> {
  const zip = new ZipFile();
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, content, executable = false } of sorted) {
    const mode = executable ? EXECUTABLE_MODE : FILE_MODE;
    zip.addBuffer(content, name, { mtime: NO_TIME, mode, forceDosTimestamp: true });
  }
  zip.end();
  return await buffer(zip.outputStream);
}
