// Groups the faults of functions as their runs are written, in the same transaction, and says of a group that
// wasn't seen in a version before that it is new: `error.new`. Decides nothing about whether a run failed.
import type { OwnEvent, PublishOwn } from '../events/own-events.ts';
import { isFunctionFault } from '../runs/run.ts';
import { hasEnded, type RunWatch, type WrittenRun } from '../runs/run-watch.ts';
import { worldKey } from '../triggers/interest-directory.ts';
import { fingerprintOf } from './error-fingerprint.ts';
import { countErrors, type GroupedError, insertGroups } from './group-store.ts';

const HOUR_MS = 3_600_000;

export function createErrorGrouper(publishOwn: PublishOwn): RunWatch {
  return async (sql, written) => {
    const faults = written.filter(({ run }) => hasEnded(run) && isFunctionFault(run) && run.error !== null);
    if (faults.length === 0) return;
    // In one order: two writers that make the same groups don't wait for each other in a circle.
    const errors = groupedErrors(faults).toSorted((one, other) => (one.key < other.key ? -1 : 1));
    await insertGroups(sql, errors);
    const fresh = await countErrors(sql, errors);
    const news = errors.filter(({ key, version }) => fresh.has(`${key} ${version}`));
    for (const ofWorld of Map.groupBy(news, worldKey).values()) {
      const [{ accountId, mode }] = ofWorld as [GroupedError, ...GroupedError[]];
      await publishOwn(sql, { accountId, mode }, ofWorld.map(eventOf));
    }
  };
}

/** One for each group and version in the batch. */
function groupedErrors(faults: readonly WrittenRun[]): GroupedError[] {
  const groups = new Map<string, GroupedError>();
  for (const { run } of faults) {
    if (run.error === null) continue;
    const { accountId, mode, functionId, version } = run;
    const atMs = run.endedAtMs ?? run.createdAtMs;
    const fingerprint = fingerprintOf(functionId, run.error);
    const key = `${accountId} ${mode} ${fingerprint.id}`;
    const known = groups.get(`${key} ${version} ${Math.floor(atMs / HOUR_MS)}`);
    if (known !== undefined) {
      known.runIds.push(run.id);
      known.lastMs = Math.max(known.lastMs, atMs);
      continue;
    }
    groups.set(`${key} ${version} ${Math.floor(atMs / HOUR_MS)}`, {
      ...{ accountId, mode, functionId, version, key, fingerprint },
      ...{ firstMs: atMs, lastMs: atMs, runIds: [run.id], eventId: run.eventId ?? null },
    });
  }
  return [...groups.values()];
}

function eventOf({ functionId, version, fingerprint, runIds, eventId }: GroupedError): OwnEvent {
  return {
    type: 'error.new',
    itemId: functionId,
    data: {
      ...{ function_id: functionId, version, error_id: fingerprint.id, run_id: runIds[0] ?? null },
      ...{ error_type: fingerprint.type, error_message: fingerprint.message, frame: fingerprint.frame },
    },
    causeEventId: eventId,
  };
}
