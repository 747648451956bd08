// Which runs a request about many of them means, and the condition for it in SQL. Called by the stores of
// replays and dead letters, which say the rest of the statement.
import type { World } from '../accounts/account.ts';
import type { RunStatus } from './run.ts';

/** null: whichever. */
export type RunSelection = {
  runIds: readonly string[] | null;
  functionId: string | null;
  statuses: readonly RunStatus[] | null;
  trigger: string | null;
  createdAfter: Date | null;
  createdBefore: Date | null;
  /** Of the error that the run ended with. */
  errorType: string | null;
  /** Of faults that are alike. */
  errorGroup: string | null;
};

/**
 * Condition on a table named `runs`; its values are {@link selectionValues}, the statement's first. Ids begin
 * with their time: by their bounds whole days of the history are left out.
 */
export const SELECTED = `runs.account_id = $1 and runs.mode = $2
  and ($3::uuid[] is null or runs.id = any ($3::uuid[]))
  and ($4::text is null or runs.function_id = $4)
  and ($5::run_status[] is null or runs.status = any ($5::run_status[]))
  and ($6::text is null or runs.trigger = $6)
  and ($7::timestamptz is null or (runs.created_at > $7 and runs.id >= first_run_id($7 - interval '1 minute')))
  and ($8::timestamptz is null or (runs.created_at < $8 and runs.id < first_run_id($8 + interval '1 minute')))
  and ($9::text is null or runs.error ->> 'type' = $9)
  and ($10::text is null or runs.id in (
    select run_id from error_group_runs alike
    where alike.account_id = $1 and alike.mode = $2 and alike.group_id = $10))`;

export function selectionValues(world: World, selection: RunSelection): unknown[] {
  const { runIds, functionId, statuses, trigger, createdAfter, createdBefore } = selection;
  const { accountId, mode } = world;
  const { errorType, errorGroup } = selection;
  const ofWorld = [accountId, mode, runIds, functionId, statuses, trigger];
  return [...ofWorld, createdAfter, createdBefore, errorType, errorGroup];
}
