// Accepts one asynchronous run, at a caller's direct request: once it resolves, the run is on disk and will
// reach exactly one final state. Causes with a transaction of their own (events, webhooks) use the queue
// itself.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { Database } from '../postgres/database.ts';
import type { NewRun } from '../queue/new-run.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import type { RunCause, StoredRun } from '../runs/run.ts';
import type { RunInput } from '../runs/run-input.ts';
import { findRun } from '../runs/run-store.ts';
import { type Functions, resolveTarget } from './resolve-target.ts';

export type WantedRun = { world: World; functionId: string; input: RunInput; cause: RunCause };

/**
 * @throws Failure `not_found`, `function_disabled`, `too_many_runs` (the account's queue is full),
 * `payload_too_large`,
 *   `unavailable`
 */
export type AcceptRun = (wanted: WantedRun) => Promise<StoredRun>;

type Parts = {
  database: Database;
  queue: RunQueue;
  functions: Functions;
  newRunId(nowMs: number): string;
  /** Unix time in ms. */
  clock(): number;
};

export function createRunAcceptor(parts: Parts): AcceptRun {
  return async (wanted) => {
    await resolveTarget(parts.functions, wanted);
    const run = newRun(wanted, parts.newRunId(parts.clock()));
    const accepted = await parts.database.transaction(async (sql) => {
      await parts.queue.enqueue(sql, [run]);
      return await findRun(sql, wanted.world, run.id);
    });
    parts.queue.wake();
    return accepted ?? fail('not_found', { message: `there is no function ${wanted.functionId}` });
  };
}

function newRun({ world, functionId, input, cause }: WantedRun, id: string): NewRun {
  return {
    accountId: world.accountId,
    mode: world.mode,
    ...{ id, functionId, input, cause, due: { afterMs: 0 } },
    ...{ triggerId: null, eventId: null, version: null, replayOf: null },
  };
}
