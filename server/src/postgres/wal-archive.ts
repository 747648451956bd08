// The archive of the embedded PostgreSQL's write-ahead log, as settings of PostgreSQL's: each segment goes to
// a folder, packed, as soon as it is full or a minute old, and comes back from there at a restore. Writes and
// reads nothing itself: `archive-segment.sh` does, run by PostgreSQL. Called by roles/open-store.ts and
// backups/recover-cluster.ts.
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
