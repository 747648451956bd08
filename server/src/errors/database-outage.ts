// The mark on errors of a database that is out of reach, so that a door can answer them as what they are. Set
// by postgres/, where such errors are raised; read by http/. An error of other code never bears it, whatever
// it says.

/**
 * `untouched`: nothing was written. `unknown`: the connection was lost while something was, and it can't be
 * known.
 */
export type OutageOutcome = 'untouched' | 'unknown';

const OUTCOME = Symbol('database outage');

/** @returns the same error: its code can still be looked at */
export function markOutage(error: Error, outcome: OutageOutcome): Error {
  return Object.assign(error, { [OUTCOME]: outcome });
}

/** @returns null: it is none of the database's outages */
export function outageOf(error: unknown): OutageOutcome | null {
  if (!(error instanceof Error)) return null;
  return (error as { [OUTCOME]?: OutageOutcome })[OUTCOME] ?? null;
}
