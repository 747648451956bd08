// Puts the Comecero dialect on the public port: its management API under /api/v1, its functions under
// /func/v1.
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { World } from '../accounts/account.ts';
import { findAccountSettings } from '../accounts/account-settings-store.ts';
import type { Builder } from '../builds/builder.ts';
import { systemClock } from '../clock/clock.ts';
import type { Config } from '../config/config.ts';
import { accountsEndpoints, accountUrl } from '../dialects/comecero/accounts.ts';
import { authsEndpoints } from '../dialects/comecero/auths.ts';
import { authsIssueEndpoints } from '../dialects/comecero/auths-issue.ts';
import { createComeceroAdapter } from '../dialects/comecero/comecero-adapter.ts';
import { comeceroApi } from '../dialects/comecero/comecero-api.ts';
import { renderComeceroFailure } from '../dialects/comecero/comecero-envelope.ts';
import type { Endpoint } from '../dialects/comecero/endpoint.ts';
import { hostedFunctionEndpoints } from '../dialects/comecero/hosted-functions.ts';
import { comeceroInvoke } from '../dialects/comecero/invoke.ts';
import { followPythonBuilds, PYTHON_BUILDS } from '../dialects/comecero/python-builds.ts';
import { technicalSettingsEndpoints } from '../dialects/comecero/technical-settings.ts';
import { usersEndpoints } from '../dialects/comecero/users.ts';
import type { Engines } from '../engines/engines.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import { createAccountChangePublisher, type PublishAccountChange } from '../events/account-changes.ts';
import type { PublishOwn } from '../events/own-events.ts';
import type { AcceptRun } from '../gateway/accept-run.ts';
import type { PayloadLimitOf } from '../limits/payload-limit.ts';
import type { UploadGate } from '../limits/upload-gate.ts';
import type { Database } from '../postgres/database.ts';
import type { CallFunction } from '../runs/call-function.ts';
import type { RunAdapter } from '../runs/run-adapter.ts';
import { AddressPace } from '../tokens/address-pace.ts';
import type { TokenDirectory } from '../tokens/token-directory.ts';
import type { Deployment } from '../versions/deployment.ts';
import type { Offer } from './area.ts';
import type { Platform } from './platform.ts';

/** Limited tokens that one address may have made without showing a token. */
const ISSUING_PACE = { clock: systemClock, burst: 60, perMinute: 60, capacity: 10_000 };

const MANAGEMENT = '/api/v1';
const DOORWAY = '/func/v1';

/** Its envelope also serves requests so malformed that no route is found for them. */
export const COMECERO_ENVELOPES = [MANAGEMENT, DOORWAY].map((prefix) => ({
  prefix,
  render: renderComeceroFailure,
}));

export type ComeceroParts = {
  config: Config;
  log: Logger;
  database: Database;
  keys: AccountKeys;
  engines: Engines;
  tokens: TokenDirectory;
  deployment: Deployment;
  builder: Builder;
  uploadGate: UploadGate;
  invoke: CallFunction;
  accept: AcceptRun;
  payloadLimitOf: PayloadLimitOf;
  requireRoom(accountId: string): void;
  adapter: RunAdapter;
  publishOwn: PublishOwn;
  publishAccountChange: PublishAccountChange;
  /** Of what is started elsewhere. */
  furtherEndpoints: readonly Endpoint[];
};

/** What is published of an account names where it can be read: in this dialect's API. */
export function createLinkedChangePublisher({
  config,
  publishOwn,
}: Pick<Platform, 'config' | 'publishOwn'>): PublishAccountChange {
  return createAccountChangePublisher({
    publishOwn,
    accountUrl: (accountId) => accountUrl(config.publicUrl, accountId),
  });
}

export function offerComecero({ deployment }: Pick<Platform, 'deployment'>): Offer & { adapter: RunAdapter } {
  const adapter = createComeceroAdapter(systemClock);
  return {
    adapter,
    adapters: { comecero: adapter },
    buildFollowers: { [PYTHON_BUILDS]: followPythonBuilds(deployment) },
  };
}

export async function mountComecero(http: FastifyInstance, parts: ComeceroParts): Promise<void> {
  const { config, log, database, keys, engines, tokens, deployment, uploadGate, invoke, accept } = parts;
  const { builder } = parts;
  const { adapter, publishOwn, publishAccountChange } = parts;
  const { publicUrl, limits, pythonPackages } = config;
  const auths = { sql: database, clock: systemClock, publicUrl, tokens };
  const endpoints = [
    ...hostedFunctionEndpoints({
      sql: database,
      deployment,
      builder,
      uploadGate,
      keys,
      engines,
      publicUrl,
      limits,
      pythonPackages,
      log,
    }),
    ...authsEndpoints(auths),
    ...authsIssueEndpoints({ ...auths, pace: new AddressPace(ISSUING_PACE) }),
    ...usersEndpoints({ sql: database, publicUrl, publishOwn }),
    ...technicalSettingsEndpoints({ database, keys, publicUrl, publishAccountChange }),
    ...accountsEndpoints({ sql: database, publicUrl }),
    ...parts.furtherEndpoints,
  ];
  const timeZoneOf = async (world: World) => (await findAccountSettings(database, world)).timeZone;
  const api = comeceroApi({ tokens, publicUrl, log, endpoints, timeZoneOf });
  await http.register(api, { prefix: MANAGEMENT });
  const { payloadLimitOf, requireRoom } = parts;
  const doorway = {
    tokens,
    invoke,
    adapter,
    accept,
    log,
    publicUrl,
    payloadLimitOf,
    requireRoom,
    bodyLimitBytes: limits.requestBytes,
  };
  await http.register(comeceroInvoke(doorway), { prefix: DOORWAY });
}
