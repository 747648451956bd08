// Limits for jails where no cgroups are ours: looks at /proc ten times a second, ends a jail that holds more
// memory than it may, and has the kernel count what it counts by process. Weaker than cgroups:
// docs/security.md. Stands in for cgroups.ts; composed by supervise.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readlinkSync, rmSync, writeSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { SandboxLimits } from '../contract/sandbox.ts';
import { type Cgroups, LESS_URGENT, type SandboxCgroup } from './cgroups.ts';
import { bytesInFiles, type ProcessFacts, proportionalBytes, readProcesses } from './jail-processes.ts';

const MEBIBYTE = 1024 * 1024;
const LOOK_EVERY_MS = 100;
const END_POLL_MS = 5;
const END_WITHIN_MS = 30_000;
/** Node 24 counts half a gigabyte of memory as writable before it has used any. */
const UNUSED_DATA_MB = 1024;

/** A jail that is watched. */
type Watched = {
  id: string;
  limitBytes: number;
  /** Its outermost process, in our pid namespace; null: not started. */
  outermost: number | null;
  /** Its own pid namespace, once it has been seen. */
  namespace: string | null;
  highestBytes: number;
  peakBytes: number;
  peakFile: number;
  isOut: boolean;
};

/** @param peaksDir holds a file per jail with its memory peak, as a cgroup has one */
export function openWatchedLimits({ peaksDir, log }: { peaksDir: string; log: Logger }): Cgroups {
  const watched = new Map<string, Watched>();
  const pageBytes = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
  const ownNamespace = readlinkSync('/proc/self/ns/pid');
  const look = (): void => {
    if (watched.size === 0) return;
    const processes = readProcesses();
    for (const jail of watched.values()) {
      findNamespace(jail, processes, ownNamespace);
      const inside = processes.filter(({ namespace }) => namespace === jail.namespace);
      if (inside.length > 0) judge(jail, inside, pageBytes);
      if (jail.isOut) log.debug({ sandbox: jail.id }, 'a jail held more memory than it may: ended');
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  const create: Cgroups['create'] = (id, limits) => {
    mkdirSync(peaksDir, { recursive: true });
    const peakPath = path.join(peaksDir, id);
    const limitBytes = limits.memoryMb * MEBIBYTE;
    const counts = { highestBytes: 0, peakBytes: 0, peakFile: openSync(peakPath, 'w') };
    const jail: Watched = { id, limitBytes, outermost: null, namespace: null, ...counts, isOut: false };
    watched.set(id, jail);
    writePeak(jail, 0);
    return {
      ...{ innerCommand: innerCommand(limits), procsFiles: [], peakFile: peakPath, cpuFile: null },
      started: (pid) => {
        jail.outermost = pid;
      },
      outOfMemory: () => jail.isOut,
      peakBytes: () => jail.peakBytes,
      end: () => endJail(jail, ownNamespace),
      remove: () => {
        if (!watched.delete(id)) return;
        closeSync(jail.peakFile);
        rmSync(peakPath);
      },
    } satisfies SandboxCgroup;
  };
  return {
    create,
    // An earlier life's processes have ended with its pid namespace.
    reap: () => Promise.resolve(0),
    close: async () => clearInterval(timer),
  };
}

/**
 * Set inside the jail: the number of processes is counted by user namespace there, together with other jails
 * before Linux 5.14: then it is left out. Writable memory is a process's own, and much of it is never used: a
 * backstop for what is taken between two looks.
 */
function innerCommand({ pids, memoryMb }: SandboxLimits): string[] {
  const dataBytes = (memoryMb + UNUSED_DATA_MB) * MEBIBYTE;
  const processes = countsByNamespace(release()) ? [`--nproc=${pids}`] : [];
  return [...LESS_URGENT, '/usr/bin/prlimit', ...processes, `--data=${dataBytes}`];
}

/** @param kernel its release, e.g. `6.1.0-28-amd64` */
export function countsByNamespace(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return major > 5 || (major === 5 && minor >= 14);
}

function findNamespace(jail: Watched, processes: readonly ProcessFacts[], own: string): void {
  jail.namespace ??=
    processes.find(({ parent, namespace }) => parent === jail.outermost && namespace !== own)?.namespace ??
    null;
}

/**
 * Counts roughly, and exactly where that says that it is worth it: exactly costs a millisecond for a process.
 */
function judge(jail: Watched, inside: readonly ProcessFacts[], pageBytes: number): void {
  // What its first process sees: others may have ended, and see nothing.
  const first = inside.find(({ parent }) => parent === jail.outermost) ?? inside[0];
  const filesBytes = bytesInFiles(first?.thread ?? 0);
  const pages = inside.reduce((sum, { residentPages }) => sum + residentPages, 0);
  const roughBytes = pages * pageBytes + filesBytes;
  if (roughBytes <= Math.min(jail.highestBytes, jail.limitBytes)) return;
  jail.highestBytes = Math.max(jail.highestBytes, roughBytes);
  const bytes = inside.reduce((sum, { thread }) => sum + proportionalBytes(thread), filesBytes);
  if (bytes > jail.peakBytes) writePeak(jail, bytes);
  if (bytes <= jail.limitBytes) return;
  jail.isOut = true;
  for (const { pid } of inside) kill(pid);
}

/** In place: the server keeps the file open. A peak never gets shorter. */
function writePeak(jail: Watched, bytes: number): void {
  jail.peakBytes = bytes;
  writeSync(jail.peakFile, `${bytes}\n`, 0);
}

async function endJail(jail: Watched, ownNamespace: string): Promise<void> {
  const deadline = performance.now() + END_WITHIN_MS;
  for (;;) {
    const processes = readProcesses();
    findNamespace(jail, processes, ownNamespace);
    const inside = processes.filter(({ namespace }) => namespace === jail.namespace);
    if (jail.namespace === null || inside.length === 0) return;
    if (performance.now() > deadline) throw new Error(`processes of sandbox ${jail.id} don't die`);
    for (const { pid } of inside) kill(pid);
    await delay(END_POLL_MS);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended between being listed and being killed.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
