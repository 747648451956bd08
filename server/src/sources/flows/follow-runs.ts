// Notifies flows that the function runs which they asked for are over, in the transaction that ends the runs.
// A follower of runs, registered by roles/ for the trigger `flow`.
import { storableJson } from '../../logs/storable-text.ts';
import type { EndedRun, RunFollower } from '../../runs/run-follower.ts';
import { returnToFlows } from './flow-run-store.ts';

export const flowFollower: RunFollower = (sql, ended) => returnToFlows(sql, ended.map(returnedOf));

function returnedOf({ accountId, id, status, result }: EndedRun) {
  return { accountId, runId: id, status, response: storableJson(result) };
}
