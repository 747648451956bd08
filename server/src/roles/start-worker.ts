// Starts what takes runs out of the queue and keeps their promise: the rescuer on every node, the worker
// where the node has that role. Called after all mount-*.ts, whose adapters and followers it needs, and ended
// before what they stand on.
import { systemClock } from '../clock/clock.ts';
import type { FaultListener } from '../functions/fault-store.ts';
import type { AccountGate } from '../limits/account-gate.ts';
import type { KeptBytes } from '../limits/kept-bytes.ts';
import type { Database } from '../postgres/database.ts';
import { CANCEL_CHANNEL } from '../queue/cancel-store.ts';
import { startCancelWatch } from '../queue/cancel-watch.ts';
import { startRescuer } from '../queue/rescuer.ts';
import type { RunEndings } from '../queue/run-endings.ts';
import { Settler } from '../queue/settler.ts';
import type { RunChanges } from '../run-streams/run-changes.ts';
import type { AttemptParts } from '../runs/attempt-run.ts';
import { executeClaim, handBack } from '../worker/execute-claim.ts';
import { Worker } from '../worker/worker.ts';
import type { Monitoring } from './open-monitoring.ts';
import type { Platform } from './platform.ts';

/**
 * How long runs in hand may take at the end, before they are handed back: the launcher waits 30 s for all of
 * it. ms
 */
const GRACE_MS = 15_000;
/** Looks for lost nodes, and for cancelled runs, in the time of one lease. */
const LOOKS = 4;

type Shared = Pick<
  Platform,
  'config' | 'log' | 'endings' | 'stopping' | 'hearing' | 'node' | 'active' | 'wakeCall'
> &
  Pick<Platform, 'keys' | 'functions' | 'adapters'>;

type Parts = Shared & {
  /** Connections that requests can't take. */
  urgent: Database;
  gate: AccountGate;
  attempts: AttemptParts;
  runEndings: RunEndings;
  onFaulty: FaultListener;
  kept: KeptBytes;
  changes: Pick<RunChanges, 'announce'>;
  monitoring: Monitoring | null;
};

/**
 * Resolves once the runs of a former life of this node are taken.
 * @returns what writes ends of runs; null where none are executed
 */
export async function startWorker(parts: Parts): Promise<Settler | null> {
  const { config, log, endings, hearing, node, active, urgent } = parts;
  const everyMs = config.limits.nodeLeaseMs / LOOKS;
  const rescuer = startRescuer({
    ...{ database: urgent, endings: parts.runEndings, everyMs, log },
    node: () => node.id,
    mostLosses: config.limits.mostLosses,
    wake: () => parts.wakeCall.call(),
  });
  endings.push(() => rescuer.stop());
  const watch = startCancelWatch({ sql: urgent, node: () => node.id, active, everyMs, log });
  endings.push(() => watch.stop());
  hearing.on(
    CANCEL_CHANNEL,
    (runId) => active.cancel(runId),
    () => {},
  );
  await rescuer.rescue();
  return config.roles.includes('worker') ? startClaiming(parts) : null;
}

function startClaiming(parts: Parts): Settler {
  const { config, log, endings, stopping, node, active, urgent, keys, onFaulty } = parts;
  const executing = {
    ...{ attempts: parts.attempts, functions: parts.functions, adapters: parts.adapters, keys, sql: urgent },
    ...{ clock: systemClock, chance: Math.random },
  };
  const settler = new Settler({
    ...{ database: urgent, keys, endings: parts.runEndings, onFaulty, log, clock: systemClock },
    keptResultBytes: config.limits.keptResultBytes,
    kept: parts.kept,
    onWritten: parts.monitoring?.settled,
  });
  const worker = new Worker({
    ...{ database: urgent, node, wakeCall: parts.wakeCall, gate: parts.gate, active, settler, log },
    execute: (run) => executeClaim(executing, run),
    handBack: (run, afterMs) => handBack(executing, run, afterMs),
    limits: config.limits,
    onClaimed: (runs) =>
      void parts.changes
        .announce(urgent, runs)
        .catch((error: unknown) => log.warn({ err: error }, 'claimed runs were not announced')),
  });
  stopping.addEventListener('abort', () => worker.stopClaiming());
  endings.push(() => worker.stop(GRACE_MS));
  worker.wake();
  return settler;
}
