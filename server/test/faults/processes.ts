// The processes of a Millrace, to be killed and stopped: for the fault tests.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { installationName } from '../../../contract/paths.ts';
import { processOf } from '../promises/remains.ts';
import type { Millrace } from '../promises/start-millrace.ts';

export type Role = 'launcher' | 'server' | 'supervisor' | 'database';

/** One that is just being started again is waited for. */
export async function pidOf(millrace: Millrace, role: Role): Promise<number> {
  for (const giveUpAt = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    try {
      return find(millrace, role);
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
  }
}

/** @returns whose process it was */
export async function kill(
  millrace: Millrace,
  role: Role,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<number> {
  const pid = await pidOf(millrace, role);
  process.kill(pid, signal);
  return pid;
}

/** Stops a process, or the database with all its connections, and lets it go on. */
export async function pause(millrace: Millrace, role: Role, ms: number): Promise<void> {
  const pid = await pidOf(millrace, role);
  const pids = role === 'database' ? [pid, ...childrenOf(pid)] : [pid];
  for (const one of pids) process.kill(one, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, ms));
  for (const one of pids) process.kill(one, 'SIGCONT');
}

export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .filter(
      (name) =>
        read(name, 'stat')
          .replace(/^.*\) /, '')
          .split(' ')[1] === String(pid),
    )
    .map(Number);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // It has just ended.
    return '';
  }
}

/** Kills the launcher, and waits until all that it had started is gone too. */
export async function killLauncher(millrace: Millrace): Promise<void> {
  const rest = [await pidOf(millrace, 'server'), await pidOf(millrace, 'supervisor')];
  await gone(await kill(millrace, 'launcher'));
  await Promise.all(rest.map(gone));
}

function find(millrace: Millrace, role: Role): number {
  if (role === 'launcher') return millrace.pid;
  if (role === 'database') return postmasterOf(millrace.dataDir);
  return processOf(millrace, role === 'server' ? 'serve' : 'supervise');
}

function postmasterOf(dataDir: string): number {
  return Number(readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Processes inside the sandboxes of a Millrace whose command line holds the text. */
export function jailedPids(millrace: Millrace, text: string): number[] {
  const cgroup = `millrace-${installationName(millrace.dataDir)}`;
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((pid) => read(pid, 'cgroup').includes(cgroup) && read(pid, 'cmdline').includes(text))
    .map(Number);
}

/** Resolves when it is gone. */
export async function gone(pid: number): Promise<void> {
  for (const giveUpAt = Date.now() + 60_000; isAlive(pid); ) {
    if (Date.now() > giveUpAt) throw new Error(`process ${pid} does not end`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
