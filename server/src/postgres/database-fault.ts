// Whose fault an error of the database is: it may be out of reach for a while, or the statement may be one
// that it will never take; and what is known of a statement that met it. Pure. Called by database.ts, and by
// what keeps what could not be written.
import type { OutageOutcome } from '../errors/database-outage.ts';

/**
 * SQLSTATE classes and codes that pass: connection (08), rollback of a conflict (40), resources (53), a lock
 * (55P03), an operator's doing (57), the system around it (58), a read-only replica (25006). PostgreSQL's
 * appendix A. Not 08P01: that a client doesn't speak the protocol is a defect, and doesn't pass.
 */
const PASSING = /^(08(?!P01)...|40...|53...|55P03|57...|58...|25006)$/;
/** But PgBouncer says 08P01 of whatever comes between it and the server, in these words. */
const POOLER_WORDS =
  /query_wait_timeout|client_login_timeout|login has been failing|cannot connect to server|conn crashed|shutting down|no more connections/;
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** What the system says of a connection or a name. */
const SYSTEM = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOST|ENET|ENOENT|EACCES|EMFILE|ENFILE|EADDR)/;

/** What the client library says of a connection, in words alone. */
const WORDS = /connection|timeout|timed out|not queryable|pool after calling end|SASL|password/i;

/** Whether the same statement may succeed later without being changed. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return WORDS.test(error.message);
  if (SYSTEM.test(code)) return true;
  if (code === '08P01') return POOLER_WORDS.test(error.message);
  return SQLSTATE.test(code) && PASSING.test(code);
}

/**
 * Where it was met: asking for a connection, in a `begin`, in a statement that can be undone, or in one whose
 * end is its commit.
 */
export type Phase = 'connect' | 'begin' | 'undoable' | 'final';

/** Nobody was let in: refused, still starting, too many. */
const NOT_LET_IN = /^(57P03|53300|ECONNREFUSED|ENOTFOUND|EAI_.*|ENOENT|EACCES|EHOST.*|ENET.*|EMFILE|ENFILE)$/;
const NOT_LET_IN_WORDS =
  /trying to connect|connection timeout|not queryable|pool after calling end|SASL|password/;
/** The database said so itself, and lives: what it refuses isn't done. */
const REFUSED_BY_IT = /^(?!08|57P)[0-9A-Z]{5}$/;

/** A `begin` that was cancelled alone: what was sent behind it is committed by itself. */
const CANCELLED = '57014';

/** What has become of a statement that met an outage. */
export function outcomeOf(error: Error, phase: Phase): OutageOutcome {
  const { code } = error as { code?: unknown };
  const text = typeof code === 'string' ? code : '';
  if (phase === 'begin') return text === CANCELLED ? 'unknown' : 'untouched';
  const isUntouched =
    phase !== 'final' ||
    NOT_LET_IN.test(text) ||
    REFUSED_BY_IT.test(text) ||
    (text === '' && NOT_LET_IN_WORDS.test(error.message));
  return isUntouched ? 'untouched' : 'unknown';
}
