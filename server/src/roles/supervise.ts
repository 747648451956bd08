// Composes the supervisor: looks at the machine, clears what an earlier life left, claims addresses, and opens the socket for
// the server. Keeps root and never faces the network. Called by main.ts (`millrace supervise`), which ends it on signals.

import { chmodSync, chownSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { homeDir, installationName } from '../config/paths.ts';
import { databaseHost } from '../postgres/database-host.ts';
import { canFork, NO_FORK_WARNING } from '../sandbox/runtime-launch.ts';
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
import { claimName, claimRange, type NetworkRange } from '../supervisor/network-range.ts';
import { openNetworks } from '../supervisor/networks.ts';
import { withAllHierarchies } from '../supervisor/oci-cgroups.ts';
import { openOciSite } from '../supervisor/oci-site.ts';
import { canonicalPath } from '../supervisor/pinned-path.ts';
import { seccompProgram } from '../supervisor/seccomp-program.ts';
import { type Architecture, architectures } from '../supervisor/seccomp-table.ts';
import { openSupervisor } from '../supervisor/supervisor.ts';
import * as machine from '../supervisor/system-facts.ts';
import { tryJail } from '../supervisor/trial-jail.ts';
import { StartError } from './start-error.ts';

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
export async function supervise(params: SuperviseParams): Promise<{ close(): Promise<void> }> {
  const { config, runDir, log } = params;
  const installation = installationName(config.dataDir);
  const { system, cgroupPlan, architecture } = await checkMachine(config);
  // Held until this process dies: a second supervisor would reap the first one's jails.
  const lock = await claimWhenFree(`millrace-supervisor-${installation}`);
  if (lock === null) throw new StartError(`another Millrace runs on ${config.dataDir}`);

  const cgroups = openCgroupsFor(config, cgroupPlan, `millrace-${installation}`);
  const names = networkNames(installation);
  const reaped = { sandboxes: await cgroups.reap(), networks: await reapNetworks(names) };
  if (reaped.sandboxes + reaped.networks > 0) log.warn(reaped, 'an earlier life left sandboxes: removed');

  const range = await claimRange(config.sandboxNetwork, machine.hostAddresses());
  const plan = await planNetwork(config, range, log);
  const builds = planBuilds(config, runDir, plan.egress);
  const folders = prepareRunDir(runDir);
  const seccompFile = path.join(runDir, 'seccomp.bpf');
  writeFileSync(seccompFile, seccompProgram(architecture), { mode: 0o600 });
  writeEtcFolder(folders.etcDir, {
    hosts: plan.hosts,
    resolvConf: plan.resolvConf,
    extraCaCerts: config.extraCaCerts === null ? null : readFileSync(config.extraCaCerts, 'utf8'),
  });
  const hostNetwork = await openHostNetwork(names, plan.egress, path.dirname(runDir));
  for (const warning of await firewallWarnings(names.linkPrefix)) log.warn(warning);
  const networks = openNetworks({
    names,
    range,
    rules: sandboxRules(plan.egress),
    stock: NETWORK_STOCK,
    log,
  });
  const forks = canFork(path.join(homeDir(), 'runtimes/node'));
  if (!forks) log.warn(NO_FORK_WARNING);
  const oci =
    config.sandbox === 'oci'
      ? await openOciSite({
          runtime: config.ociRuntime,
          rootDir: path.join(runDir, 'root'),
          folders: { ...folders, system },
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
      homeDir: homeDir(),
      hasExtraCaCerts: config.extraCaCerts !== null,
      canFork: forks,
      rulesOf: rulesOfAccounts(plan.egress, config),
    },
  });
  log.info({ installation, range: range.cidr }, 'supervisor ready');
  return {
    close: async () => {
      await supervisor.close();
      await networks.close();
      await hostNetwork.close();
      cgroups.close();
      rmSync(runDir, { recursive: true, force: true });
      await range.release();
      await lock.release();
    },
  };
}

const BUBBLEWRAP: machine.JailBuilder = { tool: 'bwrap', packageName: 'bubblewrap' };

function ociBuilder(runtime: string): machine.JailBuilder {
  return { tool: runtime, packageName: path.basename(runtime) };
}

/** What builds the jails that the configuration asks for. */
export function jailBuilder({ sandbox, ociRuntime }: Config): machine.JailBuilder {
  return sandbox === 'oci' ? ociBuilder(ociRuntime) : BUBBLEWRAP;
}

function openCgroupsFor(config: Config, plan: CgroupPlan, name: string): Cgroups {
  const cgroups = openCgroups(plan, name);
  if (config.sandbox !== 'oci') return cgroups;
  return withAllHierarchies(cgroups, machine.cgroupFacts().mountinfo, name);
}

type Machine = { system: SystemEntry[]; cgroupPlan: CgroupPlan; architecture: Architecture };

/** @throws StartError with what this machine lacks */
async function checkMachine(config: Config): Promise<Machine> {
  try {
    const architecture = architectures.find((one) => one === process.arch);
    if (architecture === undefined) throw new Error(`there is no filter of system calls for ${process.arch}`);
    const builder = jailBuilder(config);
    await machine.checkTools(builder);
    const system = machine.systemEntries();
    if (builder === BUBBLEWRAP) await tryJail(system);
    return { system, architecture, cgroupPlan: planCgroups(machine.cgroupFacts()) };
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
  const hostAddresses = machine.hostAddresses();
  const problem = sourceProblem(config.egressSource, hostAddresses);
  if (problem !== null) throw new StartError(problem);
  for (const useless of uselessNetworks(config.egressAllow)) {
    log.warn(useless, 'MILLRACE_EGRESS_ALLOW names a network that it does not open');
  }
  const resolvers = planResolvers(config.dnsServers, machine.resolvConf(), range.gateway);
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
    source: config.egressSource,
    udpPorts: config.egressUdp,
    resolvers: resolvers.nameservers,
    loopbackResolver: resolvers.loopbackResolver,
    database: await databaseFacts(config.databaseUrl),
    registry: planRegistryDoor(registry, await machine.addressesOf(registry.hostname), hostAddresses),
  };
  const nameservers = resolvers.nameservers.map((address) => `nameserver ${address}`);
  const resolvConf = `${[...nameservers, ...resolvers.otherLines].join('\n')}\n`;
  return { egress, hosts: hostsFile(doorFacts, hostAddresses), resolvConf };
}

async function databaseFacts(databaseUrl: string | null): Promise<EgressPlan['database']> {
  if (databaseUrl === null) return null;
  const { hostname, port } = databaseHost(databaseUrl);
  return { addresses: hostname === null ? [] : await machine.addressesOf(hostname), port };
}

function planBuilds(config: Config, runDir: string, egress: EgressPlan): BuildSite {
  return {
    npmDir: realpathSync(path.dirname(createRequire(import.meta.url).resolve('npm/package.json'))),
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
  for (const name of ['tmp', 'task', 'layer', 'bundles', 'contract', 'runtimes'])
    mkdirSync(path.join(stageDir, name), { recursive: true });
  writeFileSync(path.join(stageDir, 'node'), '');
  for (const dir of [runDir, stageDir]) {
    chownSync(dir, 0, 0);
    chmodSync(dir, 0o711);
  }
  return { stageDir, etcDir: path.join(runDir, 'etc') };
}
