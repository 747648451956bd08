// Finds out which cgroup version serves memory, cpu and pids on this machine (v1, v2, or the hybrid of both)
// and under which folder ours go. Pure: it is handed the texts of /proc and of the cgroup2 root. Called by
// supervise at start.
import path from 'node:path';

export const CONTROLLERS = ['memory', 'cpu', 'pids'] as const;
export type Controller = (typeof CONTROLLERS)[number];

/**
 * The folder beside ours that the platform's own processes are in, where version 2 wants them out of the way.
 */
export const PLATFORM_LEAF = 'millrace-platform';

/** `dir` is the folder of the hierarchy under which ours is made. */
export type Hierarchy = { version: 1 | 2; dir: string };
/**
 * Without `cpu` where an ordinary user has not been given it. `cpuacct`: where version 1 counts processor
 * time, which version 2 does everywhere.
 */
export type CgroupPlan = Record<'memory' | 'pids', Hierarchy> & { cpu?: Hierarchy; cpuacct?: Hierarchy };
export type WholePlan = CgroupPlan & { cpu: Hierarchy };

export type CgroupFacts = {
  /** /proc/self/mountinfo */
  mountinfo: string;
  /** /proc/self/cgroup */
  ownCgroups: string;
  /**
   * What a folder of version 2 has to hand down (cgroup.controllers); nothing where there is no such folder.
   */
  controllersIn: (dir: string) => readonly string[];
};

/** A mounted hierarchy as mountinfo shows it. */
export type Mount = { version: 1 | 2; root: string; dir: string; options: string[] };

/** @throws Error naming the controllers that are missing */
export function planCgroups(facts: CgroupFacts): WholePlan {
  const mounts = cgroupMounts(facts.mountinfo);
  const found = CONTROLLERS.map(
    (controller) => [controller, hierarchyFor(controller, mounts, facts)] as const,
  );
  const missing = found.filter(([, hierarchy]) => hierarchy === null).map(([controller]) => controller);
  if (missing.length > 0) {
    throw new Error(`this machine offers no cgroup controller for ${missing.join(', ')}`);
  }
  const counting = mounts.find(({ version, options }) => version === 1 && options.includes('cpuacct'));
  return {
    ...(Object.fromEntries(found) as WholePlan),
    ...(counting === undefined ? {} : { cpuacct: { version: 1, dir: counting.dir } }),
  };
}

/** Whether this user may use a controller in a cgroup. */
export type IsOwn = (hierarchy: Hierarchy, controller: Controller) => boolean;

/**
 * For a user who isn't root: the cgroups that this process is in, where they are theirs.
 * @returns null where the one for memory or for pids isn't
 */
export function planOwnCgroups(facts: CgroupFacts, isOwn: IsOwn): CgroupPlan | null {
  const mounts = cgroupMounts(facts.mountinfo);
  const [memory, cpu, pids] = CONTROLLERS.map((controller) => {
    const hierarchy = ownHierarchy(controller, mounts, facts);
    return hierarchy !== null && isOwn(hierarchy, controller) ? hierarchy : null;
  });
  if (memory == null || pids == null) return null;
  return { memory, pids, ...(cpu == null ? {} : { cpu }) };
}

function ownHierarchy(controller: Controller, mounts: Mount[], facts: CgroupFacts): Hierarchy | null {
  const v1 = mounts.find((mount) => isOfVersion1(mount, controller));
  const mount = v1 ?? mounts.find(({ version }) => version === 2);
  const named = v1 === undefined ? '' : `(?:[^:\n]*,)?${controller}(?:,[^:\n]*)?`;
  const own = new RegExp(`^\\d+:${named}:(.*)$`, 'm').exec(facts.ownCgroups)?.[1];
  if (mount === undefined || own === undefined || !isBelow(own, mount.root)) return null;
  const place = path.relative(mount.root, withoutLeaf(own));
  return { version: mount.version, dir: path.join(mount.dir, place) };
}

function isOfVersion1(mount: Mount, controller: Controller): boolean {
  return mount.version === 1 && mount.options.includes(controller);
}

function isBelow(place: string, root: string): boolean {
  return root === '/' || place === root || place.startsWith(`${root}/`);
}

function hierarchyFor(controller: Controller, mounts: Mount[], facts: CgroupFacts): Hierarchy | null {
  const v1 = mounts.find((mount) => isOfVersion1(mount, controller));
  if (v1 !== undefined) return { version: 1, dir: v1.dir };
  const v2 = mounts.find((mount) => mount.version === 2);
  if (v2 === undefined) return null;
  const needed = CONTROLLERS.filter((one) => !mounts.some((mount) => isOfVersion1(mount, one)));
  const top = path.join(v2.dir, '/');
  const own = path.join(v2.dir, servicePath(facts.ownCgroups, v2.root));
  const offered = facts.controllersIn(own);
  // One folder for all of them: a process is in one at a time.
  const dir = needed.every((one) => offered.includes(one)) ? own : top;
  return facts.controllersIn(dir).includes(controller) ? { version: 2, dir } : null;
}

/**
 * A systemd service with `Delegate=yes` owns the subtree below itself, so ours belongs there and goes with
 * it. From anywhere else (a login session, a container's only group, a service that has not all controllers)
 * it goes to the top of what is visible.
 */
function servicePath(ownCgroups: string, mountRoot: string): string {
  const own = withoutLeaf(/^0::(.*)$/m.exec(ownCgroups)?.[1] ?? '/');
  return own.endsWith('.service') && mountRoot === '/' ? own : '/';
}

/** Where a former life, or another installation, has moved us from. */
function withoutLeaf(own: string): string {
  return own.endsWith(`/${PLATFORM_LEAF}`) ? path.dirname(own) : own;
}

/** Every hierarchy that is mounted. */
export function cgroupMounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const fields = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    return [
      {
        version: type === 'cgroup2' ? (2 as const) : (1 as const),
        root: fields[3] ?? '/',
        dir: fields[4] ?? '',
        options: options.split(','),
      },
    ];
  });
}
