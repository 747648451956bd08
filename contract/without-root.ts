// What the launcher has found out about a machine on which Millrace runs without root, and hands to its two
// other processes: the supervisor sees a network of its own and can't look for itself. Pure. Made by
// launcher/without-root.ts, part of config.ts.

/** A folder of a cgroup hierarchy that this user may make others in. */
type OwnCgroup = { version: 1 | 2; dir: string };

export type WithoutRoot = {
  /** Folder for sockets and mount points while it runs. */
  runDir: string;
  /** Every IPv4 address of the machine. */
  hostAddresses: string[];
  /** The machine's resolv.conf, with upstream servers. */
  resolvConf: string;
  /** Why functions have no network; null: they have one. */
  noNetwork: string | null;
  /**
   * null: no cgroups are this user's, limits are watched over instead. Without `cpu`: that controller isn't
   * theirs.
   */
  cgroups: { memory: OwnCgroup; pids: OwnCgroup; cpu?: OwnCgroup } | null;
};

/** @param text MILLRACE_INTERNAL_WITHOUT_ROOT, which only the launcher sets */
export function parseWithoutRoot(text: string | null): WithoutRoot | null {
  return text === null ? null : (JSON.parse(text) as WithoutRoot);
}
