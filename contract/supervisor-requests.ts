// The closed set of requests that the server makes of the supervisor, over a Unix socket, one JSON document a
// line. The supervisor checks every line against these shapes (read-request.ts) before it does anything as
// root. Both sides read this file.
//
// A jail's descriptors come the same way: the server connects three more times to the supervisor's socket,
// introduces each connection by one `hello` line, writes nothing more until `started`, and the supervisor
// hands them to the runtime as its descriptors 3, 1 and 2. From then on server and sandbox talk directly. The
// supervisor itself never connects to anything: a path that the server could exchange would make root open
// another's socket for a stranger's code.

import type { EngineName } from './engine-name.ts';
import type { Reuse, SandboxLimits } from './sandbox.ts';

/** Name of the supervisor's socket in the run dir. */
export const SUPERVISOR_SOCKET = 'supervisor.sock';
/** Longest line that either side accepts. */
export const LINE_LIMIT_BYTES = 16 * 1024;
/** Networks that an account may deny itself: all of them fit into a line. */
export const MOST_EGRESS_DENIED = 200;

/** Whose code a sandbox runs, and which. */
type Task = {
  accountId: string;
  bundleHash: string;
  /** null: no packages beside the code. */
  layerHash: string | null;
  /** Networks that the account denies itself. What is allowed to it, the supervisor knows by itself. */
  egressDeny: readonly string[];
};

type JailRequest = { id: string; limits: SandboxLimits };
/**
 * A jail that installs packages: npm is its code, or the pip of an engine; a registry or an index all that it
 * reaches.
 */
export type BuildParams = JailRequest & { python: EngineName | null };
/** A jail without code: its runtime starts and waits for `assign`. */
export type PrepareParams = JailRequest & { engine: EngineName; reuse?: Reuse | undefined };
export type StartParams = PrepareParams & Task;
export type AssignParams = { id: string } & Task;

type Request<Method extends string, Params> = { seq: number; method: Method; params: Params };

export type SupervisorRequest =
  | Request<'start', StartParams>
  | Request<'prepare', PrepareParams>
  | Request<'assign', AssignParams>
  | Request<'build', BuildParams>
  | Request<'kill', { id: string }>;

export const channelNames = ['control', 'stdout', 'stderr'] as const;
export type ChannelName = (typeof channelNames)[number];

/**
 * First line of a connection: either it brings a jail's channel, or requests follow, or it hears what
 * sandboxes do on the network (call-watch/watch-calls.c has the lines).
 */
export type Hello = { sandbox: string; channel: ChannelName } | { role: 'requests' | 'calls' };

/** Files of the cgroup that the (unprivileged) server may read; null where there is none. */
export type CounterFiles = { memoryPeakFile: string | null; cpuUsageFile: string | null };

/**
 * What the supervisor says. A message with `seq` answers that request; `exited` comes once per started or
 * prepared sandbox.
 */
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
