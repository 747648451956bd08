// Lays a copy's cluster out in a folder that it can be started in, and compares every file with what the copy
// says of it: nothing is made of one that is torn, incomplete or changed. Changes nothing in the copy. Called
// by roles/carry-out-copy.ts, to verify and to restore.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '../../../process/start-error.ts';
import { copyFile } from './copy-file.ts';
import { CLUSTER, type CopiedFile, type CopyManifest, hintFor } from './copy-manifest.ts';

type Laying = {
  /** Of the copy. */
  folder: string;
  operatorFolder: string;
  /** Where the cluster is laid out; it isn't there yet. */
  clusterDir: string;
};

/** @throws StartError that names the file which isn't as it was copied */
export async function layOutCopy({ folders, files }: CopyManifest, laying: Laying): Promise<void> {
  await mkdir(laying.clusterDir, { mode: 0o700 });
  for (const name of folders) {
    await mkdir(path.join(laying.clusterDir, name), { recursive: true, mode: 0o700 });
  }
  for (const file of files.filter(({ path: name }) => name.startsWith(`${CLUSTER}/`))) {
    await layOut(file, path.join(laying.clusterDir, file.path.slice(CLUSTER.length + 1)), laying);
  }
}

/** One file of the copy, to another place. @throws StartError */
export async function layOut(
  file: CopiedFile,
  to: string,
  { folder, operatorFolder }: Pick<Laying, 'folder' | 'operatorFolder'>,
): Promise<void> {
  const from = path.join(folder, file.path);
  const found = await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'EACCES') throw error;
    throw new StartError(
      `${operatorFolder}/${file.path} can't be read (${error.code})${hintFor(error.code)}`,
    );
  });
  if (found.bytes === file.bytes && found.sha256 === file.sha256) return;
  throw new StartError(
    `${operatorFolder}/${file.path} is not as it was copied (${found.bytes} of ${file.bytes} bytes): take another backup`,
  );
}
