// Composes the supervisor: looks at the machine, clears what an earlier life left, claims addresses, and
// opens the socket for the server. Keeps root and never faces the network. Called by main.ts, which ends it
// on signals.

import { chmodSync, chownSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { machineEnginesOf } from '../contract/machine-engines.ts';
import { homeDir, npmDir } from '../contract/paths.ts';
import { canFork, NO_FORK_WARNING } from '../contract/runtime-launch.ts';
import type { SupervisorSettings } from '../contract/supervisor-settings.ts';
import type { Running } from '../process/run-until-stopped.ts';
import { StartError } from '../process/start-error.ts';
import { rulesOfAccounts } from './account-egress.ts';
import type { BuildSite } from './build-network.ts';
import { openCallWatch } from './call-watch.ts';
import type { CgroupPlan } from './cgroup-plan.ts';
import { type Cgroups, openCgroups } from './cgroups.ts';
import { checkMachine, uidOf } from './check-machine.ts';
import { type EgressPlan, sandboxRules } from './egress-rules.ts';
import { writeEtcFolder } from './etc-folder.ts';
import { firewallWarnings } from './host-firewall.ts';
import { networkNames, openHostNetwork, reapNetworks } from './host-network.ts';
import { dotnetEngine, javaEngine, nodeFile, pythonEngine, STAGED_ENGINE } from './jail-engine.ts';
import { lookAtNetwork } from './network-facts.ts';
import { claimName, claimRange } from './network-range.ts';
import { openNetworks } from './networks.ts';
import { withAllHierarchies } from './oci-cgroups.ts';
import { openOciSite } from './oci-site.ts';
import { canonicalPath } from './pinned-path.ts';
import { fileHostsOf, planNetwork, registryPlace } from './plan-network.ts';
import { seccompProgram } from './seccomp-program.ts';
import { CALLS_FOR_CGROUPS } from './seccomp-table.ts';
import { openSupervisor } from './supervisor.ts';
import * as machine from './system-facts.ts';
import { openWatchedLimits } from './watched-limits.ts';
import { OUTSIDE } from './way-out.ts';

/** Networks built ahead: as many sandboxes can start at once without waiting. */
const NETWORK_STOCK = 4;
/** How long a supervisor whose launcher was killed may take to be gone. */
const FORMER_LIFE_MS = 15_000;
const NAME_RETRY_MS = 100;
const WAY_OUT_LOOK_MS = 1_000;

/**
 * The launcher's lock says that no other lives on this data dir: who has the name is a former life on its way
 * out.
 */
async function claimWhenFree(name: string): ReturnType<typeof claimName> {
  for (const giveUpAt = Date.now() + FORMER_LIFE_MS; ; ) {
    const claimed = await claimName(name);
    if (claimed !== null || Date.now() > giveUpAt) return claimed;
    await sleep(NAME_RETRY_MS);
  }
}

/**
 * @returns how to end it: afterwards no process, cgroup, mount, namespace, link, table or socket is left
 * @throws Error when jails can't be built on this machine: says what is missing
 */
export async function supervise(settings: SupervisorSettings, log: Logger): Promise<Running> {
  const { installation, runDir, withoutRoot } = settings;
  const { system, cgroupPlan, architecture } = await checkMachine(settings);
  // Held until this process dies: a second supervisor would reap the first one's jails.
  const lock = await claimWhenFree(`millrace-supervisor-${installation}`);
  if (lock === null) throw new StartError(`another Millrace runs on ${settings.dataDir}`);

  const cgroups = await openLimits(settings, cgroupPlan, log);
  const names = networkNames(installation);
  const reaped = { sandboxes: await cgroups.reap(), networks: await reapNetworks(names) };
  if (reaped.sandboxes + reaped.networks > 0) log.warn(reaped, 'sandboxes of an earlier start are removed');

  // Without root the whole network is ours.
  const taken = withoutRoot === null ? machine.hostAddresses() : [];
  const range = await claimRange(settings.sandboxNetwork, taken);
  const plan = planNetwork(settings, range, await lookAtNetwork(settings, range));
  for (const { facts, message } of plan.warnings) log.warn(facts, message);
  const builds = buildSite(settings, plan.egress);
  const folders = prepareRunDir(runDir);
  const seccompFile = path.join(runDir, 'seccomp.bpf');
  const unknown = cgroupPlan === null ? CALLS_FOR_CGROUPS : [];
  writeFileSync(seccompFile, seccompProgram(architecture, unknown), { mode: 0o600 });
  writeEtcFolder(folders.etcDir, {
    hosts: plan.hosts,
    resolvConf: plan.resolvConf,
    extraCaCerts: builds.extraCaCerts,
  });
  // Shared by all installations of a machine, but for one whose network is its own.
  const stateDir = withoutRoot === null ? path.dirname(runDir) : runDir;
  const hostNetwork = await openHostNetwork(names, plan.egress, stateDir);
  for (const warning of await firewallWarnings(names.linkPrefix)) log.warn(warning);
  const networks = openNetworks({
    names,
    range,
    rules: sandboxRules(plan.egress),
    uid: uidOf(settings),
    stock: NETWORK_STOCK,
    log,
  });
  const forks = canFork(path.join(homeDir(), 'runtimes/node'));
  if (!forks) log.warn(NO_FORK_WARNING);
  const oci =
    settings.sandbox === 'oci' && cgroupPlan !== null
      ? await openOciSite({
          runtime: settings.ociRuntime,
          rootDir: path.join(runDir, 'root'),
          folders: { ...folders, system },
          engines: [
            nodeFile({ root: '/', relative: 'node' }),
            ...settings.pythons.map(pythonEngine),
            dotnetEngine('/', 'dotnet'),
            javaEngine('/', 'java'),
          ],
          cgroups: {
            plan: cgroupPlan,
            name: `millrace-${installation}`,
            mountinfo: machine.cgroupFacts().mountinfo,
          },
          architecture,
        })
      : null;
  const calls = openCallWatch(log);
  const supervisor = await openSupervisor({
    runDir,
    serverUid: settings.serverUid,
    log,
    site: {
      ...{ cgroups, networks, system, log, calls, seccompFile, oci, builds, ...folders },
      dataDir: canonicalPath(settings.dataDir),
      enginesDir: canonicalPath(settings.enginesDir),
      ...machineEnginesOf(settings),
      homeDir: homeDir(),
      hasExtraCaCerts: settings.extraCaCerts !== null,
      canFork: forks,
      rulesOf: rulesOfAccounts(plan.egress, settings),
    },
  });
  log.info({ installation, range: range.cidr }, 'supervisor ready');
  const isOpen = withoutRoot !== null && withoutRoot.noNetwork === null;
  const wayOut = isOpen ? watchWayOut() : null;
  return {
    ...(wayOut === null ? {} : { broken: wayOut.lost }),
    close: async () => {
      wayOut?.stop();
      await supervisor.close();
      calls.close();
      await networks.close();
      await hostNetwork.close();
      await cgroups.close();
      rmSync(runDir, { recursive: true, force: true });
      await range.release();
      await lock.release();
    },
  };
}

/** The link goes when pasta ends: another life of ours gets another. */
function watchWayOut(): { lost: Promise<string>; stop(): void } {
  const { promise: lost, resolve } = Promise.withResolvers<string>();
  const timer = setInterval(() => {
    if (networkInterfaces()[OUTSIDE] === undefined) resolve('pasta has ended, and the way out with it');
  }, WAY_OUT_LOOK_MS);
  return { lost, stop: () => clearInterval(timer) };
}

async function openLimits(
  { installation, runDir, sandbox, withoutRoot }: SupervisorSettings,
  plan: CgroupPlan | null,
  log: Logger,
): Promise<Cgroups> {
  const name = `millrace-${installation}`;
  if (plan === null) return openWatchedLimits({ peaksDir: path.join(runDir, 'peaks'), log });
  // Without root, the launcher has handed them down: it alone sees all processes that must move.
  if (withoutRoot !== null) return openCgroups(plan, name, null);
  const cgroups = await openCgroups(plan, name);
  if (sandbox !== 'oci') return cgroups;
  return withAllHierarchies(cgroups, machine.cgroupFacts().mountinfo, name);
}

function buildSite(
  { npmRegistry, pypiIndex, runDir, extraCaCerts }: SupervisorSettings,
  egress: EgressPlan,
): BuildSite {
  return {
    npmDir: realpathSync(npmDir()),
    node: realpathSync(process.execPath),
    registry: { ...registryPlace(npmRegistry), fileHosts: [], pinhole: egress.registry },
    pythonIndex: {
      ...registryPlace(pypiIndex),
      fileHosts: fileHostsOf(pypiIndex),
      pinhole: egress.pythonIndex,
    },
    hostAddresses: egress.hostAddresses,
    gateway: egress.range.gateway,
    runDir,
    extraCaCerts: extraCaCerts === null ? null : readFileSync(extraCaCerts, 'utf8'),
    lookup: machine.addressesOf,
  };
}

/** Root's own, and open to the jails' users to pass through; only what they are to see lies in it. */
function prepareRunDir(runDir: string): { stageDir: string; etcDir: string } {
  mkdirSync(path.dirname(runDir), { recursive: true, mode: 0o755 });
  rmSync(runDir, { recursive: true, force: true });
  const stageDir = path.join(runDir, 'stage');
  for (const name of ['tmp', 'task', 'layer', 'bundles', 'contract', 'runtimes', STAGED_ENGINE.directory])
    mkdirSync(path.join(stageDir, name), { recursive: true });
  writeFileSync(path.join(stageDir, STAGED_ENGINE.file), '');
  for (const dir of [runDir, stageDir]) {
    chownSync(dir, 0, 0);
    chmodSync(dir, 0o711);
  }
  return { stageDir, etcDir: path.join(runDir, 'etc') };
}
