// SQL that counts runs: rows that are only ever added, so that no writer waits for another, whatever their
// number. fold-store.ts makes few of the many. Called in the transactions that write runs.
import type { RunWatch } from '../runs/run-watch.ts';
import { tallyRuns } from './tally-runs.ts';

/** Counts what is written of runs. */
export const countRuns: RunWatch = async (sql, written) => {
  const tallies = tallyRuns(written);
  if (tallies.length === 0) return;
  await sql.query(
    'insert into run_counts select * from jsonb_populate_recordset(null::run_counts, $1::jsonb)',
    [JSON.stringify(tallies)],
    'count runs',
  );
};
