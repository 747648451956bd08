// Of the operator's settings those that the supervisor needs: it reads no other, holds no secret, and has
// none to parse. Decides nothing. Called by the launchers.
import type { MachineEngines } from '../contract/machine-engines.ts';
import { installationName } from '../contract/paths.ts';
import type { SupervisorSettings } from '../contract/supervisor-settings.ts';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';
import { databaseHost } from './database-host.ts';

/** What the launcher has found or made for it. */
type Found = MachineEngines & Pick<SupervisorSettings, 'runDir' | 'serverUid' | 'withoutRoot'>;

/** @throws StartError where the database's address can't be read */
export function settingsOfSupervisor(config: Config, found: Found): SupervisorSettings {
  const { dataDir, enginesDir, ociRuntime, sandboxNetwork, extraCaCerts, npmRegistry, pypiIndex } = config;
  const { egressAllow, egressUdp, egressSource, dnsServers, publicUrl, host, port } = config;
  const { logLevel, logFormat } = config;
  return {
    ...{ dataDir, enginesDir, installation: installationName(dataDir) },
    ...{ sandbox: config.sandbox === 'oci' ? 'oci' : 'bubblewrap', ociRuntime, sandboxNetwork, extraCaCerts },
    ...{ egressAllow, egressUdp, egressSource, dnsServers, npmRegistry, pypiIndex, publicUrl, host, port },
    egressAllowAccounts: Object.fromEntries(config.egressAllowAccounts),
    egressDenyAccounts: Object.fromEntries(config.egressDenyAccounts),
    database: databaseOf(config.databaseUrl),
    ...{ logLevel, logFormat },
    ...found,
  };
}

function databaseOf(databaseUrl: string | null): SupervisorSettings['database'] {
  if (databaseUrl === null) return null;
  try {
    return databaseHost(databaseUrl);
  } catch (error) {
    throw new StartError(`MILLRACE_DATABASE_URL can't be read: ${(error as Error).message}`);
  }
}
