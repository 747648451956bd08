// Builds one jail, watches it and clears it away. It trusts neither the code inside nor the server that asks.
// Called by supervisor.ts; enter-jail.sh does what must be done inside the new namespaces.
//
//   building -> running -> ending -> gone        (a failure while building goes straight to gone)
//
// A blank jail runs its runtime on an empty /var/task until `assign` gives it the code of one function.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import path from 'node:path';
import type { Duplex, Writable } from 'node:stream';
import type { Logger } from 'pino';
import { readOnce } from '../contract/counter-reader.ts';
import type { MachineEngines } from '../contract/machine-engines.ts';
import { bundlesDir } from '../contract/paths.ts';
import type { SandboxExit } from '../contract/sandbox.ts';
import type { ChannelName } from '../contract/supervisor-requests.ts';
import type { EgressOwner, RulesOfAccount } from './account-egress.ts';
import type { BuildSite } from './build-network.ts';
import type { CallWatch } from './call-watch.ts';
import type { Cgroups, SandboxCgroup } from './cgroups.ts';
import { jailArguments, type SystemEntry, tmpOptions } from './jail-arguments.ts';
import { gatherContents, type JailContents, type JailParams } from './jail-contents.ts';
import { describeExit } from './jail-exit.ts';
import type { Networks, SandboxNetwork } from './networks.ts';
import { spawnContainer } from './oci-jail.ts';
import type { OciSite } from './oci-site.ts';
import { TaskFolder } from './task-folder.ts';

/** What all jails of an installation have in common. Paths are canonical. */
export type JailSite = MachineEngines & {
  cgroups: Cgroups;
  networks: Networks;
  dataDir: string;
  enginesDir: string;
  /** Holds contract/ and runtimes/. */
  homeDir: string;
  /** Empty mount points: tmp, task, layer, bundles, contract, runtimes, and those of STAGED_ENGINE. */
  stageDir: string;
  etcDir: string;
  /** The filter of system calls, see seccomp-program.ts. */
  seccompFile: string;
  system: readonly SystemEntry[];
  /** null: bubblewrap builds the jails. */
  oci: OciSite | null;
  hasExtraCaCerts: boolean;
  /** Whether the runtime's fork addon is built. */
  canFork?: boolean;
  builds: BuildSite;
  rulesOf: RulesOfAccount;
  /** Is told of networks that somebody's code gets. */
  calls: Pick<CallWatch, 'serve' | 'opened' | 'closed'>;
  log: Logger;
};

/** Connected sockets; the jail gets them, the supervisor's copies are closed. */
export type Channels = Record<ChannelName, Socket>;

export type Jail = {
  memoryPeakFile: string;
  cpuUsageFile: string | null;
  /** Settles when no process of it is left; what it used on the machine is being cleared away then. */
  exited: Promise<SandboxExit>;
  /** Settles when nothing of it is left. */
  gone: Promise<void>;
  kill(): void;
  /** Gives a blank jail its code. @throws Error when it can't be had: the jail is killed then */
  assign(code: EgressOwner & { bundleHash: string; layerHash: string | null }): Promise<void>;
};

