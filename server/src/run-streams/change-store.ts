// SQL of streams of runs: what nodes announce to each other, and the runs that are meant. Limited to one
// world.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { runsOf } from '../runs/ended-ids.ts';
import type { StoredRun } from '../runs/run.ts';
import { EVERY_RUN, listRuns } from '../runs/run-list-store.ts';
import { type RunRow, STORED_RUN, storedRun } from '../runs/run-store.ts';
import { CHANGES_CHANNEL, INTEREST_CHANNEL } from './run-changes.ts';

export async function announceInterest(sql: Sql, accountIds: readonly string[]): Promise<void> {
  await sql.query('select pg_notify($1, account) from unnest($2::text[]) as account', [
    INTEREST_CHANNEL,
    accountIds,
  ]);
}

export async function announceChanged(sql: Sql, messages: readonly string[]): Promise<void> {
  await sql.query('select pg_notify($1, message) from unnest($2::text[]) as message', [
    CHANGES_CHANNEL,
    messages,
  ]);
}

/** In the order in which they were accepted. */
export async function findRuns(sql: Sql, world: World, ids: readonly string[]): Promise<StoredRun[]> {
  const rows = await sql.query<RunRow>(
    `select ${STORED_RUN} from ${runsOf('select unnest($3::uuid[]) as id')} order by runs.id`,
    [world.accountId, world.mode, ids],
    // Planned once: a run that waits is claimed within milliseconds.
    'find runs',
  );
  return rows.map(storedRun);
}

/**
 * What has become of runs since a moment, among the newest of them.
 * @param bounds.looked so many of the newest are looked at; `most`: and no more than so many given
 */
export async function findChangedSince(
  sql: Sql,
  world: World,
  since: Date,
  bounds: { looked: number; most: number },
): Promise<StoredRun[]> {
  const newest = await listRuns(sql, world, EVERY_RUN, bounds.looked);
  const changed = newest.filter(
    ({ createdAtMs, startedAtMs, endedAtMs }) =>
      Math.max(createdAtMs, startedAtMs ?? 0, endedAtMs ?? 0) >= since.getTime(),
  );
  return changed.toReversed().slice(0, bounds.most);
}
