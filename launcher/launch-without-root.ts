// `start` by an ordinary user: the same two processes as with root, both theirs. The supervisor lives in
// namespaces in which they count as root, with a network of its own that pasta connects; the server is
// started plainly. Called by launch.ts.

import { chmodSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { machineEnginesOf } from '../contract/machine-engines.ts';
import { homeDir, installationName } from '../contract/paths.ts';
import type { WithoutRoot } from '../contract/without-root.ts';
import { serverCompileCache } from '../process/compile-cache.ts';
import { type Starting, startWithSecrets } from '../process/hand-over-secrets.ts';
import type { Secrets } from '../process/secret-settings.ts';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';
import type { Delegation } from '../supervisor/cgroup-delegation.ts';
import { handDownAll } from '../supervisor/cgroups.ts';
import { sourceProblem } from '../supervisor/egress-settings.ts';
import { hostAddresses } from '../supervisor/system-facts.ts';
import { GIVING_MEMORY_BACK } from './giving-memory-back.ts';
import { keepRunning } from './keep-running.ts';
import { onParentDeath } from './parent-death.ts';
import { refuseFailed, runTogether } from './run-together.ts';
import { settingsOfSupervisor } from './settings-of-supervisor.ts';
import { SUPERVISOR_COMMAND, startSupervisor } from './start-supervisor.ts';
import {
  addSystemFolders,
  type Entrance,
  enterCommand,
  lookWithoutRoot,
  planEntrance,
} from './without-root.ts';

const SERVER_MAIN = path.join(homeDir(), 'server/src/main.ts');

/** @param port settings that the launcher has chosen. @throws StartError */
export async function launchWithoutRoot(
  config: Config,
  port: Record<string, string>,
  secrets: Secrets,
): Promise<void> {
  refuseWhatTakesRoot(config);
  addSystemFolders();
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  onParentDeath(() => stopping.abort());
  const entrance = await planEntrance(config);
  const facts = await look(config, entrance);
  chmodSync(config.dataDir, 0o700);
  const cgroups = await ownCgroups(facts, `millrace-${installationName(config.dataDir)}`);
  const found: WithoutRoot = { ...facts, cgroups: cgroups.plan };
  const settings = { ...port, MILLRACE_INTERNAL_WITHOUT_ROOT: JSON.stringify(found) };
  const options = found.noNetwork === null ? entrance.pastaOptions : [];
  const way: Entrance = { ...entrance, pastaOptions: options, lock: config.dataDir };
  const known = settingsOfSupervisor(config, {
    ...machineEnginesOf(config),
    ...{ withoutRoot: found, runDir: found.runDir },
    // Whom its user namespace shows as root.
    serverUid: 0,
  });
  const command = enterCommand(way, SUPERVISOR_COMMAND);
  const supervisor = keepRunning(() => startSupervisor(command, known), stopping.signal);
  const server = keepRunning(() => startWithSecrets(serverOf(settings), secrets), stopping.signal);
  await runTogether(server, supervisor, stopping);
  await cgroups.undo();
  rmSync(found.runDir, { recursive: true, force: true });
  refuseFailed(server, supervisor);
}

function refuseWhatTakesRoot(config: Config): void {
  if (config.sandbox === 'oci') {
    throw new StartError('MILLRACE_SANDBOX=oci takes root: unset it, or start Millrace as root');
  }
  if (realpathSync(config.dataDir).startsWith('/run/')) {
    throw new StartError('without root, MILLRACE_DATA_DIR must lie outside of /run');
  }
  const problem = sourceProblem(config.egressSource, hostAddresses());
  if (problem !== null) throw new StartError(problem);
}

async function look(config: Config, entrance: Entrance): Promise<WithoutRoot> {
  try {
    return await lookWithoutRoot(config, entrance);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${reason}. MILLRACE_SANDBOX=none is for machines where only trusted code runs`);
  }
}

/** Version 2 wants processes moved, which can only be done by one who sees them all. */
async function ownCgroups(
  { cgroups }: WithoutRoot,
  name: string,
): Promise<Delegation & { plan: WithoutRoot['cgroups'] }> {
  const none = { plan: null, undo: () => Promise.resolve() };
  if (cgroups === null) return none;
  try {
    const handed = await handDownAll(cgroups, name);
    const undo = async (): Promise<void> => {
      for (const one of handed) await one.undo();
    };
    return { plan: cgroups, undo };
  } catch (error) {
    console.error(`millrace: this user's cgroups can't be used: ${(error as Error).message}`);
    return none;
  }
}

function serverOf(settings: Record<string, string>): Starting {
  const command = [
    'setpriv',
    '--pdeathsig',
    'TERM',
    '--no-new-privs',
    process.execPath,
    SERVER_MAIN,
    'serve',
  ] as const;
  const compiled = serverCompileCache(homeDir(), { uid: process.getuid?.() ?? 0, app: homeDir() });
  return { command: [...command], env: { ...GIVING_MEMORY_BACK, ...process.env, ...settings, ...compiled } };
}
