// The run that a caller is shown together with its result: as it ended. Its end is recorded behind the
// answer, once its log is whole; code that goes on after its answer is waited for no longer than a moment,
// and its run is shown as running. Called by the endpoints that call functions and show the run.
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import type { CallResult } from './call-function.ts';
import type { StoredRun } from './run.ts';
import type { RunRecorder } from './run-recorder.ts';
import { findRun } from './run-store.ts';

type Parts = { sql: Sql; recorder: Pick<RunRecorder, 'flush'> };

/** A busy machine takes some hundred ms for what is a few otherwise. */
const MOST_WAIT_MS = 2_000;

/** @throws Failure `unavailable` where the database is behind */
export async function runToShow(
  { sql, recorder }: Parts,
  world: World,
  { runId, handedOver }: Pick<CallResult, 'runId' | 'handedOver'>,
): Promise<StoredRun> {
  const giveUp = new AbortController();
  const waiting = sleep(MOST_WAIT_MS, undefined, { signal: giveUp.signal }).catch(() => {});
  await Promise.race([handedOver, waiting]);
  giveUp.abort();
  await recorder.flush();
  const run = await findRun(sql, world, runId);
  if (run === null) fail('unavailable', { message: `the run ${runId} has ended, but is not recorded yet` });
  return run;
}
