// SQL of runs that are to be run again: which they are, what has become of them, and which runs repeat one.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { RunCause } from '../runs/run.ts';
import { type RunSelection, SELECTED, selectionValues } from '../runs/run-selection.ts';

/** An ended run, and whether it can be run again. */
export type Candidate = {
  id: string;
  functionId: string;
  version: number;
  cause: RunCause;
  eventId: string | null;
  sealedInput: Buffer | null;
  /** null: it is gone. */
  isFunctionEnabled: boolean | null;
};

/**
 * `ended`: whichever have ended. `dead_letters`: those on the dead-letter list, locked: nobody else takes
 * them meanwhile.
 */
export type CandidateKind = 'ended' | 'dead_letters';

export type CandidatePage = {
  /** Id of the last one that was looked at; null: begin. */
  after: string | null;
  /** Only what had come by then: what is run again now comes later. */
  before: Date;
  limit: number;
};

const CONDITIONS: Record<CandidateKind, string> = {
  ended: `runs.status not in ('queued', 'running')`,
  dead_letters: `runs.status = 'dead' and runs.dead_letter is null`,
};
const LOCKS: Record<CandidateKind, string> = { ended: '', dead_letters: 'for update of runs skip locked' };

type CandidateRow = {
  id: string;
  function_id: string;
  version: number;
  cause: RunCause;
  event_id: string | null;
  sealed_input: Buffer | null;
  enabled: boolean | null;
};

/** Oldest first. */
export async function findCandidates(
  sql: Sql,
  world: World,
  wanted: { kind: CandidateKind; selection: RunSelection },
  page: CandidatePage,
): Promise<Candidate[]> {
  const rows = await sql.query<CandidateRow>(
    `select runs.id, runs.function_id, runs.version, runs.cause, runs.event_id, runs.sealed_input, f.enabled
     from runs left join functions f
       on f.id = runs.function_id and f.account_id = runs.account_id and f.mode = runs.mode
     where ${SELECTED} and ${CONDITIONS[wanted.kind]}
       and ($11::uuid is null or runs.id > $11::uuid) and runs.created_at < $12
     order by runs.id limit $13 ${LOCKS[wanted.kind]}`,
    [...selectionValues(world, wanted.selection), page.after, page.before, page.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    functionId: row.function_id,
    version: row.version,
    cause: row.cause,
    eventId: row.event_id,
    sealedInput: row.sealed_input,
    isFunctionEnabled: row.enabled,
  }));
}

/** Takes dead runs off the dead-letter list, because they were run again. Others stay as they are. */
export async function markRedriven(sql: Sql, world: World, runIds: readonly string[]): Promise<void> {
  await sql.query(
    `update runs set dead_letter = 'redriven'
     where account_id = $1 and mode = $2 and id = any ($3::uuid[]) and status = 'dead'`,
    [world.accountId, world.mode, runIds],
  );
}

/** Ids of the runs that repeat each of some runs, newest first. */
export async function findReplays(
  sql: Sql,
  world: World,
  runIds: readonly string[],
  mostOfEach: number,
): Promise<ReadonlyMap<string, string[]>> {
  const rows = await sql.query<{ replay_of: string; ids: string[] }>(
    `select original.id as replay_of, array_agg(replay.id order by replay.id desc) as ids
     from unnest($3::uuid[]) as original(id) cross join lateral (
       select id from runs where replay_of = original.id and account_id = $1 and mode = $2 order by id desc limit $4
     ) as replay
     group by original.id`,
    [world.accountId, world.mode, runIds, mostOfEach],
  );
  return new Map(rows.map(({ replay_of, ids }) => [replay_of, ids]));
}

/** Now, by the database's clock. */
export async function databaseNow(sql: Sql): Promise<Date> {
  const [row] = await sql.query<{ now: Date }>('select clock_timestamp() as now');
  return row?.now ?? new Date();
}
