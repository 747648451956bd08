// Finds out which cgroup version serves memory, cpu and pids on this machine (v1, v2, or the hybrid of both) and under
// which folder ours go. Pure: it is handed the texts of /proc and of the cgroup2 root. Called by supervise at start.
import path from 'node:path';

export const CONTROLLERS = ['memory', 'cpu', 'pids'] as const;
export type Controller = (typeof CONTROLLERS)[number];

/** `dir` is the folder of the hierarchy under which ours is made. */
export type Hierarchy = { version: 1 | 2; dir: string };
/** Without `cpu` where an ordinary user has not been given it. */
export type CgroupPlan = Record<'memory' | 'pids', Hierarchy> & { cpu?: Hierarchy };

export type CgroupFacts = {
  /** /proc/self/mountinfo */
  mountinfo: string;
  /** /proc/self/cgroup */
  ownCgroups: string;
  /** cgroup.controllers at the root of the cgroup2 mount; '' where there is none. */
  v2Controllers: string;
};

/** A mounted hierarchy as mountinfo tells it. */
export type Mount = { version: 1 | 2; root: string; dir: string; options: string[] };

/** @throws Error naming the controllers that are missing */
export function planCgroups(facts: CgroupFacts): Required<CgroupPlan> {
  const mounts = cgroupMounts(facts.mountinfo);
  const found = CONTROLLERS.map(
    (controller) => [controller, hierarchyFor(controller, mounts, facts)] as const,
  );
  const missing = found.filter(([, hierarchy]) => hierarchy === null).map(([controller]) => controller);
  if (missing.length > 0) {
    throw new Error(`this machine offers no cgroup controller for ${missing.join(', ')}`);
  }
  return Object.fromEntries(found) as Required<CgroupPlan>;
}

/** Whether this user may use a controller in a cgroup. */
export type IsOwn = (hierarchy: Hierarchy, controller: Controller) => boolean;

/**
 * For a user who isn't root: the cgroups that this process is in, where they are his.
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
  const v1 = mounts.find((mount) => mount.version === 1 && mount.options.includes(controller));
  const mount = v1 ?? mounts.find(({ version }) => version === 2);
  const named = v1 === undefined ? '' : `(?:[^:\n]*,)?${controller}(?:,[^:\n]*)?`;
  const own = new RegExp(`^\\d+:${named}:(.*)$`, 'm').exec(facts.ownCgroups)?.[1];
  if (mount === undefined || own === undefined || !isBelow(own, mount.root)) return null;
  // Where a former life has moved us.
  const place = path.relative(mount.root, own.replace(/\/millrace-[0-9a-f]{6}-platform$/, ''));
  return { version: mount.version, dir: path.join(mount.dir, place) };
}

function isBelow(place: string, root: string): boolean {
  return root === '/' || place === root || place.startsWith(`${root}/`);
}

function hierarchyFor(controller: Controller, mounts: Mount[], facts: CgroupFacts): Hierarchy | null {
  const v1 = mounts.find((mount) => mount.version === 1 && mount.options.includes(controller));
  if (v1 !== undefined) return { version: 1, dir: v1.dir };
  const v2 = mounts.find((mount) => mount.version === 2);
  if (v2 === undefined || !facts.v2Controllers.trim().split(/\s+/).includes(controller)) return null;
  return { version: 2, dir: path.join(v2.dir, delegatedPath(facts.ownCgroups, v2.root)) };
}

/**
 * A systemd service owns the subtree below itself, so ours belongs there and goes with it. From anywhere else (a login
 * session, a container's only group) it goes to the top of what is visible.
 */
function delegatedPath(ownCgroups: string, mountRoot: string): string {
  const own = /^0::(.*)$/m.exec(ownCgroups)?.[1] ?? '/';
  if (!own.endsWith('.service') || mountRoot !== '/') return '/';
  return own;
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
