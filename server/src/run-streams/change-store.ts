// SQL of streams of runs: what nodes announce to each other, and the runs that are meant. Limited to one
// world.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { StoredRun } from '../runs/run.ts';
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
    `select ${STORED_RUN} from runs where account_id = $1 and mode = $2 and id = any ($3::uuid[]) order by id`,
    [world.accountId, world.mode, ids],
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
  const rows = await sql.query<RunRow>(
    `select * from (
       select ${STORED_RUN} from runs where account_id = $1 and mode = $2 order by id desc limit $4
     ) as newest
     where greatest(created_at, started_at, ended_at) > $3 order by id limit $5`,
    [world.accountId, world.mode, since, bounds.looked, bounds.most],
  );
  return rows.map(storedRun);
}
