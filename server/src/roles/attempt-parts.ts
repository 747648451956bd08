// What every run of every kind is attempted with: how a function gets its sandbox, and where what comes of it
// is recorded.
import { systemClock } from '../clock/clock.ts';
import { newRunId } from '../ids/ids.ts';
import type { ExecutionMeter } from '../limits/execution-meter.ts';
import type { AttemptParts } from '../runs/attempt-run.ts';
import type { RunParts } from '../runs/execute-run.ts';
import type { SandboxDriver } from '../sandbox/sandbox-driver.ts';
import { createTargetMaker } from '../sandbox/sandbox-starter.ts';
import { functionArn } from '../sandbox/start-payload.ts';
import type { BundleCache } from '../versions/bundle-cache.ts';
import { egressDenials } from './open-egress.ts';
import type { Values } from './open-values.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<
  Platform,
  'config' | 'database' | 'pool' | 'recorder' | 'engines' | 'active' | 'adapters' | 'monitoring'
> & {
  driver: SandboxDriver;
  bundles: BundleCache;
  values: Values;
  meter: ExecutionMeter;
  calls: AttemptParts['calls'];
};

export function attemptParts({
  config,
  database,
  pool,
  recorder,
  engines,
  active,
  adapters,
  ...others
}: Parts): AttemptParts {
  const { driver, bundles, values, meter, calls, monitoring } = others;
  const targetOf = createTargetMaker({
    driver,
    chooseEngine: engines.choose,
    ensureEngine: engines.ensure,
    ensureBundle: (hash) => bundles.ensure(hash),
    limits: config.limits,
    clock: systemClock,
    egressDenyOf: egressDenials({ database }),
    onLateLines: (fn, runId, log) => recorder.append({ accountId: fn.accountId, runId }, log),
    onLoaded: (fn, usedMs) => meter.charge(fn.accountId, usedMs),
    onStart: monitoring?.pool.onStart,
    offers: values.offers,
  });
  return {
    ...{ pool, active, targetOf, functionArn, meter, calls, clock: systemClock },
    onWaited: monitoring?.pool.onWaited,
    adviceOn: (error, fn) => adapters[fn.dialect]?.adviceOn?.(error, fn) ?? null,
  };
}

/** For synchronous runs. */
export function executorParts(
  { config, recorder, adapters }: Pick<Platform, 'config' | 'recorder' | 'adapters'>,
  attempts: AttemptParts,
): RunParts {
  const { keptInputBytes: inputBytes, keptResultBytes: resultBytes } = config.limits;
  return {
    ...{ ...attempts, recorder, adapters, newRunId, clock: systemClock },
    kept: { inputBytes, resultBytes },
  };
}
