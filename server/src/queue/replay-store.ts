// SQL of runs that are to be run again: which they are, what has become of them, and which runs repeat one.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { endedIds, type Put, runsOf } from '../runs/ended-ids.ts';
import type { RunCause } from '../runs/run.ts';
import { type RunSelection, SELECTED, selectionValues } from '../runs/run-selection.ts';
import { firstIdOf, ID_SLACK_MS } from '../runs/run-time.ts';

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
  const { selection, kind } = wanted;
  const values = [...selectionValues(world, selection), page.after, page.before, page.limit];
  const put: Put = (value) => `$${values.push(value)}`;
  const where = `${SELECTED} and ($11::uuid is null or runs.id > $11::uuid) and runs.created_at < $12`;
  const ids = kind === 'ended' ? idsOfEnded({ put, selection, page, where }) : idsOfDeadLetters(where);
  const rows = await sql.query<CandidateRow>(
    `select runs.id, runs.function_id, runs.version, runs.cause, runs.event_id, runs.sealed_input, f.enabled
     from ${runsOf(ids)} left join functions f
       on f.id = runs.function_id and f.account_id = runs.account_id and f.mode = runs.mode
     order by runs.id`,
    values,
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

type Ended = { put: Put; selection: RunSelection; page: CandidatePage; where: string };

function idsOfEnded({ put, selection, page, where }: Ended): string {
  const { runIds, errorGroup, functionId, statuses, trigger, createdAfter } = selection;
  const least =
    page.after ?? (createdAfter === null ? null : firstIdOf(createdAfter.getTime() - ID_SLACK_MS));
  const isOver = `${where} and runs.status not in ('queued', 'running')`;
  const ended =
    runIds === null && errorGroup === null
      ? endedIds(put, {
          ...{ functionIds: functionId === null ? null : [functionId], statuses, trigger, where },
          ...{ from: least === null ? null : put(least), before: null, order: 'asc', limit: '$13' },
        })
      : `select runs.id from ended_runs runs where ${isOver}`;
  return `select id from (
      (select runs.id from runs where ${isOver} order by runs.id limit $13) union all (${ended})
    ) as found order by id limit $13`;
}

function idsOfDeadLetters(where: string): string {
  return `select id from (
      select runs.id from ended_runs runs where ${where} and runs.status = 'dead' and runs.dead_letter is null
      order by runs.id limit $13 for update skip locked
    ) as locked`;
}

/** Takes dead runs off the dead-letter list, because they were run again. Others stay as they are. */
export async function markRedriven(sql: Sql, world: World, runIds: readonly string[]): Promise<void> {
  // Of before there was a history, one may not be moved yet.
  for (const table of ['ended_runs', 'runs']) {
    await sql.query(
      `update ${table} set dead_letter = 'redriven'
       where account_id = $1 and mode = $2 and id = any ($3::uuid[]) and status = 'dead'`,
      [world.accountId, world.mode, runIds],
    );
  }
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
       select id from all_runs where replay_of = original.id and account_id = $1 and mode = $2 order by id desc limit $4
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