/** @throws Error when it can't be built; nothing of it stays behind */
export async function startJail(site: JailSite, params: JailParams, channels: Channels): Promise<Jail> {
  const undo: (() => unknown)[] = [];
  if (site.oci !== null && params.kind === 'blank') throw new Error('containers are never blank');
  try {
    const contents = await gatherContents(site, params);
    undo.push(contents.remove, contents.unpin);
    const network = await site.networks.take();
    undo.push(() => network.destroy());
    await setRules(
      network,
      contents.network?.rules ?? (params.kind === 'function' ? site.rulesOf(params) : null),
    );
    if (params.kind !== 'build') {
      site.calls.opened(params.id, network.namespaceFile);
      undo.push(() => site.calls.closed(params.id));
    }
    const cgroup = site.cgroups.create(params.id, params.limits);
    undo.push(() => cgroup.remove());
    const parts = { contents, network, cgroup, channels };
    const { child, ended, kill } = await (site.oci === null
      ? spawnJail(site, params, parts)
      : spawnContainer({ ...site, oci: site.oci }, params, parts));
    if (child.pid !== undefined) cgroup.started(child.pid);
    undo.push(() => cgroup.end());
    const task = contents.bundle === null ? new TaskFolder(child.stdio.at(5) as Duplex) : null;
    await task?.staged();
    contents.unpin();
    return watchJail(site, params, { kill, ended, network, cgroup, task, remove: contents.remove });
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

/** @param rules null: the usual ones, which are in force already */
async function setRules(network: SandboxNetwork, rules: string | null): Promise<void> {
  if (rules !== null) await network.replaceRules(rules);
}

export type JailParts = {
  contents: JailContents;
  network: SandboxNetwork;
  cgroup: SandboxCgroup;
  channels: Channels;
};

/** The outermost process of a jail, and how to end all of it. */
export type SpawnedJail = { child: ChildProcess; ended: Promise<ProcessEnd>; kill(): void };

async function spawnJail(site: JailSite, params: JailParams, parts: JailParts): Promise<SpawnedJail> {
  const { contents, channels } = parts;
  const { bundle, layer, engine } = contents;
  const command = [...parts.cgroup.innerCommand, ...contents.process.command];
  const child = spawn('nsenter', [...enterArguments(site, params, parts), '--', ...command], {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: [
      ...(['ignore', channels.stdout, channels.stderr, channels.control] as const),
      ...(['pipe', bundle?.descriptor ?? 'pipe', engine.descriptor, 'ignore'] as const),
      layer?.descriptor ?? 'ignore',
    ],
  });
  const ended = endOf(child);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const options = child.stdio[4] as Writable;
  // A jail that dies before it has read its options is reported by its exit.
  options.on('error', () => {});
  options.end(
    jailArguments({ ...site, etcDir: contents.etcDir }, { ...contents.process, engine })
      .map((argument) => `${argument}\0`)
      .join(''),
  );
  return { child, ended, kill: () => void child.kill('SIGKILL') };
}

/** In the order that enter-jail.sh states. */
function enterArguments(site: JailSite, params: JailParams, parts: JailParts): string[] {
  const { contents, network, cgroup } = parts;
  return [
    ...[`--net=${network.namespaceFile}`, 'unshare', '--mount', '--propagation', 'private'],
    ...['sh', path.join(import.meta.dirname, 'enter-jail.sh')],
    ...[
      site.stageDir,
      contents.bundle?.parent ?? bundlesDir(site.dataDir),
      contents.bundle?.name ?? '',
      contents.layer?.path ?? '',
      contents.engine.path,
      site.homeDir,
      site.seccompFile,
    ],
    ...[String(network.uid), tmpOptions(params.limits.tmpMb, network.uid), String(params.limits.openFiles)],
    ...cgroup.procsFiles,
  ];
}

export type ProcessEnd = Pick<SandboxExit, 'code' | 'signal'>;

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

type RunningParts = {
  kill(): void;
  ended: Promise<ProcessEnd>;
  network: SandboxNetwork;
  cgroup: SandboxCgroup;
  /** null: the code is there from the start. */
  task: TaskFolder | null;
  /** Removes what was made for this jail alone. */
  remove(): void;
};

function watchJail(site: JailSite, params: JailParams, parts: RunningParts): Jail {
  const { kill, network, cgroup, task } = parts;
  const log = site.log.child({ sandbox: params.id });
  const exited = parts.ended.then(async (status) => {
    task?.close();
    await cgroup.end().catch((error: unknown) => log.error({ err: error }, 'a jail has processes left'));
    const oomKilled = cgroup.outOfMemory();
    const memoryPeakBytes = cgroup.peakBytes();
    const cpuUsageMs = readOnce(cgroup.cpuFile);
    const { memoryMb } = params.limits;
    return describeExit({ ...status, oomKilled, memoryPeakBytes, cpuUsageMs, memoryMb });
  });
  const gone = exited
    .then(async () => {
      parts.remove();
      cgroup.remove();
      site.calls.closed(params.id);
      await network.destroy();
    })
    .catch((error: unknown) => log.error({ err: error }, "a jail's remains can't be removed"));
  const assign: Jail['assign'] = async ({ bundleHash, layerHash, ...owner }) => {
    try {
      if (task === null) throw new Error('the sandbox has its code already');
      // Before there is any code that they could hold back.
      await setRules(network, site.rulesOf(owner));
      await task.bind(bundleHash, layerHash);
    } catch (error) {
      kill();
      throw error;
    }
  };
  const { peakFile: memoryPeakFile, cpuFile: cpuUsageFile } = cgroup;
  return { memoryPeakFile, cpuUsageFile, exited, gone, kill, assign };
}
