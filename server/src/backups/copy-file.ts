// Copies one file and hashes what it has written. The source may be written to meanwhile: what counts is what
// came into the copy. Called by what makes copies and lays them out.
import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

const CHUNK_BYTES = 1024 * 1024;

export type Copied = { bytes: number; sha256: string };

/**
 * @returns what has arrived
 * @throws Error with the code of the file system; ENOENT: it isn't there (any more)
 */
export async function copyFile(from: string, to: string): Promise<Copied> {
  await using source = await open(from, 'r');
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  await using target = await open(to, 'wx', 0o600);
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let bytes = 0; ; ) {
    const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    const read = chunk.subarray(0, bytesRead);
    hash.update(read);
    await target.writeFile(read);
    bytes += bytesRead;
  }
}
