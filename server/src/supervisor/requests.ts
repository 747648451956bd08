// The closed set of requests that the server makes of the supervisor, over a Unix socket, one JSON document a line.
// The supervisor checks every request against these shapes before it does anything as root. Both sides read this file.
//
// A jail's descriptors don't travel through the supervisor: it connects three times to the server's own socket
// (JAILS socket), introduces each connection by one line `{"sandbox":"<id>","channel":"control|stdout|stderr"}\n`, and
// hands them to the runtime as its descriptors 3, 1 and 2. From then on server and sandbox talk directly.
import { z } from 'zod';

const sandboxId = z.string().regex(/^[0-9a-z]{1,16}$/);

const startParams = z.strictObject({
  id: sandboxId,
  accountId: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  bundleHash: z.string().regex(/^[0-9a-f]{64}$/),
  engineMajor: z.int().min(18).max(99),
  limits: z.strictObject({
    memoryMb: z.int().min(16).max(1_048_576),
    tmpMb: z.int().min(1).max(1_048_576),
    cpuPercent: z.int().min(1).max(100_000),
    pids: z.int().min(4).max(1_000_000),
    openFiles: z.int().min(32).max(1_000_000),
  }),
});

export const supervisorRequest = z.discriminatedUnion('method', [
  z.strictObject({ seq: z.int(), method: z.literal('start'), params: startParams }),
  z.strictObject({ seq: z.int(), method: z.literal('kill'), params: z.strictObject({ id: sandboxId }) }),
]);
export type SupervisorRequest = z.infer<typeof supervisorRequest>;
export type StartParams = z.infer<typeof startParams>;

/** What the supervisor says. `reply` answers the request of the same `seq`; `exited` comes once per started sandbox. */
export type SupervisorMessage =
  /** `memoryPeakFile`: the cgroup file that the (unprivileged) server may read; null where there is none. */
  | { type: 'started'; seq: number; memoryPeakFile: string | null }
  | { type: 'done'; seq: number }
  | { type: 'refused'; seq: number; message: string }
  | {
      type: 'exited';
      id: string;
      code: number | null;
      signal: string | null;
      outOfMemory: boolean;
      memoryPeakBytes: number | null;
    };

export const channelNames = ['control', 'stdout', 'stderr'] as const;
export type ChannelName = (typeof channelNames)[number];
