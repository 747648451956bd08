// The cgroups of an installation's sandboxes: one folder of ours per hierarchy, one child in it per sandbox.
// Limits, peaks, out-of-memory counts, and the certain end of every process in it. Called by jail.ts and
// supervise.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxLimits } from '../contract/sandbox.ts';
import { type Delegation, delegate } from './cgroup-delegation.ts';
import { type CgroupPlan, CONTROLLERS, type Controller, type Hierarchy } from './cgroup-plan.ts';
import { isPopulated, processesIn } from './cgroup-processes.ts';

const MEBIBYTE = 1024 * 1024;
const CPU_PERIOD_US = 100_000;
const POLL_MS = 5;
/** How long processes may take to die after SIGKILL: writing back dirty pages can take seconds. */
const END_WITHIN_MS = 30_000;

/** Before a command: the platform's processes go before it. */
export const LESS_URGENT = ['/usr/bin/nice', '-n', '10'] as const;

export type SandboxCgroup = {
  /** Words before the command inside the jail, which set limits of its own. */
  innerCommand: readonly string[];
  /** Is called with the jail's outermost process. */
  started(pid: number): void;
  /** Files that a process writes its id to in order to join. */
  procsFiles: string[];
  /** Readable by everybody: highest memory use so far in bytes. */
  peakFile: string;
  /** The same: processor time used so far (`cpuacct.usage`, `cpu.stat`); null where it isn't counted. */
  cpuFile: string | null;
  /** Whether the kernel has killed something in it for want of memory. */
  outOfMemory(): boolean;
  peakBytes(): number | null;
  /** Kills everything in it and waits until it is empty. @throws Error when something won't die */
  end(): Promise<void>;
  /** Removes the (empty) folders. */
  remove(): void;
};

export type Cgroups = {
  create(id: string, limits: SandboxLimits): SandboxCgroup;
  /** Ends what an earlier life left behind. @returns how many sandboxes that were */
  reap(): Promise<number>;
  /** Removes our own folders; sandboxes must be gone. */
  close(): Promise<void>;
};

/**
 * @param name the installation's folder in each hierarchy, e.g. `millrace-a1b2c3`
 * @param handDown null: controllers of version 2 are handed down already
 */
export async function openCgroups(
  plan: CgroupPlan,
  name: string,
  handDown: typeof delegate | null = delegate,
): Promise<Cgroups> {
  const ours = placesOf(plan).map((dir) => path.join(dir, name));
  const delegations = handDown === null ? [] : await handDownAll(plan, name, handDown);
  for (const dir of ours) mkdirSync(dir, { recursive: true });
  return {
    create: (id, limits) => createCgroup(plan, name, { id, limits }),
    reap: async () => {
      const ids = unique(ours.flatMap(childrenOf));
      for (const id of ids) {
        const dirs = ours.map((dir) => path.join(dir, id)).filter((dir) => existsSync(dir));
        await endAll(dirs);
        removeAll(dirs);
      }
      return ids.length;
    },
    close: async () => {
      removeAll(ours);
      for (const delegation of delegations) await delegation.undo();
    },
  };
}

/** Hands the controllers of version 2 down to our folder, in each hierarchy of the plan that has any. */
export function handDownAll(plan: CgroupPlan, name: string, handDown = delegate): Promise<Delegation[]> {
  const second = hierarchiesOf(plan).filter(([, { version }]) => version === 2);
  const handed = unique(second.map(([, { dir }]) => dir)).map((dir) => {
    const controllers = second.filter(([, one]) => one.dir === dir).map(([controller]) => controller);
    return handDown({ dir, name, controllers });
  });
  return Promise.all(handed);
}

function hierarchiesOf(plan: CgroupPlan): [Controller, Hierarchy][] {
  return CONTROLLERS.flatMap((controller) => {
    const hierarchy = plan[controller];
    return hierarchy === undefined ? [] : [[controller, hierarchy]];
  });
}

