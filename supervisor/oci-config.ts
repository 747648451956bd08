// The walls of a sandbox in the words of the OCI runtime specification 1.0.2: the config.json that a runtime
// such as runc builds a container from. Pure. Called by oci-jail.ts.
import path from 'node:path';
import { LAYER_ROOT } from '../contract/paths.ts';
import type { SandboxLimits } from '../contract/sandbox.ts';
import {
  engineMounts,
  type JailFolders,
  type JailProcess,
  SANDBOX_UID,
  SHARED_MEMORY_BYTES,
} from './jail-arguments.ts';
import type { JailEngine } from './jail-engine.ts';
import type { OciSeccomp } from './seccomp-oci.ts';

export type OciParams = {
  folders: JailFolders & {
    /** Empty mount points and links: {@link rootSkeleton}. */
    rootDir: string;
  };
  runtime: { command: readonly string[] } & JailProcess;
  limits: SandboxLimits;
  /** File of the prepared network namespace. */
  networkFile: string;
  /** User outside that the one inside is. */
  uid: number;
  /** Below the mount of each hierarchy, with a slash before it. */
  cgroupsPath: string;
  /** Whether the kernel counts swap: some runtimes stumble over a limit that can't be set. */
  countsSwap: boolean;
  seccomp: OciSeccomp;
};

export type OciMount = { destination: string; type?: string; source: string; options: string[] };

const MEBIBYTE = 1024 * 1024;
const CPU_PERIOD_US = 100_000;
/**
 * Beside {@link OciParams.uid}: what the runtime's own user 0 is outside while it builds the container.
 * Nothing keeps running as it.
 */
const BUILDER_UID_OFFSET = 1_000_000_000;
/**
 * As bubblewrap does it: a first process that reaps, and ends with the runtime's status or 128 and its
 * signal. What a shell says of signals stays out of the function's output.
 */
const FIRST_PROCESS = [
  ...['/bin/sh', '-c', 'exec 4>&2 2>/dev/null; (exec "$@" 2>&4 4>&-); exit "$?"', 'sandbox'],
  ...['/usr/bin/env', '-i'],
];

/**
 * What of /proc any user may read and shows of the host. What root alone may open is nobody's inside, and
 * isn't covered by something open.
 */
const MASKED_PATHS = ['acpi', 'asound', 'keys', 'latency_stats', 'sched_debug', 'scsi'].map(
  (name) => `/proc/${name}`,
);
const READONLY_PATHS = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** The document of one container. It names no secret: variables come over the control socket. */
export function ociConfig(params: OciParams): object {
  return {
    ociVersion: '1.0.2',
    hostname: 'sandbox',
    root: { path: params.folders.rootDir, readonly: true },
    mounts: [
      ...systemMounts(params.folders, [params.runtime.engine]),
      ...params.runtime.engine.hidden.map(emptyFolder),
      ...privateMounts(params),
    ],
    process: ociProcess(params),
    linux: {
      namespaces: [
        ...['pid', 'ipc', 'uts', 'mount', 'cgroup', 'user'].map((type) => ({ type })),
        { type: 'network', path: params.networkFile },
      ],
      uidMappings: idMappings(params.uid),
      gidMappings: idMappings(params.uid),
      cgroupsPath: params.cgroupsPath,
      resources: ociResources(params),
      seccomp: params.seccomp,
      maskedPaths: MASKED_PATHS,
      readonlyPaths: READONLY_PATHS,
    },
  };
}

/**
 * What must be there before a read-only root is mounted on: `directories` and `files` are mount points,
 * `links` as they are.
 */
export function rootSkeleton(
  folders: JailFolders,
  engines: readonly Pick<JailEngine, 'mounts'>[],
): {
  directories: string[];
  files: string[];
  links: { path: string; target: string }[];
} {
  const links = folders.system.flatMap(({ path: entry, linkTarget }) =>
    linkTarget === null ? [] : [{ path: entry, target: linkTarget }],
  );
  const mounted = systemMounts(folders, engines).map(({ destination }) => destination);
  const ofEngines = engines.flatMap(({ mounts }) => mounts);
  const files = new Set(ofEngines.filter(({ kind }) => kind === 'file').map(({ at }) => at));
  const directories = mounted.filter((destination) => !files.has(destination));
  return { directories: [...directories, '/proc', '/dev', '/tmp'], files: [...files], links };
}

