// SQL that counts a function's faults in a row, for those that are to be disabled after so many. Called in
// the transaction that writes how runs ended. Decides nothing: events/disable-faulty.ts disables them.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { CHANGE_CHANNEL } from './function-store.ts';

/** How one attempt of a function ended, in the order in which they did; what the platform spoiled is none. */
export type FunctionEnding = {
  accountId: string;
  functionId: string;
  isFault: boolean;
  /** Of a fault, in words: `timed out`. */
  how: string | null;
  /** What its code threw when it was loaded; null: it was. */
  loadError: string | null;
};

export type FaultyFunction = World & {
  functionId: string;
  faultsInARow: number;
  /** Of the last fault. */
  how: string;
  loadError: string | null;
};

/** Called in the transaction that counted. */
export type FaultListener = (sql: Sql, faulty: readonly FaultyFunction[]) => Promise<void>;

/**
 * @returns the functions that have had as many faults in a row by now as disable them, and those that can't
 * be loaded
 */
export async function countFaults(sql: Sql, endings: readonly FunctionEnding[]): Promise<FaultyFunction[]> {
  if (endings.length === 0) return [];
  // Locked in one order: several nodes count at a time.
  const tallies = tally(endings);
  const rows = await sql.query<CountedRow>(
    `with counted as (
       select * from jsonb_to_recordset($1::jsonb) as t(account_id text, function_id text, resets boolean, faults integer)
     ), locked as (
       select f.id, f.account_id, case when c.resets then c.faults else f.faults_in_a_row + c.faults end as faults
       from functions f join counted c on c.function_id = f.id and c.account_id = f.account_id
       where f.disable_after_faults > 0 and (c.faults > 0 or f.faults_in_a_row > 0)
       order by f.id for update of f
     )
     update functions f set faults_in_a_row = locked.faults
     from locked where f.id = locked.id and f.account_id = locked.account_id
     returning f.account_id, f.mode, f.id, f.faults_in_a_row, f.disable_after_faults`,
    [JSON.stringify(tallies)],
  );
  return rows.flatMap((row) => {
    const { how, load_error: loadError } = tallies.find(({ function_id }) => function_id === row.id) as Tally;
    const isFaulty = loadError !== null || row.faults_in_a_row >= row.disable_after_faults;
    if (!isFaulty || how === null) return [];
    const { account_id: accountId, mode, id: functionId, faults_in_a_row: faultsInARow } = row;
    return [{ accountId, mode, functionId, faultsInARow, how, loadError }];
  });
}

type CountedRow = {
  account_id: string;
  mode: World['mode'];
  id: string;
  faults_in_a_row: number;
  disable_after_faults: number;
};

/** Nodes hear of it when that is committed. @returns its name; null where it was disabled already */
export async function disableFunction(
  sql: Sql,
  world: World,
  functionId: string,
  reason: string,
): Promise<string | null> {
  const [row] = await sql.query<{ name: string }>(
    `update functions set enabled = false, disabled_reason = $4, modified_at = now()
     where id = $1 and account_id = $2 and mode = $3 and enabled returning name`,
    [functionId, world.accountId, world.mode, reason],
  );
  if (row === undefined) return null;
  await sql.query('select pg_notify($1, $2)', [CHANGE_CHANNEL, functionId]);
  return row.name;
}

type Tally = {
  account_id: string;
  function_id: string;
  resets: boolean;
  faults: number;
  /** Of the faults after the last good end. */
  how: string | null;
  load_error: string | null;
};

function tally(endings: readonly FunctionEnding[]): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { accountId, functionId, isFault, how, loadError } of endings) {
    const one = tallies.get(functionId) ?? {
      ...{ account_id: accountId, function_id: functionId, resets: false, faults: 0 },
      ...{ how: null, load_error: null },
    };
    tallies.set(functionId, one);
    one.faults = isFault ? one.faults + 1 : 0;
    one.resets ||= !isFault;
    one.how = how;
    one.load_error = isFault ? (loadError ?? one.load_error) : null;
  }
  return [...tallies.values()];
}
