// The one HTTP server: whose a host is, who is served, which tokens are known, and the bounds of bodies.
// Doors and APIs are mounted on it before it listens. Called by serve.ts.
import type { FastifyInstance } from 'fastify';
import type { HostDirectory } from '../accounts/host-directory.ts';
import type { ServedCertificates } from '../certificates/served-certificates.ts';
import { systemClock } from '../clock/clock.ts';
import { pointToConsole } from '../console/point-to-console.ts';
import { answerHealth } from '../http/answer-health.ts';
import { createHttpServer } from '../http/open-http-server.ts';
import { watchRoutes } from '../http/served-routes.ts';
import { holdRoomForBodies } from '../limits/body-room.ts';
import { ROW_BYTES } from '../limits/kept-bytes.ts';
import { UploadGate } from '../limits/upload-gate.ts';
import type { SandboxPool } from '../sandbox/sandbox-pool.ts';
import { createChangeNote } from '../tokens/note-change.ts';
import { createAddressPacing } from '../tokens/pace-addresses.ts';
import { TokenDirectory } from '../tokens/token-directory.ts';
import { closeDoors } from './close-doors.ts';
import { COMECERO_ENVELOPES } from './mount-comecero.ts';
import { CLI_ENVELOPES, withoutCliLabel } from './mount-hubspot.ts';
import { ENDPOINT_ENVELOPES } from './mount-hubspot-doors.ts';
import { REVCENT_ENVELOPES } from './mount-revcent.ts';
import { challengesOf, openCertificates } from './open-certificates.ts';
import { openConsolePages } from './open-console-pages.ts';
import type { Foundation } from './open-foundation.ts';
import { accountOfHost, openHosts } from './open-hosts.ts';
import { openStopped } from './open-stopped-accounts.ts';
import { warnOfUnknownAccounts } from './warn-of-unknown-accounts.ts';

/**
 * How long an upload waits for others to end: as long as one of the largest size takes on an ordinary line.
 */
const UPLOAD_WAIT_MS = 30_000;
/** The same of a call's body. */
const BODY_WAIT_MS = 10_000;

export type PublicPort = {
  tokens: TokenDirectory;
  hosts: HostDirectory;
  certificates: ServedCertificates | null;
  http: FastifyInstance;
  uploadGate: UploadGate;
  /** What is served, for the log. */
  routes: ReturnType<typeof watchRoutes>;
};

type Parts = Foundation & {
  pool: SandboxPool;
  /** Resolves when this node goes by what was announced before. */
  settled(): Promise<void>;
};

export async function openPublicPort(parts: Parts): Promise<PublicPort> {
  const { config, log, endings } = parts;
  const { requestBytes, bodiesInHandBytes, uploadsInHandBytes } = config.limits;
  const tokens = openTokens(parts);
  const hosts = await openHosts(parts);
  const certificates = await openCertificates(parts);
  const served = await openStopped(parts);
  await warnOfUnknownAccounts(parts);
  const isGateway = config.roles.includes('gateway');
  const http = createHttpServer({
    ...{ log, bodyLimitBytes: requestBytes, trustedProxies: config.trustedProxies },
    envelopes: [...COMECERO_ENVELOPES, ...REVCENT_ENVELOPES, ...ENDPOINT_ENVELOPES, ...CLI_ENVELOPES],
    rewriteUrl: withoutCliLabel,
    accountOfHost: accountOfHost(hosts),
    ...(certificates === null ? {} : { challenges: challengesOf(config, certificates, hosts) }),
    ...{ served, settled: parts.settled },
    noteChange: createChangeNote({
      sql: parts.database,
      count: (accountId, bytes) => parts.kept.add(accountId, ROW_BYTES + bytes),
    }),
    pace: createAddressPacing(config.limits.requestsPerAddress, systemClock),
    ...(isGateway ? { consoleHost: { url: config.consoleUrl, answerPage: openConsolePages(config) } } : {}),
  });
  parts.monitoring?.requests(http);
  const routes = watchRoutes(http);
  endings.push(() => http.close());
  const bodyRoom = new UploadGate({
    ...{ capacityBytes: bodiesInHandBytes, waitMs: BODY_WAIT_MS, leastBytes: 0 },
  });
  holdRoomForBodies(http, bodyRoom, requestBytes);
  answerHealth(http, parts.stopping);
  if (isGateway) pointToConsole(http, config.consoleUrl);
  else closeDoors(http);
  const uploadGate = new UploadGate({ capacityBytes: uploadsInHandBytes, waitMs: UPLOAD_WAIT_MS });
  return { tokens, hosts, certificates, http, uploadGate, routes };
}

function openTokens({
  database,
  log,
  endings,
  operatorAccountId,
}: Pick<Foundation, 'database' | 'log' | 'endings' | 'operatorAccountId'>): TokenDirectory {
  const tokens = new TokenDirectory({
    sql: database,
    operatorAccountId,
    clock: systemClock,
    onError: (error) => log.warn({ err: error }, 'uses of tokens could not be written'),
  });
  endings.push(() => tokens.close());
  return tokens;
}
