// What the server asks of a jail, whichever kernel wall builds it. Implemented by supervised-driver
// (bubblewrap, built by the supervisor) and bare-driver (MILLRACE_SANDBOX=none). Called by the sandbox pool
// alone.
import type { Duplex, Readable } from 'node:stream';
import type { EngineName } from '../../../contract/engine-name.ts';
import type { Reuse, SandboxExit, SandboxLimits } from '../../../contract/sandbox.ts';

/** What the jail must be like. Everything in it is fixed for the sandbox's life. */
export type SandboxSpec = {
  /** Unique in this server's life; names cgroup and network namespace. [0-9a-z]{1,16} */
  id: string;
  /** The account that the code belongs to: its egress rules and its user id follow from it. */
  accountId: string;
  /** Content hash (hex SHA-256) of the unpacked bundle; it appears read-only at /var/task. */
  bundleHash: string;
  /** Content hash of the layer whose packages it finds; null: none beside the code. */
  layerHash: string | null;
  /** Networks that the account denies itself, see contract/egress-network.ts. */
  egressDeny: readonly string[];
  /** What runs it. */
  engine: EngineName;
  /** `none`: every run gets a process of its own, forked where that is possible. `warm` if left out. */
  reuse?: Reuse;
  limits: SandboxLimits;
};

/**
 * A jail that installs packages; runtimes/builder runs in it. It reaches the package registry and nothing
 * else.
 */
export type BuildSpec = Pick<SandboxSpec, 'id' | 'limits'> & {
  /** Whose pip installs; null: npm does. */
  python: EngineName | null;
};

/** Where the code inside a sandbox sees what the platform put there. */
export type SandboxPlace = {
  /** The user's code, and the working directory. `/var/task` in a jail. */
  taskRoot: string;
  /** The language runtime. `/opt/millrace/runtimes/node` in a jail. */
  runtimeDir: string;
  /** PEM file of MILLRACE_EXTRA_CA_CERTS; null where there is none. */
  extraCaCertsFile: string | null;
  /**
   * PEM file of these roots and the usual ones together, where there are some to add and a jail to put it in;
   * else null.
   */
  allRootsFile: string | null;
};

/** A jail with a runtime process starting in it. */
export interface SandboxProcess {
  readonly id: string;
  readonly place: SandboxPlace;
  /** It waited without a function, its runtime started. */
  isFromStock: boolean;
  /** The runtime's descriptor 3: frames, see contract/frames.cjs. */
  readonly control: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when every process of the jail is gone; never rejects. */
  readonly exited: Promise<SandboxExit>;
  /**
   * Highest memory use so far in bytes, read from the kernel; null where the driver can't say. Cheap,
   * synchronous.
   */
  memoryPeakBytes(): number | null;
  /**
   * Processor time that the whole jail has used so far; null where it isn't counted. Cheap, synchronous. ms
   */
  cpuUsageMs(): number | null;
  /** Kills every process of the jail now. Idempotent. */
  kill(): void;
}

export interface SandboxDriver {
  /** How many sandboxes wait without a function, where it keeps such. */
  blanks?(): number;
  /** `bubblewrap` or `none`: shown by the API and in the log. */
  readonly name: string;
  /**
   * Builds the jail and starts the runtime.
   * @throws Failure `unavailable` when the jail can't be built; nothing of it stays behind
   */
  start(spec: SandboxSpec): Promise<SandboxProcess>;
  /**
   * Builds a jail for packages and starts the builder. @throws Failure `unavailable` as {@link
   * SandboxDriver.start}
   */
  build(spec: BuildSpec): Promise<SandboxProcess>;
  /** Ends every sandbox and waits until they are gone. */
  close(): Promise<void>;
}
