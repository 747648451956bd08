// Millrace's own dialect: functions that its API makes, with their code, versions and variables.
import { functionCodeEndpoints } from '../api/function-code-endpoints.ts';
import { functionVersionEndpoints } from '../api/function-version-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { ownFunctionEndpoints } from '../api/own-function-endpoints.ts';
import { followOwnBuilds, OWN_BUILDS } from '../api/own-functions.ts';
import { millraceAdapter } from '../dialects/millrace/millrace-adapter.ts';
import { OWN_DIALECT } from '../functions/own-dialect.ts';
import { newFunctionId } from '../ids/ids.ts';
import type { Offer } from './area.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<
  Platform,
  'config' | 'log' | 'database' | 'deployment' | 'builder' | 'engines' | 'keys' | 'threads' | 'uploadGate'
>;

export function offerOwnFunctions({ deployment }: Pick<Platform, 'deployment'>): Offer {
  return {
    adapters: { [OWN_DIALECT]: millraceAdapter },
    buildFollowers: { [OWN_BUILDS]: followOwnBuilds(deployment) },
  };
}

/** @returns what belongs into Millrace's own API */
export function mountOwnFunctions(parts: Parts): ApiEndpoint[] {
  const { config, log, database, deployment, builder, threads, uploadGate } = parts;
  return [
    ...ownFunctionEndpoints({
      ...{ database, deployment, builder, engines: parts.engines, keys: parts.keys, threads },
      ...{ limits: config.limits, packages: { allowed: config.packages ?? '*' }, newId: newFunctionId },
      onEngineError: (err) =>
        log.warn({ err }, 'the engine of a function could not be installed ahead of its call'),
    }),
    ...functionCodeEndpoints({ sql: database, threads, uploadGate }),
    ...functionVersionEndpoints({ sql: database, deployment }),
  ];
}
