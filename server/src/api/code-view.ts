// The code of a version as the API shows it: every file by its path, in the form in which code is taken.
// Written as JSON in a thread, whole or not at all: what is too much for that is there as a zip. Called by
// function-code-endpoints.ts.
import { isUtf8 } from 'node:buffer';
import { fail } from '../errors/failure.ts';
import { jobOf } from '../threads/job.ts';
import type { Threads } from '../threads/thread-pool.ts';
import { readZipFiles, type ZipFile } from '../versions/read-zip-files.ts';
import type { UnpackLimits } from '../versions/zip-directory.ts';
import type { CodeFile } from './code-input.ts';

/** Of all files together. */
const MOST_SHOWN_BYTES = 8 * 1024 * 1024;
const MOST_SHOWN_FILES = 5_000;

type Shown = { zip: Uint8Array; version: number };

const WRITE = jobOf(import.meta.url, writeFiles);

/** @returns JSON; @throws Failure `payload_too_large` for more than can be shown like this */
export async function filesAsJson(threads: Threads, accountId: string, shown: Shown): Promise<Buffer> {
  const { buffer, byteOffset, byteLength } = await threads.run(WRITE, accountId, shown);
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Runs in the thread. */
export async function writeFiles({ zip, version }: Shown): Promise<Uint8Array> {
  const files = await readShownFiles(zip);
  return new TextEncoder().encode(
    JSON.stringify({ version, files: Object.fromEntries(files.map(shownFile)) }),
  );
}

/** In a thread: links are left out. @throws Failure `payload_too_large` */
export async function readShownFiles(zip: Uint8Array): Promise<ZipFile[]> {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const limits: UnpackLimits = { unpackedBytes: MOST_SHOWN_BYTES, unpackedEntries: MOST_SHOWN_FILES };
  try {
    return await readZipFiles(bytes, limits, () => true);
  } catch (cause) {
    // It was unpacked when it came: only these limits are new to it.
    return fail('payload_too_large', {
      message: `the code is more than ${MOST_SHOWN_FILES} files or ${MOST_SHOWN_BYTES} bytes: ask for the zip, Accept: application/zip`,
      facts: { limitBytes: MOST_SHOWN_BYTES, limitFiles: MOST_SHOWN_FILES },
      cause,
    });
  }
}

export function isText(content: Buffer): boolean {
  return isUtf8(content) && !content.includes(0);
}

/** A text by itself, as long as there is nothing more to say of it. */
function shownFile({ path, content, executable }: ZipFile): [string, CodeFile] {
  const mode = executable ? { executable } : {};
  if (!isText(content)) return [path, { base64: content.toString('base64'), ...mode }];
  return [path, executable ? { text: content.toString(), ...mode } : content.toString()];
}
