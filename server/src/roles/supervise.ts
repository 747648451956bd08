// Composes the supervisor: looks at the machine, clears what an earlier life left, claims addresses, and opens the socket for
// the server. Keeps root and never faces the network. Called by main.ts (`millrace supervise`), which ends it on signals.

import { chmodSync, chownSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { homeDir, installationName } from '../../../contract/paths.ts';
import { canFork, NO_FORK_WARNING } from '../../../contract/runtime-launch.ts';
import type { Running } from '../../../process/run-until-stopped.ts';
import { StartError } from '../../../process/start-error.ts';
import type { Config } from '../config/config.ts';
import { npmDir } from '../engines/npm-install.ts';
import { databaseHost } from '../postgres/database-host.ts';
import { rulesOfAccounts } from '../supervisor/account-egress.ts';
import type { BuildSite } from '../supervisor/build-network.ts';
import { type CgroupPlan, planCgroups } from '../supervisor/cgroup-plan.ts';
import { type Cgroups, openCgroups } from '../supervisor/cgroups.ts';
import { type DoorFacts, hostsFile, planDoor, planRegistryDoor, planResolvers } from '../supervisor/door.ts';
import { type EgressPlan, sandboxRules } from '../supervisor/egress-rules.ts';
import { sourceProblem, uselessNetworks } from '../supervisor/egress-settings.ts';
import { writeEtcFolder } from '../supervisor/etc-folder.ts';
import { firewallWarnings } from '../supervisor/host-firewall.ts';
import { networkNames, openHostNetwork, reapNetworks } from '../supervisor/host-network.ts';
import type { SystemEntry } from '../supervisor/jail-arguments.ts';
import { nodeFile, pythonEngine, STAGED_ENGINE } from '../supervisor/jail-engine.ts';
import { claimName, claimRange, type NetworkRange } from '../supervisor/network-range.ts';
import { openNetworks } from '../supervisor/networks.ts';
import { withAllHierarchies } from '../supervisor/oci-cgroups.ts';
import { openOciSite } from '../supervisor/oci-site.ts';
import { canonicalPath } from '../supervisor/pinned-path.ts';
import { seccompProgram } from '../supervisor/seccomp-program.ts';
import { type Architecture, architectures, CALLS_FOR_CGROUPS } from '../supervisor/seccomp-table.ts';
import { openSupervisor } from '../supervisor/supervisor.ts';
import * as machine from '../supervisor/system-facts.ts';
import { trialCommand, tryJail } from '../supervisor/trial-jail.ts';
import { openWatchedLimits } from '../supervisor/watched-limits.ts';
import { linkOf, OUTSIDE } from '../supervisor/way-out.ts';

export type SuperviseParams = {
  config: Config;
  /** Folder for sockets and mount points, e.g. /run/millrace/a1b2c3; made here. Its parent is shared by all installations. */
  runDir: string;
  /** The user that the server runs as: it alone may connect. */
  serverUid: number;
  log: Logger;
};

/** Networks built ahead: as many sandboxes can start at once without waiting. */
const NETWORK_STOCK = 4;
/** How long a supervisor whose launcher was killed may take to be gone. */
const FORMER_LIFE_MS = 15_000;
const NAME_RETRY_MS = 100;
const WAY_OUT_LOOK_MS = 1_000;

/** The launcher's lock says that no other lives on this data dir: who has the name is a former life on its way out. */
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
export async function supervise(params: SuperviseParams): Promise<Running> {
  const { config, runDir, log } = params;
  const installation = installationName(config.dataDir);
  const { system, cgroupPlan, architecture } = await checkMachine(config);
  // Held until this process dies: a second supervisor would reap the first one's jails.
  const lock = await claimWhenFree(`millrace-supervisor-${installation}`);
  if (lock === null) throw new StartError(`another Millrace runs on ${config.dataDir}`);

  const cgroups = await openLimits(params, cgroupPlan, `millrace-${installation}`);
  const names = networkNames(installation);
  const reaped = { sandboxes: await cgroups.reap(), networks: await reapNetworks(names) };
  if (reaped.sandboxes + reaped.networks > 0) log.warn(reaped, 'sandboxes of an earlier start are removed');

  // Without root the whole network is ours.
  const taken = config.withoutRoot === null ? machine.hostAddresses() : [];
  const range = await claimRange(config.sandboxNetwork, taken);
  const plan = await planNetwork(config, range, log);
  const builds = planBuilds(config, runDir, plan.egress);
  const folders = prepareRunDir(runDir);
  const seccompFile = path.join(runDir, 'seccomp.bpf');
  const unknown = cgroupPlan === null ? CALLS_FOR_CGROUPS : [];
  writeFileSync(seccompFile, seccompProgram(architecture, unknown), { mode: 0o600 });
  writeEtcFolder(folders.etcDir, {
    hosts: plan.hosts,
    resolvConf: plan.resolvConf,
    extraCaCerts: config.extraCaCerts === null ? null : readFileSync(config.extraCaCerts, 'utf8'),
  });
  // Shared by all installations of a machine, but for one whose network is its own.
  const stateDir = config.withoutRoot === null ? path.dirname(runDir) : runDir;
  const hostNetwork = await openHostNetwork(names, plan.egress, stateDir);
  for (const warning of await firewallWarnings(names.linkPrefix)) log.warn(warning);
  const networks = openNetworks({
    names,
    range,
    rules: sandboxRules(plan.egress),
    uid: uidOf(config),
    stock: NETWORK_STOCK,
    log,
  });
  const forks = canFork(path.join(homeDir(), 'runtimes/node'));
  if (!forks) log.warn(NO_FORK_WARNING);
  const oci =
    config.sandbox === 'oci' && cgroupPlan !== null
      ? await openOciSite({
          runtime: config.ociRuntime,
          rootDir: path.join(runDir, 'root'),
          folders: { ...folders, system },
          engines: [nodeFile({ root: '/', relative: 'node' }), ...config.pythons.map(pythonEngine)],
          cgroups: {
            plan: cgroupPlan,
            name: `millrace-${installation}`,
            mountinfo: machine.cgroupFacts().mountinfo,
          },
          architecture,
        })
      : null;
  const supervisor = await openSupervisor({
    runDir,
    serverUid: params.serverUid,
    log,
    site: {
      ...{ cgroups, networks, system, log, seccompFile, oci, builds, ...folders },
      dataDir: canonicalPath(config.dataDir),
      enginesDir: canonicalPath(config.enginesDir),
      pythons: config.pythons,
      homeDir: homeDir(),
      hasExtraCaCerts: config.extraCaCerts !== null,
      canFork: forks,
      rulesOf: rulesOfAccounts(plan.egress, config),
    },
  });
  log.info({ installation, range: range.cidr }, 'supervisor ready');
  const isOpen = config.withoutRoot !== null && config.withoutRoot.noNetwork === null;
  const wayOut = isOpen ? watchWayOut() : null;
  return {
    ...(wayOut === null ? {} : { broken: wayOut.lost }),
    close: async () => {
      wayOut?.stop();
      await supervisor.close();
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

const BUBBLEWRAP: machine.JailBuilder = { tool: 'bwrap', packageName: 'bubblewrap' };

/** Without root there is but one user, whom the supervisor's user namespace shows as 0. */
function uidOf({ withoutRoot }: Config): number | null {
  return withoutRoot === null ? null : 0;
}

function ociBuilder(runtime: string): machine.JailBuilder {
  return { tool: runtime, packageName: path.basename(runtime) };
}

/** What builds the jails that the configuration asks for. */
export function createJailBuilder({ sandbox, ociRuntime }: Config): machine.JailBuilder {
  return sandbox === 'oci' ? ociBuilder(ociRuntime) : BUBBLEWRAP;
}

async function openLimits(
  { config, runDir, log }: SuperviseParams,
  plan: CgroupPlan | null,
  name: string,
): Promise<Cgroups> {
  if (plan === null) return openWatchedLimits({ peaksDir: path.join(runDir, 'peaks'), log });
  // Without root, the launcher has handed them down: it alone sees all processes that must move.
  if (config.withoutRoot !== null) return openCgroups(plan, name, null);
  const cgroups = await openCgroups(plan, name);
  if (config.sandbox !== 'oci') return cgroups;
  return withAllHierarchies(cgroups, machine.cgroupFacts().mountinfo, name);
}

type Machine = {
  system: SystemEntry[];
  /** null: limits are watched over. */
  cgroupPlan: CgroupPlan | null;
  architecture: Architecture;
};

/** @throws StartError with what this machine lacks */
async function checkMachine(config: Config): Promise<Machine> {
  try {
    const architecture = architectures.find((one) => one === process.arch);
    if (architecture === undefined) throw new Error(`there is no filter of system calls for ${process.arch}`);
    const builder = createJailBuilder(config);
    if (process.getuid?.() !== 0) throw new Error('jails are built by root');
    await machine.checkTools(builder);
    const system = machine.systemEntries();
    if (builder === BUBBLEWRAP) await tryJail(trialCommand(system, uidOf(config)?.toString()));
    const { withoutRoot } = config;
    const cgroupPlan = withoutRoot === null ? planCgroups(machine.cgroupFacts()) : withoutRoot.cgroups;
    return { system, architecture, cgroupPlan };
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

/** What sandboxes reach, and how they resolve names. */
async function planNetwork(
  config: Config,
  range: NetworkRange,
  log: Logger,
): Promise<{ egress: EgressPlan; hosts: string; resolvConf: string }> {
  const host = hostOf(config, range);
  const { hostAddresses } = host;
  const problem = sourceProblem(config.egressSource, hostAddresses);
  if (problem !== null) throw new StartError(problem);
  for (const useless of uselessNetworks(config.egressAllow)) {
    log.warn(useless, 'MILLRACE_EGRESS_ALLOW names a network that it does not open');
  }
  const resolvers = planResolvers(config.dnsServers, host.resolvConf, host.loopbackStandIn);
  const doorFacts: DoorFacts = {
    publicUrl: config.publicUrl,
    publicAddress: (await machine.addressesOf(new URL(config.publicUrl).hostname))[0] ?? null,
    listenHost: config.host,
    listenPort: config.port,
  };
  const door = planDoor(doorFacts);
  if (door === null)
    log.warn({ publicUrl: config.publicUrl }, "functions can't reach the public URL: no address");
  if (resolvers.nameservers.length === 0) log.warn('functions have no resolver: set MILLRACE_DNS');
  const registry = registryPlace(config.npmRegistry);
  const egress: EgressPlan = {
    ...{ range, hostAddresses, door },
    allow: config.egressAllow,
    ...(host.isRouter ? { source: config.egressSource } : { source: null, sourceHere: '127.0.0.1' }),
    udpPorts: config.egressUdp,
    resolvers: resolvers.nameservers,
    loopbackResolver: host.isRouter ? resolvers.loopbackResolver : null,
    database: await databaseFacts(config.databaseUrl),
    registry: planRegistryDoor(registry, await machine.addressesOf(registry.hostname), hostAddresses),
  };
  const nameservers = resolvers.nameservers.map((address) => `nameserver ${address}`);
  const resolvConf = `${[...nameservers, ...resolvers.otherLines].join('\n')}\n`;
  return { egress, hosts: hostsFile(doorFacts, hostAddresses), resolvConf };
}

type Host = {
  hostAddresses: string[];
  resolvConf: string;
  /** Address by which sandboxes ask a resolver on the machine's loopback. */
  loopbackStandIn: string;
  /** Whether sandboxes' packets go through the machine's own network, where rules of ours translate them; else pasta does. */
  isRouter: boolean;
};

function hostOf({ withoutRoot, sandboxNetwork }: Config, range: NetworkRange): Host {
  if (withoutRoot === null) {
    const [hostAddresses, resolvConf] = [machine.hostAddresses(), machine.resolvConf()];
    return { hostAddresses, resolvConf, loopbackStandIn: range.gateway, isRouter: true };
  }
  const { hostAddresses, resolvConf } = withoutRoot;
  return { hostAddresses, resolvConf, loopbackStandIn: linkOf(sandboxNetwork).gateway, isRouter: false };
}

async function databaseFacts(databaseUrl: string | null): Promise<EgressPlan['database']> {
  if (databaseUrl === null) return null;
  const { hostname, port } = databaseHost(databaseUrl);
  return { addresses: hostname === null ? [] : await machine.addressesOf(hostname), port };
}

function planBuilds(config: Config, runDir: string, egress: EgressPlan): BuildSite {
  return {
    npmDir: realpathSync(npmDir()),
    node: realpathSync(process.execPath),
    registry: registryPlace(config.npmRegistry),
    registryDoor: egress.registry,
    hostAddresses: egress.hostAddresses,
    gateway: egress.range.gateway,
    runDir,
    extraCaCerts: config.extraCaCerts === null ? null : readFileSync(config.extraCaCerts, 'utf8'),
    lookup: machine.addressesOf,
  };
}

function registryPlace(address: string): { hostname: string; port: number } {
  const { hostname, port, protocol } = new URL(address);
  return { hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
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
