// Puts what HubSpot's CLI calls on the public ports, and starts what makes endpoints of uploaded folders. The
// endpoints themselves are served elsewhere (mount-hubspot-doors.ts).
import { openPackageSets } from '../builds/package-sets.ts';
import { systemClock } from '../clock/clock.ts';
import { startEndpointTidier } from '../dialects/hubspot/catalog/endpoint-tidier.ts';
import { FOLDER_CHANNEL } from '../dialects/hubspot/catalog/folder-store.ts';
import { appEndpoints } from '../dialects/hubspot/cli/app-endpoints.ts';
import { buildEndpoints } from '../dialects/hubspot/cli/build-endpoints.ts';
import { cliApi } from '../dialects/hubspot/cli/cli-api.ts';
import { logEndpoints } from '../dialects/hubspot/cli/log-endpoints.ts';
import { routeEndpoints } from '../dialects/hubspot/cli/route-endpoints.ts';
import { secretEndpoints } from '../dialects/hubspot/cli/secret-endpoints.ts';
import { sessionEndpoints } from '../dialects/hubspot/cli/session-endpoints.ts';
import { fileEndpoints } from '../dialects/hubspot/files/file-endpoints.ts';
import { createFolderBuilds, type FolderBuilds } from '../dialects/hubspot/folders/folder-builds.ts';
import { createFolderDeployer } from '../dialects/hubspot/folders/folder-deployer.ts';
import { startFolderWorker } from '../dialects/hubspot/folders/folder-worker.ts';
import { preloadedPackages } from '../dialects/hubspot/folders/preloaded-packages.ts';
import { UploadsInHand } from '../dialects/hubspot/folders/uploads-in-hand.ts';
import { CLI_PREFIXES, withoutLabel } from '../dialects/hubspot/frame/cli-address.ts';
import type { CliEndpoint } from '../dialects/hubspot/frame/cli-endpoint.ts';
import { renderCliFailure } from '../dialects/hubspot/frame/cli-envelope.ts';
import { hubspotImport } from '../dialects/hubspot/moving/import-endpoint.ts';
import { createProjectBuilds, type ProjectBuilds } from '../dialects/hubspot/projects/project-builds.ts';
import { projectEndpoints } from '../dialects/hubspot/projects/project-endpoints.ts';
import type { OpenedPeople } from './open-people.ts';
import type { Platform } from './platform.ts';

/** Its envelope also serves requests so malformed that no route is found for them. */
export const CLI_ENVELOPES = CLI_PREFIXES.map((prefix) => ({ prefix, render: renderCliFailure }));

/** Takes off what the CLI is made to put in front of its addresses. */
export function withoutCliLabel(url: string): string {
  return withoutLabel(url, CLI_PREFIXES);
}

type Parts = Pick<
  Platform,
  | 'config'
  | 'log'
  | 'endings'
  | 'database'
  | 'hearing'
  | 'http'
  | 'keys'
  | 'tokens'
  | 'deployment'
  | 'load'
  | 'uploadThreads'
  | 'uploadGate'
> & { people: Pick<OpenedPeople, 'access'> };

export async function mountHubspot(parts: Parts): Promise<void> {
  const { config, log, database, http, keys, tokens, uploadGate: gate } = parts;
  const { limits, publicUrl, notice } = config;
  const uploads = new UploadsInHand();
  const { builds, projects } = startFolders(parts, uploads);
  const endpoints = [
    ...sessionEndpoints({ sql: database, clock: systemClock, tokens, notice }),
    ...secretEndpoints({ database, keys, limits }),
    ...routeEndpoints({ sql: database }),
    ...logEndpoints({ sql: database }),
    ...buildEndpoints({ sql: database, builds, publicUrl }),
    ...fileEndpoints({ database, uploads, gate, limits }),
    ...projectEndpoints({ database, projects, gate, limits, clock: systemClock }),
    ...appEndpoints({ database, keys, limits }),
  ];
  const { load, uploadThreads: threads } = parts;
  const progress = { sql: database, builds, load, threads };
  const { tlsPort, tlsCert, tlsHandedOver } = config;
  const https = { tlsPort, hasOwnCertificate: tlsCert !== null || tlsHandedOver !== null };
  const moving = hubspotImport({
    ...{ database, tokens, gate, threads, builds, progress, limits, publicUrl, https, log },
    signedIn: parts.people.access.callerOf,
  });
  await http.register(moving, { prefix: '/millrace/v1/import' });
  for (const [prefix, own] of byPrefix(endpoints)) {
    await http.register(cliApi({ tokens, log, endpoints: own }), { prefix });
  }
}

function byPrefix(endpoints: readonly CliEndpoint[]): Map<string, CliEndpoint[]> {
  const groups = new Map<string, CliEndpoint[]>();
  for (const endpoint of endpoints) {
    groups.set(endpoint.prefix, [...(groups.get(endpoint.prefix) ?? []), endpoint]);
  }
  return groups;
}

/** Folders are deployed and builds moved on by every node, whichever took the upload. */
function startFolders(
  parts: Parts,
  uploads: UploadsInHand,
): { builds: FolderBuilds; projects: ProjectBuilds } {
  const { config, log, endings, database, hearing, keys, deployment, uploadThreads: threads } = parts;
  const { limits, buildScripts } = config;
  const packages = openPackageSets({
    database,
    platform: `${process.platform}-${process.arch}`,
    scripts: buildScripts,
    freshS: limits.buildFreshS,
    clock: systemClock,
  });
  const rules = { allowed: config.packages ?? '*' } as const;
  const loading = { load: parts.load, clock: systemClock };
  const builds = createFolderBuilds({ database, packages, rules, ...loading });
  const projects = createProjectBuilds({ database, packages, threads, rules, limits, ...loading });
  const preloaded = preloadedPackages({ packages, clock: systemClock });
  const deploy = createFolderDeployer({ sql: database, deployment, keys, preloaded, threads, limits });
  const worker = startFolderWorker({ sql: database, deploy, builds: [builds, projects], uploads, log });
  const tidier = startEndpointTidier({ database, runRetentionDays: limits.runRetentionDays, log });
  endings.push(() => worker.stop());
  endings.push(() => tidier.stop());
  hearing.on(
    FOLDER_CHANNEL,
    () => worker.wake(),
    () => worker.wake(),
  );
  return { builds, projects };
}
