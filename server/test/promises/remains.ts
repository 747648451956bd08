// What a Millrace has on this machine while it runs, and must not have afterwards.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { installationName } from '../../../contract/paths.ts';
import { namedCgroups } from './named-cgroups.ts';
import type { Millrace } from './start-millrace.ts';

/** Processes, cgroups, mounts, namespaces and sockets that bear the installation's name. */
export function remains(dataDir: string): string[] {
  const name = installationName(dataDir);
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((entry) => /^[0-9]+$/.test(entry))) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      if (environment.includes(dataDir) || command.includes(name)) found.push(`process ${pid}: ${command}`);
      if (readFileSync(`/proc/${pid}/cgroup`, 'latin1').includes(`millrace-${name}`))
        found.push(`jailed ${pid}`);
    } catch (error) {
      if (!['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  const listed = [
    ...namedCgroups(`millrace-${name}`),
    execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }),
    execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' }),
    execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' }),
    readFileSync('/proc/mounts', 'utf8'),
    ...namesIn('/run/millrace'),
  ];
  for (const line of listed.join('\n').split('\n')) if (line.includes(name)) found.push(line);
  return found.filter((line) => !line.startsWith(`process ${process.pid}:`));
}

/** None where the folder is not there, or has just gone with the last installation. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [];
  }
}

/** The processes of a started Millrace by their role. */
export function processOf(millrace: Millrace, role: 'serve' | 'supervise'): number {
  for (const pid of readdirSync('/proc').filter((entry) => /^[0-9]+$/.test(entry))) {
    const command = ofProcess(pid, 'cmdline');
    const parent = / \(.*\) \S+ ([0-9]+) /.exec(ofProcess(pid, 'stat'));
    if (parent?.[1] === String(millrace.pid) && command.includes(`\0${role}\0`)) return Number(pid);
  }
  throw new Error(`no process ${role}`);
}

/** A file of /proc; empty where the process has ended meanwhile. */
export function ofProcess(pid: string | number, file: 'cmdline' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
