// Millrace's own dialect: functions that its API makes, with their code, versions and variables.
import { functionCanaryEndpoints } from '../api/function-canary-endpoints.ts';
import { functionCodeEndpoints } from '../api/function-code-endpoints.ts';
import { functionDiffEndpoints } from '../api/function-diff-endpoints.ts';
import { functionVersionEndpoints } from '../api/function-version-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { ownFunctionEndpoints } from '../api/own-function-endpoints.ts';
import { followOwnBuilds, OWN_BUILDS } from '../api/own-functions.ts';
import { trialEndpoints } from '../api/trial-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { millraceAdapter } from '../dialects/millrace/millrace-adapter.ts';
import { OWN_DIALECT } from '../functions/own-dialect.ts';
import type { CodeTrials } from '../gateway/try-code.ts';
import { newFunctionId } from '../ids/ids.ts';
import type { Offer } from './area.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<
  Platform,
  | 'config'
  | 'log'
  | 'database'
  | 'deployment'
  | 'builder'
  | 'engines'
  | 'keys'
  | 'threads'
  | 'uploadGate'
  | 'functions'
  | 'recorder'
> & { trials: CodeTrials };

export function offerOwnFunctions({ deployment }: Pick<Platform, 'deployment'>): Offer {
  return {
    adapters: { [OWN_DIALECT]: millraceAdapter },
    buildFollowers: { [OWN_BUILDS]: followOwnBuilds(deployment) },
  };
}

/** @returns what belongs into Millrace's own API */
export function mountOwnFunctions(parts: Parts): ApiEndpoint[] {
  const { config, log, database, deployment, builder, threads, uploadGate } = parts;
  const { engines, functions, trials, recorder } = parts;
  const making = { database, engines, limits: config.limits, newId: newFunctionId, threads };
  return [
    ...trialEndpoints({ ...making, functions, trials, recorder, clock: systemClock }),
    ...ownFunctionEndpoints({
      ...{ ...making, deployment, builder, keys: parts.keys, uploadGate },
      packages: { allowed: config.packages ?? '*' },
      pythonPackages: config.pythonPackages,
      onEngineError: (err) =>
        log.warn({ err }, 'the engine of a function could not be installed ahead of its call'),
    }),
    ...functionCodeEndpoints({ sql: database, threads, uploadGate }),
    ...functionDiffEndpoints({ sql: database, threads, uploadGate }),
    ...functionVersionEndpoints({ sql: database, deployment }),
    ...functionCanaryEndpoints({ sql: database, deployment }),
  ];
}
