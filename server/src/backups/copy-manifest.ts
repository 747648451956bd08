// What a copy of an installation says of itself: `backup.json`, written last. A folder without it holds no
// whole copy, and is taken for none. Every file is in it, with size and hash: a torn one is found before
// anything is made of it. Called by what makes, verifies and restores copies.
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StartError } from '../../../process/start-error.ts';

const MANIFEST = 'backup.json';
const FORMAT = 1;

/** Below the copy's folder, never above it. */
const RELATIVE = /^(?!.*(^|\/)\.\.(\/|$))[^/\0][^\0]*$/;

const below = z.string().regex(RELATIVE);

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  millrace: z.string(),
  /** Number of the newest migration. */
  schema: z.number().int(),
  /** Major version: another one's binaries can't read the cluster. */
  postgres: z.number().int(),
  started_at: z.iso.datetime(),
  /** The copy is of this moment. */
  ended_at: z.iso.datetime(),
  /** Write-ahead log that makes the copy whole. */
  wal: z.object({ first: z.string(), last: z.string() }),
  /** Of the cluster, empty ones included: PostgreSQL makes none of them anew. */
  folders: z.array(below),
  files: z.array(z.object({ path: below, bytes: z.number().int().min(0), sha256: z.string() })),
});

export type CopyManifest = z.infer<typeof manifestSchema>;
export type CopiedFile = CopyManifest['files'][number];

/** The cluster's folder in a copy. */
export const CLUSTER = 'postgres';

/** On the disk when it returns, whole or not at all. */
export async function writeManifest(folder: string, manifest: Omit<CopyManifest, 'format'>): Promise<void> {
  const draft = path.join(folder, `${MANIFEST}.part`);
  const text = `${JSON.stringify({ format: FORMAT, ...manifest }, null, 1)}\n`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  await rename(draft, path.join(folder, MANIFEST));
}

/**
 * @param shown the folder as its operator knows it
 * @throws StartError when it holds no whole copy
 */
export async function readManifest(folder: string, shown: string): Promise<CopyManifest> {
  const text = await readFile(path.join(folder, MANIFEST), 'utf8').catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') {
      throw new StartError(
        `${shown} holds no whole backup: ${MANIFEST} is missing. One that was cut off is of no use: delete it`,
      );
    }
    throw new StartError(`${shown}/${MANIFEST} can't be read (${error.code})${hintFor(error.code)}`);
  });
  const read = manifestSchema.safeParse(parsed(text));
  if (read.success) return read.data;
  throw new StartError(`${shown}/${MANIFEST} is torn, or of a newer version of Millrace`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Where a copy belongs to another user, as after it was fetched from another machine. */
export function hintFor(code: string | undefined): string {
  return code === 'EACCES' ? ': give the copy to the user whom Millrace runs as (chown -R)' : '';
}

/** What the copy is together. */
export function totalBytes({ files }: Pick<CopyManifest, 'files'>): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
