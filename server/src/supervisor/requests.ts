// The closed set of requests that the server makes of the supervisor, over a Unix socket, one JSON document a line.
// The supervisor checks every line against these shapes before it does anything as root. Both sides read this file.
//
// A jail's descriptors come the same way: the server connects three more times to the supervisor's socket, introduces
// each connection by one `hello` line, writes nothing more until `started`, and the supervisor hands them to the runtime as its
// descriptors 3, 1 and 2. From then on server and sandbox talk directly. The supervisor itself never connects to
// anything: a path that the server could exchange would make root open somebody else's socket for a stranger's code.
import { z } from 'zod';
import { parseEgressNetwork } from '../config/egress-network.ts';

/** Name of the supervisor's socket in the run dir. */
export const SUPERVISOR_SOCKET = 'supervisor.sock';
/** Longest line that either side accepts. */
export const LINE_LIMIT_BYTES = 16 * 1024;

const sandboxId = z.string().regex(/^[0-9a-z]{1,16}$/);

const contentHash = z.string().regex(/^[0-9a-f]{64}$/);

/** Networks that an account may deny itself: all of them fit into a line. */
export const MOST_EGRESS_DENIED = 200;

const egressNetwork = z
  .string()
  .max(40)
  .refine((text) => parseEgressNetwork(text) !== null);

/** Whose code a sandbox runs, and which. */
const task = {
  accountId: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  bundleHash: contentHash,
  /** null: no packages beside the code. */
  layerHash: contentHash.nullable(),
  /** Networks that the account denies itself. What is allowed to it, the supervisor knows by itself. */
  egressDeny: z.array(egressNetwork).max(MOST_EGRESS_DENIED).readonly(),
};

const limits = z.strictObject({
  memoryMb: z.int().min(16).max(1_048_576),
  tmpMb: z.int().min(1).max(1_048_576),
  cpuPercent: z.int().min(1).max(100_000),
  pids: z.int().min(4).max(1_000_000),
  openFiles: z.int().min(32).max(1_000_000),
});

/** A jail without code: its runtime starts and waits for `assign`. */
const prepareParams = z.strictObject({
  id: sandboxId,
  engine: z.union([
    z.templateLiteral(['node-', z.int().min(18).max(99)]),
    z.templateLiteral(['python-3.', z.int().min(8).max(99)]),
    z.literal('provided'),
  ]),
  reuse: z.enum(['warm', 'none']).optional(),
  limits,
});

const startParams = prepareParams.extend(task);
const assignParams = z.strictObject({ id: sandboxId, ...task });
/** A jail that installs packages: npm is its code, the package registry all that it reaches. */
const buildParams = z.strictObject({ id: sandboxId, limits });

export const supervisorRequest = z.discriminatedUnion('method', [
  z.strictObject({ seq: z.int(), method: z.literal('start'), params: startParams }),
  z.strictObject({ seq: z.int(), method: z.literal('prepare'), params: prepareParams }),
  z.strictObject({ seq: z.int(), method: z.literal('assign'), params: assignParams }),
  z.strictObject({ seq: z.int(), method: z.literal('build'), params: buildParams }),
  z.strictObject({ seq: z.int(), method: z.literal('kill'), params: z.strictObject({ id: sandboxId }) }),
]);
export type SupervisorRequest = z.infer<typeof supervisorRequest>;
export type StartParams = z.infer<typeof startParams>;
export type PrepareParams = z.infer<typeof prepareParams>;
export type AssignParams = z.infer<typeof assignParams>;
export type BuildParams = z.infer<typeof buildParams>;

export const channelNames = ['control', 'stdout', 'stderr'] as const;
export type ChannelName = (typeof channelNames)[number];

/** First line of a connection: either it brings a jail's channel, or requests follow. */
export const hello = z.union([
  z.strictObject({ sandbox: sandboxId, channel: z.enum(channelNames) }),
  z.strictObject({ role: z.literal('requests') }),
]);
export type Hello = z.infer<typeof hello>;

/** Files of the cgroup that the (unprivileged) server may read; null where there is none. */
export type CounterFiles = { memoryPeakFile: string | null; cpuUsageFile: string | null };

/** What the supervisor says. A message with `seq` answers that request; `exited` comes once per started or prepared sandbox. */
export type SupervisorMessage =
  /** The connection is accepted; nothing before it counts. */
  | { type: 'welcome' }
  | ({ type: 'started'; seq: number } & CounterFiles)
  | { type: 'done'; seq: number }
  | { type: 'refused'; seq: number; message: string }
  | {
      type: 'exited';
      id: string;
      code: number | null;
      signal: string | null;
      outOfMemory: boolean;
      memoryPeakBytes: number | null;
      cpuUsageMs?: number;
    };
