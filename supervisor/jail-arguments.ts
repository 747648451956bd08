// The options that make bubblewrap build a jail: what is mounted where, and everything else taken away. Pure;
// jail.ts hands them over through a descriptor, so that no path of the host shows in the jail's /proc.
import path from 'node:path';
import { ALL_ROOTS_FILE, LAYER_ROOT, TASK_ROOT } from '../contract/paths.ts';
import { type JailEngine, type RuntimeProcess, STAGED_ENGINE } from './jail-engine.ts';

export type JailFolders = {
  /** Where enter-jail.sh has mounted tmp, task, layer, the engine, contract and runtimes. */
  stageDir: string;
  /** The jail's whole /etc. */
  etcDir: string;
  /** What of the host's system directories appears: {@link planSystem}. */
  system: readonly SystemEntry[];
};

export type SystemEntry = { path: string; linkTarget: string | null };

/** Programs, libraries, time zones and certificates: what an interpreter and its child processes need. */
export const SYSTEM_PATHS = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/usr/lib64',
  '/usr/lib32',
  '/usr/share/zoneinfo',
  '/usr/share/ca-certificates',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/lib32',
] as const;

/** Nobody in particular, the same in every jail; outside it is another user for each sandbox. */
export const SANDBOX_UID = 1000;
/** Where enter-jail.sh opens the filter. bubblewrap puts it in force last, after its own mounts. */
const SECCOMP_FD = 7;
export const SHARED_MEMORY_BYTES = 64 * 1024 * 1024;

/** What differs from one jail to the next. */
export type JailProcess = {
  engine: Pick<JailEngine, 'mounts' | 'hidden'>;
  /** What the process starts with. */
  environment: Readonly<Record<string, string>>;
  directory?: string;
};

export function jailArguments(folders: JailFolders, process: JailProcess): string[] {
  const { engine, environment, directory = '/' } = process;
  const staged = (name: string): string => path.join(folders.stageDir, name);
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup'],
    ...['--disable-userns', '--new-session', '--die-with-parent', '--clearenv'],
    ...['--seccomp', String(SECCOMP_FD)],
    ...['--uid', String(SANDBOX_UID), '--gid', String(SANDBOX_UID), '--hostname', 'sandbox'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...folders.system.flatMap(systemArguments),
    ...['--ro-bind', folders.etcDir, '/etc'],
    ...['--proc', '/proc', '--remount-ro', '/proc', '--dev', '/dev'],
    ...['--size', String(SHARED_MEMORY_BYTES), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--bind', staged('tmp'), '/tmp'],
    ...['--ro-bind', staged('task'), '/var/task'],
    ...['--ro-bind', staged('layer'), LAYER_ROOT],
    ...engineMounts(folders, engine).flatMap(({ source, at }) => ['--ro-bind', source, at]),
    ...engine.hidden.flatMap((folder) => ['--tmpfs', folder, '--remount-ro', folder]),
    ...['--ro-bind', staged('contract'), '/opt/millrace/contract'],
    ...['--ro-bind', staged('runtimes'), '/opt/millrace/runtimes'],
    // As a rule not /var/task: a blank jail's code is mounted over it later, and the runtime enters it when
    // it starts the function.
    ...['--remount-ro', '/', '--chdir', directory],
  ];
}

/** Where each mount of an engine comes from. */
export function engineMounts(
  { stageDir }: Pick<JailFolders, 'stageDir'>,
  { mounts }: Pick<JailEngine, 'mounts'>,
): { source: string; at: string; kind: 'directory' | 'file' }[] {
  return mounts.map(({ below, at, kind }) => {
    const staged = below === '' ? STAGED_ENGINE[kind] : path.join(STAGED_ENGINE.directory, below);
    return { source: path.join(stageDir, staged), at, kind };
  });
}

function systemArguments(entry: SystemEntry): string[] {
  if (entry.linkTarget !== null) return ['--symlink', entry.linkTarget, entry.path];
  return ['--ro-bind', entry.path, entry.path];
}

/** In a jail whose code is npm: the program that drives it. */
const BUILDER = '/opt/millrace/runtimes/builder/build.cjs';

/** The process of a build jail. It trusts the same roots as everything else here. */
export function builderProcess({ limits }: { limits: { memoryMb: number; tmpMb: number } }): RuntimeProcess {
  const heapMb = Math.max(64, Math.floor((limits.memoryMb - limits.tmpMb) * 0.8));
  return {
    command: ['/opt/millrace/engine/node', `--max-old-space-size=${heapMb}`, BUILDER, TASK_ROOT, '/tmp'],
    environment: { NODE_EXTRA_CA_CERTS: ALL_ROOTS_FILE },
  };
}

/** Options of the private /tmp: as many files as it has 4 KiB pages, and never setuid or device files. */
export function tmpOptions(tmpMb: number, uid: number): string {
  return `size=${tmpMb}m,nr_inodes=${tmpMb * 256},mode=0700,uid=${uid},gid=${uid},nosuid,nodev`;
}

/** What bubblewrap must know, in the words of its `--help`. */
export const NEEDED_OPTIONS = [
  ...[
    '--args',
    '--unshare-user',
    '--unshare-cgroup',
    '--disable-userns',
    '--die-with-parent',
    '--new-session',
  ],
  ...['--clearenv', '--seccomp', '--size', '--remount-ro', '--chdir'],
] as const;
