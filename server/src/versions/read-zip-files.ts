// Reads the files of an uploaded zip into memory, by the same rules as those that are unpacked to disk. Links
// are left out. Called by imports, whose files are kept one by one.
import { contents } from './unpack-zip.ts';
import { readZipDirectory, type UnpackLimits } from './zip-directory.ts';

export type ZipFile = { path: string; content: Buffer; executable: boolean };

/**
 * @param wanted which paths are read; the rest isn't
 * @throws Failure `invalid_input` saying what is wrong and in which entry
 */
export async function readZipFiles(
  zip: Buffer,
  limits: UnpackLimits,
  wanted: (path: string) => boolean,
): Promise<ZipFile[]> {
  const entries = await readZipDirectory(zip, limits);
  const files: ZipFile[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'file' || !wanted(entry.path)) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of contents(zip, entry)) chunks.push(chunk);
    files.push({ path: entry.path, content: Buffer.concat(chunks), executable: entry.executable });
  }
  return files;
}