function createCgroup(
  plan: CgroupPlan,
  name: string,
  sandbox: { id: string; limits: SandboxLimits },
): SandboxCgroup {
  const dirOf = ({ dir }: Hierarchy): string => path.join(dir, name, sandbox.id);
  const dirs = placesOf(plan).map((dir) => path.join(dir, name, sandbox.id));
  try {
    for (const dir of dirs) mkdirSync(dir);
    for (const [controller, hierarchy] of hierarchiesOf(plan)) {
      writeLimits(controller, hierarchy.version, { dir: dirOf(hierarchy), limits: sandbox.limits });
    }
  } catch (error) {
    removeAll(dirs);
    throw error;
  }
  const memory = dirOf(plan.memory);
  const version = plan.memory.version;
  const peakFile = path.join(memory, peakFileName(memory, version));
  return {
    innerCommand: plan.cpu === undefined ? LESS_URGENT : [],
    // Each process joins by itself.
    started: () => {},
    procsFiles: dirs.map((dir) => path.join(dir, 'cgroup.procs')),
    peakFile,
    cpuFile: cpuFileOf(plan, dirOf),
    outOfMemory: () => oomKills(memory, version) > 0,
    peakBytes: () => Number(readFileSync(peakFile, 'utf8')),
    end: () => endAll(dirs),
    remove: () => removeAll(dirs),
  };
}

/** Where sandboxes have a folder: in every hierarchy that limits them or counts. */
function placesOf(plan: CgroupPlan): string[] {
  const counting = plan.cpuacct === undefined ? [] : [plan.cpuacct.dir];
  return unique([...hierarchiesOf(plan).map(([, { dir }]) => dir), ...counting]);
}

function cpuFileOf(plan: CgroupPlan, dirOf: (hierarchy: Hierarchy) => string): string | null {
  if (plan.cpuacct !== undefined) return path.join(dirOf(plan.cpuacct), 'cpuacct.usage');
  const second = [plan.cpu, plan.memory].find((hierarchy) => hierarchy?.version === 2);
  return second === undefined ? null : path.join(dirOf(second), 'cpu.stat');
}

function writeLimits(
  controller: Controller,
  version: 1 | 2,
  at: { dir: string; limits: SandboxLimits },
): void {
  const write = (file: string, value: string | number): void =>
    writeFileSync(path.join(at.dir, file), String(value));
  const writeIfThere = (file: string, value: string | number): void => {
    if (existsSync(path.join(at.dir, file))) write(file, value);
  };
  const memoryBytes = at.limits.memoryMb * MEBIBYTE;
  const quotaUs = at.limits.cpuPercent * (CPU_PERIOD_US / 100);
  if (controller === 'pids') write('pids.max', at.limits.pids);
  else if (controller === 'cpu' && version === 1) {
    write('cpu.cfs_period_us', CPU_PERIOD_US);
    write('cpu.cfs_quota_us', quotaUs);
  } else if (controller === 'cpu') write('cpu.max', `${quotaUs} ${CPU_PERIOD_US}`);
  else if (version === 1) {
    write('memory.limit_in_bytes', memoryBytes);
    // Absent where the kernel doesn't count swap; with it, swapping out can't stretch the limit.
    writeIfThere('memory.memsw.limit_in_bytes', memoryBytes);
  } else {
    write('memory.max', memoryBytes);
    writeIfThere('memory.swap.max', 0);
    // The whole jail goes at once: a runtime that has lost a child to the kernel isn't left limping.
    writeIfThere('memory.oom.group', 1);
  }
}

function peakFileName(dir: string, version: 1 | 2): string {
  if (version === 1) return 'memory.max_usage_in_bytes';
  // memory.peak came with Linux 5.19.
  return existsSync(path.join(dir, 'memory.peak')) ? 'memory.peak' : 'memory.current';
}

function oomKills(dir: string, version: 1 | 2): number {
  const file = path.join(dir, version === 1 ? 'memory.oom_control' : 'memory.events');
  return Number(/^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
}

async function endAll(dirs: readonly string[]): Promise<void> {
  const deadline = performance.now() + END_WITHIN_MS;
  while (dirs.some(killOnce)) {
    if (performance.now() > deadline) throw new Error(`processes in ${dirs.join(', ')} don't die`);
    await delay(POLL_MS);
  }
}

/** @returns whether there were processes in it */
function killOnce(dir: string): boolean {
  const pids = processesIn(dir);
  const killFile = path.join(dir, 'cgroup.kill');
  if (pids.length > 0 && existsSync(killFile)) writeFileSync(killFile, '1');
  else for (const pid of pids) killProcess(pid);
  return pids.length > 0 || isPopulated(dir);
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended between being listed and being killed.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function childrenOf(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function removeAll(dirs: readonly string[]): void {
  for (const dir of dirs) if (existsSync(dir)) rmdirSync(dir);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