function emptyFolder(destination: string): OciMount {
  const options = ['nosuid', 'nodev', 'noexec', 'ro', 'size=4k'];
  return { destination, type: 'tmpfs', source: 'tmpfs', options };
}

function systemMounts(folders: JailFolders, engines: readonly Pick<JailEngine, 'mounts'>[]): OciMount[] {
  const bind = (source: string, destination: string, ...more: string[]): OciMount => ({
    ...{ destination, source },
    options: ['bind', 'ro', 'nosuid', 'nodev', ...more],
  });
  const staged = (name: string): string => path.join(folders.stageDir, name);
  return [
    ...folders.system
      .filter(({ linkTarget }) => linkTarget === null)
      .map((entry) => bind(entry.path, entry.path)),
    bind(folders.etcDir, '/etc', 'noexec'),
    bind(staged('task'), '/var/task'),
    bind(staged('layer'), LAYER_ROOT),
    ...engines.flatMap((engine) => engineMounts(folders, engine).map(({ source, at }) => bind(source, at))),
    bind(staged('contract'), '/opt/millrace/contract'),
    bind(staged('runtimes'), '/opt/millrace/runtimes'),
  ];
}

function privateMounts({ limits }: OciParams): OciMount[] {
  const memory = (destination: string, ...options: string[]): OciMount => ({
    ...{ destination, type: 'tmpfs', source: 'tmpfs' },
    options: ['nosuid', ...options],
  });
  const owner = [`uid=${SANDBOX_UID}`, `gid=${SANDBOX_UID}`];
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
    memory('/dev', 'strictatime', 'mode=755', 'size=64k', 'ro'),
    {
      ...{ destination: '/dev/pts', type: 'devpts', source: 'devpts' },
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
    },
    memory('/dev/shm', 'noexec', 'nodev', 'mode=1777', `size=${SHARED_MEMORY_BYTES}`),
    memory(
      '/tmp',
      'nodev',
      'mode=0700',
      `size=${limits.tmpMb}m`,
      `nr_inodes=${limits.tmpMb * 256}`,
      ...owner,
    ),
  ];
}

function ociProcess({ runtime, limits }: OciParams): object {
  const environment = Object.entries(runtime.environment).map(([name, value]) => `${name}=${value}`);
  const none: string[] = [];
  const capabilities = { bounding: none, effective: none, inheritable: none, permitted: none, ambient: none };
  return {
    terminal: false,
    user: { uid: SANDBOX_UID, gid: SANDBOX_UID },
    args: [...FIRST_PROCESS, ...environment, ...runtime.command],
    env: [],
    cwd: runtime.directory ?? '/',
    capabilities,
    rlimits: [
      { type: 'RLIMIT_NOFILE', hard: limits.openFiles, soft: limits.openFiles },
      { type: 'RLIMIT_CORE', hard: 0, soft: 0 },
    ],
    noNewPrivileges: true,
    // When the whole machine runs out of memory, a jail goes before the platform does.
    oomScoreAdj: 500,
  };
}

function idMappings(uid: number): object[] {
  return [
    { containerID: 0, hostID: uid + BUILDER_UID_OFFSET, size: 1 },
    { containerID: SANDBOX_UID, hostID: uid, size: 1 },
  ];
}

function ociResources({ limits, countsSwap }: OciParams): object {
  const limit = limits.memoryMb * MEBIBYTE;
  return {
    devices: [{ allow: false, access: 'rwm' }],
    memory: countsSwap ? { limit, swap: limit } : { limit },
    cpu: { quota: limits.cpuPercent * (CPU_PERIOD_US / 100), period: CPU_PERIOD_US },
    pids: { limit: limits.pids },
  };
}
