// What runs functions: sandboxes and their pool, the limits that let runs in, records of runs, and the ways
// to call, load, queue and cancel one. Called by serve.ts, once it has what all areas offer.
import { systemClock } from '../clock/clock.ts';
import { createErrorGrouper } from '../error-groups/group-errors.ts';
import { createFaultyDisabler } from '../events/disable-faulty.ts';
import { createRunEndPublisher } from '../events/publish-run-ends.ts';
import { createNearLimitReporter } from '../events/report-near-limits.ts';
import type { FaultListener } from '../functions/fault-store.ts';
import { type AcceptRun, createRunAcceptor } from '../gateway/accept-run.ts';
import { functionInvoker } from '../gateway/invoke-function.ts';
import { createFunctionLoader, type LoadFunction } from '../gateway/load-function.ts';
import { type CodeTrials, createCodeTrials } from '../gateway/try-code.ts';
import { newFunctionId, newRunId } from '../ids/ids.ts';
import { countRuns } from '../metrics/count-store.ts';
import { type CancelRun, createRunCanceller } from '../queue/cancel-run.ts';
import type { RunEndings } from '../queue/run-endings.ts';
import { ActiveRuns } from '../runs/active-runs.ts';
import type { AttemptParts } from '../runs/attempt-run.ts';
import type { CallFunction } from '../runs/call-function.ts';
import { keepCorrelations } from '../runs/correlation-store.ts';
import { runExecutor } from '../runs/execute-run.ts';
import { RunRecorder } from '../runs/run-recorder.ts';
import { keepStarts } from '../runs/run-start-store.ts';
import { watchAll } from '../runs/run-watch.ts';
import type { SandboxDriver } from '../sandbox/sandbox-driver.ts';
import type { SandboxPool } from '../sandbox/sandbox-pool.ts';
import type { BundleCache } from '../versions/bundle-cache.ts';
import { keepMounted } from '../versions/mounted-bundles.ts';
import type { Offered } from './area.ts';
import { attemptParts, executorParts } from './attempt-parts.ts';
import type { Code } from './open-code.ts';
import { openDriver } from './open-driver.ts';
import type { Foundation } from './open-foundation.ts';
import { type OutgoingCalls, openOutgoingCalls } from './open-outgoing-calls.ts';
import { openPool } from './open-pool.ts';
import { openTelemetry } from './open-telemetry.ts';
import { startHistory } from './start-history.ts';
import { type StartedLimits, startLimits } from './start-limits.ts';
import { startPrestarts } from './start-prestarts.ts';

export type Execution = {
  driver: SandboxDriver;
  limited: StartedLimits;
  pool: SandboxPool;
  recorder: RunRecorder;
  active: ActiveRuns;
  attempts: AttemptParts;
  invoke: CallFunction;
  load: LoadFunction;
  trials: CodeTrials;
  cancel: CancelRun;
  accept: AcceptRun;
  runEndings: RunEndings;
  onFaulty: FaultListener;
  outgoing: OutgoingCalls;
};

type Parts = Foundation & Code & Pick<Offered, 'adapters' | 'followers'>;

export async function openExecution(parts: Parts): Promise<Execution> {
  const { config, log, endings, database, node, keys, functions, publishOwn, kept, adapters } = parts;
  const driver = keepingMounted(await openDriver(config, log, parts.stopping), parts.bundles);
  endings.push(() => driver.close());
  const onNear = createNearLimitReporter({ database, publishOwn, log });
  const limited = startLimits({ ...parts, onNear });
  const { gate, meter } = limited;
  const pool = openPool({
    ...parts,
    onLeftover: ({ accountId, usedMs }) => meter.charge(accountId, usedMs),
  });
  const onFaulty = createFaultyDisabler(publishOwn);
  const measured = parts.monitoring === null ? [] : [parts.monitoring.runs];
  const grouped = createErrorGrouper(publishOwn);
  const sent = openTelemetry(parts);
  const watch = watchAll([
    ...[countRuns, keepStarts, keepCorrelations, grouped, parts.changes.watch],
    ...[...measured, ...sent],
  ]);
  const recorder = new RunRecorder({ database, node: () => node.id, log, keys, onFaulty, kept, watch });
  endings.push(() => recorder.flush());
  await startHistory(parts);
  const active = new ActiveRuns();
  const outgoing = openOutgoingCalls(parts);
  const attempts = attemptParts({ ...parts, driver, pool, recorder, active, meter, calls: outgoing.tracker });
  startPrestarts({ ...parts, attempts });
  const runs = executorParts({ config, recorder, adapters }, attempts);
  const mostPerAccount = config.limits.trialsPerAccount;
  const onEveryEnd = [createRunEndPublisher(publishOwn)];
  const runEndings = { followers: parts.followers, onEveryEnd, watch };
  return {
    ...{ driver, limited, pool, recorder, active, attempts, runEndings, onFaulty, outgoing },
    invoke: functionInvoker({ functions, gate, execute: runExecutor(runs) }),
    trials: createCodeTrials({ runs, gate, bundles: parts.bundles, newId: newFunctionId, mostPerAccount }),
    load: createFunctionLoader({ functions, gate, attempts }),
    cancel: createRunCanceller({ database, endings: runEndings, active }),
    accept: createRunAcceptor({ database, queue: parts.queue, functions, newRunId, clock: systemClock }),
  };
}

/** Code stays on disk for as long as a sandbox has it mounted. */
function keepingMounted(walls: SandboxDriver, bundles: BundleCache): SandboxDriver {
  return {
    name: walls.name,
    start: keepMounted(walls, bundles),
    build: (spec) => walls.build(spec),
    ...(walls.blanks === undefined ? {} : { blanks: walls.blanks }),
    close: () => walls.close(),
  };
}
