// Which files of a running cluster a copy takes, and how its write-ahead log is named. Pure, by PostgreSQL's
// own rules for base backups (documentation, "Backing Up the Data Directory"). Called by base-backup.ts.

/** Of the running server: at its next start they are made anew. */
const ONLY_WHILE_IT_RUNS = new Set(['postmaster.pid', 'postmaster.opts', 'backup_label', 'tablespace_map']);
const LEFT_OUT_NAME = /^(pgsql_tmp|pg_internal\.init|backup_label\.old$|backup_manifest)/;
/** Copied without what is in them. The write-ahead log is copied at the end, by its names. */
const EMPTY = /^(pg_(dynshmem|notify|replslot|serial|snapshots|stat_tmp|subtrans|wal))\//;

/** @param file or folder of a cluster, relative to it */
export function isCopied(file: string): boolean {
  if (ONLY_WHILE_IT_RUNS.has(file) || EMPTY.test(file)) return false;
  return !file.split('/').some((name) => LEFT_OUT_NAME.test(name));
}

/** The control file goes last: it then knows of nothing that the copy hasn't. */
export function inOrder(files: readonly string[]): string[] {
  const CONTROL = 'global/pg_control';
  return [...files].sort((a, b) => Number(a === CONTROL) - Number(b === CONTROL));
}

const SEGMENT = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/;
/** Segments of 16 MiB in one log file of 4 GiB. */
const SEGMENTS_PER_LOG = 256;

/** @returns the names of all segments from the first to the last, both included */
export function segmentsBetween(first: string, last: string): string[] {
  const [from, to] = [SEGMENT.exec(first), SEGMENT.exec(last)];
  if (from === null || to === null || from[1] !== to[1]) {
    throw new Error(`the write-ahead log can't be followed from ${first} to ${last}`);
  }
  const number = (match: RegExpExecArray): number =>
    Number.parseInt(match[2] as string, 16) * SEGMENTS_PER_LOG + Number.parseInt(match[3] as string, 16);
  const names: string[] = [];
  for (let segment = number(from); segment <= number(to); segment += 1) {
    const log = Math.floor(segment / SEGMENTS_PER_LOG);
    names.push(`${from[1]}${hex(log)}${hex(segment % SEGMENTS_PER_LOG)}`);
  }
  return names;
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}
