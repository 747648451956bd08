// The archive of the embedded PostgreSQL's write-ahead log, as settings of PostgreSQL's: each segment goes to
// a folder, packed, as soon as it is full or a minute old, and comes back from there at a restore. Writes and
// reads no segment itself: `archive-segment.sh` does, run by PostgreSQL. Called by roles/open-store.ts and
// backups/recover-cluster.ts.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** At most this much is lost with the machine, where it writes at all. s */
const OLDEST_S = 60;

const SCRIPT = path.join(import.meta.dirname, 'archive-segment.sh');

/** @param folder that PostgreSQL's user may write to */
export function archiveSettings(folder: string): string[] {
  return [
    'archive_mode=on',
    `archive_command=sh ${quoted(SCRIPT)} put "%p" "%f" ${quoted(folder)}`,
    `archive_timeout=${OLDEST_S}`,
  ];
}

/**
 * @param folder null: there is no archive
 * @param to     ISO 8601, in UTC; null: to the end
 */
export function restoreSettings(folder: string | null, to: string | null): string[] {
  const command = folder === null ? 'false' : `sh ${quoted(SCRIPT)} get "%p" "%f" ${quoted(folder)}`;
  // PostgreSQL reads this setting before it knows any zone's name, `Z` among them.
  const target =
    to === null ? [] : [`recovery_target_time=${to.replace('Z', '+00')}`, 'recovery_target_action=promote'];
  return [`restore_command=${command}`, ...target];
}

/** For the shell, inside a setting in which PostgreSQL reads `%`. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''").replaceAll('%', '%%')}'`;
}

/**
 * What PostgreSQL has not archived yet: each segment has a file of its own, however archiving fails.
 * @returns how many wait, and the first of them for how long; ms
 */
export async function waitOfWal(dataDir: string): Promise<{ segments: number; waitMs: number }> {
  const folder = path.join(dataDir, 'postgres/pg_wal/archive_status');
  const names = await readdir(folder).catch(() => []);
  const waiting = names.filter((name) => name.endsWith('.ready'));
  const nowMs = Date.now();
  const since = await Promise.all(
    // It may have been archived since.
    waiting.map((name) =>
      stat(path.join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => nowMs,
      ),
    ),
  );
  return { segments: waiting.length, waitMs: nowMs - Math.min(nowMs, ...since) };
}
