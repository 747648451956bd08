// What has changed between the code of two versions: a unified diff for every file, made in a thread.
// Bounded: a file whose changes are too many says so, and so do all when their diffs together are too long,
// or take too long. Called by function-diff-endpoints.ts.
import { createTwoFilesPatch } from 'diff';
import { jobOf } from '../threads/job.ts';
import type { Threads } from '../threads/thread-pool.ts';
import { isText, readShownFiles } from './code-view.ts';

export type FileDiff = {
  path: string;
  change: 'added' | 'removed' | 'changed';
  /** null: it is no text, or too much has changed. */
  patch: string | null;
  reason: 'binary' | 'too_large' | null;
};

/** `limits` of one file and of all. */
type TwoZips = { from: Uint8Array; to: Uint8Array };

const MOST_EDITS = 5_000;
/** For one file, and for all together: others wait for the thread. */
const FILE_MS = 500;
const MOST_MS = 3_000;
/** Of all patches together. */
const MOST_CHARACTERS = 1024 * 1024;

const DIFF = jobOf(import.meta.url, diffZips);

/** @throws Failure `payload_too_large` for code that is too much to be shown */
export function diffCode(threads: Threads, accountId: string, zips: TwoZips): Promise<FileDiff[]> {
  return threads.run(DIFF, accountId, zips);
}

/** Runs in the thread. */
export async function diffZips({ from, to }: TwoZips): Promise<FileDiff[]> {
  const [before, after] = [await filesOf(from), await filesOf(to)];
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const untilMs = performance.now() + MOST_MS;
  let left = MOST_CHARACTERS;
  const diffs: FileDiff[] = [];
  for (const path of paths) {
    const two = { before: before.get(path) ?? null, after: after.get(path) ?? null };
    const one = diffFile(path, two, Math.min(FILE_MS, Math.ceil(untilMs - performance.now())));
    if (one === null) continue;
    left -= one.patch?.length ?? 0;
    diffs.push(left < 0 ? { ...one, patch: null, reason: 'too_large' } : one);
  }
  return diffs;
}

async function filesOf(zip: Uint8Array): Promise<Map<string, Buffer>> {
  return new Map((await readShownFiles(zip)).map(({ path, content }) => [path, content]));
}

type TwoFiles = { before: Buffer | null; after: Buffer | null };

/** @returns null where nothing has changed */
function diffFile(path: string, { before, after }: TwoFiles, timeout: number): FileDiff | null {
  if (before !== null && after !== null && before.equals(after)) return null;
  const change = before === null ? 'added' : after === null ? 'removed' : 'changed';
  const [old, now] = [before ?? Buffer.alloc(0), after ?? Buffer.alloc(0)];
  if (!isText(old) || !isText(now)) return { path, change, patch: null, reason: 'binary' };
  if (timeout <= 0) return { path, change, patch: null, reason: 'too_large' };
  const names = [
    before === null ? '/dev/null' : `a/${path}`,
    after === null ? '/dev/null' : `b/${path}`,
  ] as const;
  const patch = createTwoFilesPatch(...names, old.toString(), now.toString(), undefined, undefined, {
    ...{ context: 3, maxEditLength: MOST_EDITS, timeout },
  });
  if (patch === undefined) return { path, change, patch: null, reason: 'too_large' };
  // Without its first line, which git and patch have no use for.
  return { path, change, patch: patch.replace(/^=+\n/, ''), reason: null };
}
