// Puts the RevCent dialect on the public port: its API under /v2. Its functions' addresses are those of every
// webhook and function URL.

import type { ApiEndpoint } from '../api/millrace-api.ts';
import { activateBuilt } from '../builds/activate-built.ts';
import { systemClock } from '../clock/clock.ts';
import { ALLOWED_PACKAGES, PACKAGE_ALIASES } from '../dialects/revcent/allowed-packages.ts';
import { assistantTools } from '../dialects/revcent/assistant-tool-store.ts';
import { functionEndpoints } from '../dialects/revcent/function-endpoints.ts';
import { buildPackages, DIALECT } from '../dialects/revcent/function-packages.ts';
import { findUnbuilt } from '../dialects/revcent/function-settings-store.ts';
import { revcentImportEndpoints } from '../dialects/revcent/import-endpoints.ts';
import { keyValueEndpoints } from '../dialects/revcent/key-value-endpoints.ts';
import { revcentAdapter } from '../dialects/revcent/revcent-adapter.ts';
import { revcentApi } from '../dialects/revcent/revcent-api.ts';
import { renderRevcentFailure } from '../dialects/revcent/revcent-envelope.ts';
import type { SaveParts } from '../dialects/revcent/save-function.ts';
import { mcpDoor } from '../doors/mcp-door.ts';
import type { Offer } from './area.ts';
import type { Platform } from './platform.ts';

const PREFIX = '/v2';
/** What a request for a key value holds besides the value. */
const KEY_VALUE_FRAME_BYTES = 64 * 1024;

/** Its envelope also serves requests so malformed that no route is found for them. */
export const REVCENT_ENVELOPES = [{ prefix: PREFIX, render: renderRevcentFailure }];

type Parts = Pick<
  Platform,
  | 'config'
  | 'log'
  | 'http'
  | 'database'
  | 'keys'
  | 'tokens'
  | 'deployment'
  | 'builder'
  | 'accept'
  | 'invoke'
  | 'values'
  | 'payloadLimitOf'
  | 'threads'
>;

export function offerRevcent({ deployment }: Pick<Platform, 'deployment'>): Offer {
  return {
    adapters: { [DIALECT]: revcentAdapter },
    buildFollowers: { [DIALECT]: activateBuilt(deployment) },
  };
}

/** @returns what is to be done once builds can be asked for, and what belongs into Millrace's own API */
export async function mountRevcent(parts: Parts): Promise<{ start(): Promise<void>; own: ApiEndpoint[] }> {
  const { config, log, http, database, keys, tokens, deployment, builder, accept } = parts;
  const { limits, publicUrl } = config;
  const packages = { allowed: config.packages ?? ALLOWED_PACKAGES, aliases: PACKAGE_ALIASES };
  const saving: SaveParts = { database, deployment, keys, limits, builder, packages, clock: systemClock };
  const bodyLimitBytes = limits.requestBytes;
  const valueLimitBytes = Math.max(bodyLimitBytes, 2 * limits.keyValueBytes + KEY_VALUE_FRAME_BYTES);
  const functions = { ...saving, publicUrl, accept, threads: parts.threads };
  const endpoints = [
    ...functionEndpoints(functions),
    ...keyValueEndpoints({ keyValues: parts.values.keyValues, bodyLimitBytes: valueLimitBytes }),
  ];
  const { payloadLimitOf } = parts;
  const api = revcentApi({ tokens, log, endpoints, bodyLimitBytes, payloadLimitOf, clock: systemClock });
  await http.register(api, { prefix: PREFIX });
  const door = { sql: database, tokens, call: parts.invoke, sources: [assistantTools], log, bodyLimitBytes };
  await http.register(mcpDoor({ ...door, payloadLimitOf, clock: systemClock }), { prefix: '/mcp' });
  return { start: () => askForMissing(saving, log), own: revcentImportEndpoints(functions) };
}

/** Packages that nobody was asked for, because the server ended between two lines. */
async function askForMissing(saving: SaveParts, log: Parts['log']): Promise<void> {
  for (const { functionId, ...world } of await findUnbuilt(saving.database)) {
    await buildPackages(saving, world, functionId).catch((error: unknown) =>
      log.error({ err: error, function: functionId }, 'packages could not be asked for'),
    );
  }
}
