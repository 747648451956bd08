// Says of queued runs that failed for good what the platform has to say: `function.failed`, and
// `function.dead_lettered` for those on the dead-letter list. A follower of every end (runs/run-follower.ts),
// in the transaction that writes it. Runs that a caller waits for are the caller's to judge: they are not
// published, or each call of a broken function would write an event.

import { RETRIED_FAULTS } from '../functions/function.ts';
import type { EndedRun, RunFollower } from '../runs/run-follower.ts';
import { worldKey } from '../triggers/interest-directory.ts';
import type { OwnEvent, OwnEventType, PublishOwn } from './own-events.ts';

const FAILED: readonly EndedRun['status'][] = [...RETRIED_FAULTS, 'dead'];
const MESSAGE_CHARACTERS = 2_000;

export function createRunEndPublisher(publishOwn: PublishOwn): RunFollower {
  return async (sql, ended) => {
    const failed = ended.filter(({ status }) => FAILED.includes(status));
    for (const runs of Map.groupBy(failed, worldKey).values()) {
      const [{ accountId, mode }] = runs as [EndedRun, ...EndedRun[]];
      await publishOwn(sql, { accountId, mode }, runs.flatMap(eventsOf));
    }
  };
}

/** Pure. */
export function eventsOf(run: EndedRun): OwnEvent[] {
  const types: OwnEventType[] =
    run.status === 'dead' ? ['function.failed', 'function.dead_lettered'] : ['function.failed'];
  const data = {
    function_id: run.functionId,
    run_id: run.id,
    status: run.status,
    trigger: run.trigger,
    version: run.version,
    attempts: run.attempts,
    error_type: run.error?.type ?? null,
    error_message: run.error?.message.slice(0, MESSAGE_CHARACTERS) ?? null,
  };
  return types.map((type) => ({ type, itemId: run.functionId, data, causeEventId: run.eventId }));
}
