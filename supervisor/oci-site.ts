// What all OCI containers of an installation have in common: the runtime and what it can do, the folder that
// becomes their root, where their cgroups lie. Found out and made once, at start, by supervise.
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CgroupPlan } from './cgroup-plan.ts';
import { CONTROLLERS, cgroupMounts } from './cgroup-plan.ts';
import type { JailFolders } from './jail-arguments.ts';
import type { JailEngine } from './jail-engine.ts';
import { rootSkeleton } from './oci-config.ts';
import { runCommand } from './run-command.ts';
import { type OciSeccomp, ociSeccomp } from './seccomp-oci.ts';
import type { Architecture } from './seccomp-table.ts';

export type OciSite = {
  /** Command or path, e.g. `runc`. */
  runtime: string;
  /** Options before its command that not every runtime knows. */
  options: readonly string[];
  /** Options of its `run` that not every runtime knows. */
  runOptions: readonly string[];
  /** Empty mount points and links; read-only in every container. */
  rootDir: string;
  /** The installation's folder as runtimes name it: below the mount of each hierarchy. */
  cgroupsParent: string;
  countsSwap: boolean;
  seccomp: OciSeccomp;
};

export type OciSiteParams = {
  runtime: string;
  /** Made here. */
  rootDir: string;
  folders: JailFolders;
  /** All that a container may be run with. */
  engines: readonly Pick<JailEngine, 'mounts'>[];
  cgroups: { plan: CgroupPlan; name: string; mountinfo: string };
  architecture: Architecture;
};

/** @throws Error when the runtime can't be run, or can't serve this machine's cgroups */
export async function openOciSite(params: OciSiteParams): Promise<OciSite> {
  const { runtime, rootDir } = params;
  const version = await runCommand(runtime, ['--version']);
  // Where one prints its help, and whether it then ends with 0, differs.
  const help = await runCommand('sh', ['-c', '"$1" run --help 2>&1 || true', 'sh', runtime]);
  writeRoot(rootDir, params);
  return {
    ...{ runtime, rootDir },
    // Its own network stack would write packets past the rules in the sandbox's network namespace.
    options: version.startsWith('runsc') ? ['--network=host'] : [],
    runOptions: runOptions(runtime, help),
    ...cgroupFacts(params.cgroups),
    seccomp: ociSeccomp(params.architecture),
  };
}

/** The runtime's process must get its control socket as descriptor 3. */
function runOptions(runtime: string, help: string): string[] {
  // Without it the cgroup goes with the container, and with it what the kernel has counted there.
  const keep = help.includes('--keep') ? ['--keep'] : [];
  if (help.includes('-preserve-fds')) return [...keep, '--preserve-fds', '1'];
  if (help.includes('-pass-fd')) return [...keep, '--pass-fd', '3:3'];
  throw new Error(
    `${runtime} can't hand a descriptor to a container (its run knows no --preserve-fds or --pass-fd)`,
  );
}

function cgroupFacts({ plan, name, mountinfo }: OciSiteParams['cgroups']): {
  cgroupsParent: string;
  countsSwap: boolean;
} {
  const { memory } = plan;
  if (CONTROLLERS.some((controller) => plan[controller]?.version !== memory.version)) {
    throw new Error(
      'OCI runtimes need memory, cpu and pids in one version of cgroups; here v1 has some, v2 others',
    );
  }
  if (memory.version === 1) {
    const countsSwap = existsSync(path.join(memory.dir, 'memory.memsw.limit_in_bytes'));
    return { cgroupsParent: path.join('/', name), countsSwap };
  }
  const mount = cgroupMounts(mountinfo).find(({ version }) => version === 2)?.dir ?? '/sys/fs/cgroup';
  return { cgroupsParent: path.join('/', path.relative(mount, memory.dir), name), countsSwap: true };
}

function writeRoot(rootDir: string, { folders, engines }: OciSiteParams): void {
  const { directories, files, links } = rootSkeleton(folders, engines);
  const at = (place: string): string => path.join(rootDir, place);
  for (const place of directories) mkdirSync(at(place), { recursive: true, mode: 0o755 });
  for (const link of links) symlinkSync(link.target, at(link.path));
  for (const place of files) {
    mkdirSync(path.dirname(at(place)), { recursive: true, mode: 0o755 });
    writeFileSync(at(place), '', { mode: 0o644 });
  }
}
