// SQL of the dead-letter list: runs whose retries are spent. Being run again or discarded takes a run off the
// list; its record stays.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { runsOf } from '../runs/ended-ids.ts';
import type { StoredRun } from '../runs/run.ts';
import { type RunSelection, SELECTED, selectionValues } from '../runs/run-selection.ts';
import { type RunRow, STORED_RUN, storedRun } from '../runs/run-store.ts';

export const DEAD_LETTER_STATES = ['open', 'redriven', 'discarded'] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

const STATES: Record<DeadLetterState, string> = {
  open: 'runs.dead_letter is null',
  redriven: `runs.dead_letter = 'redriven'`,
  discarded: `runs.dead_letter = 'discarded'`,
};

export type DeadLetterQuery = {
  selection: RunSelection;
  state: DeadLetterState;
  /** Id of the last run of the page before. */
  after: string | null;
  limit: number;
};

/** Newest first. */
export async function listDeadLetters(
  sql: Sql,
  world: World,
  { selection, state, after, limit }: DeadLetterQuery,
): Promise<StoredRun[]> {
  const wanted = `${SELECTED} and runs.status = 'dead' and ${STATES[state]} and ($11::uuid is null or runs.id < $11::uuid)`;
  const rows = await sql.query<RunRow>(
    `select ${STORED_RUN} from ${runsOf(
      `select id from (
         (select runs.id from runs where ${wanted} order by runs.id desc limit $12)
         union all (select runs.id from ended_runs runs where ${wanted} order by runs.id desc limit $12)
       ) as found order by id desc limit $12`,
    )} order by runs.id desc`,
    [...selectionValues(world, selection), after, limit],
  );
  return rows.map(storedRun);
}

/** At most `limit` of them, oldest first. @returns how many */
export async function discardDeadLetters(
  sql: Sql,
  world: World,
  selection: RunSelection,
  limit: number,
): Promise<number> {
  const rows = await sql.query(
    `with chosen as (
       select runs.id from ended_runs runs where ${SELECTED} and runs.status = 'dead' and runs.dead_letter is null
       order by runs.id limit $11 for update of runs skip locked
     )
     update ended_runs runs set dead_letter = 'discarded' from chosen where runs.id = chosen.id returning runs.id`,
    [...selectionValues(world, selection), limit],
  );
  return rows.length;
}
