// What server and supervisor mean by a sandbox: how much it may take, how it ends, and whether it is kept
// for a next run. Types only.

/**
 * `warm`: kept for the next run. `none`: every run gets a process of its own, forked where that is possible.
 */
export type Reuse = 'warm' | 'none';

export type SandboxLimits = {
  /** Memory of everything in the jail, its /tmp included. MiB. */
  memoryMb: number;
  /** Size of the private /tmp. MiB. */
  tmpMb: number;
  /** CPU quota: 100 is one whole core. */
  cpuPercent: number;
  /** Processes and threads together. */
  pids: number;
  /** Open descriptors of each process. */
  openFiles: number;
};

/** How a sandbox ended, and what the kernel says about it. */
export type SandboxExit = {
  /** Exit status of the runtime process, null when a signal ended it. */
  code: number | null;
  signal: string | null;
  /** Whether the kernel killed something in the jail for want of memory. */
  outOfMemory: boolean;
  /** Highest memory use of the whole jail in bytes; null where the driver can't say. */
  memoryPeakBytes: number | null;
  /** Processor time that the whole jail has used; left out where it isn't counted. ms */
  cpuUsageMs?: number;
  /** The platform lost it: nothing that the function did ended it. */
  isLost?: true;
};
