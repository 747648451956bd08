// An attempt while its calls are put together: its connections and refusals that aren't written yet, and how
// they become what is kept. Called by sandbox-calls.ts alone.
import {
  type CallPhase,
  MOST_CALLS,
  type OutgoingCall,
  type Protocol,
  type RunSpan,
} from './outgoing-call.ts';

type Target = { protocol: Protocol; address: string; port: number; atMs: number };

export type Connection = Target & {
  host: string | null;
  sent: number;
  received: number;
  /** Of these: what is some run's already. */
  countedBytes: { sent: number; received: number };
  isCounted: boolean;
  /** Whether the kernel has said how many bytes. */
  isMeasured: boolean;
  endedAtMs: number | null;
};

export type Placed = {
  phase: CallPhase;
  isShared: boolean;
  /** Another run that went on has it, too, and counts it. */
  isRepeated: boolean;
};

export type KnownCalls = { calls: OutgoingCall[]; repeated: Set<OutgoingCall>; leftOut: number };

export type Watched = {
  /** null: no run has begun yet. */
  span: RunSpan | null;
  connections: (Placed & { connection: Connection })[];
  /** By protocol, address and port. */
  refusals: Map<string, Target & Placed & { times: number }>;
  leftOut: number;
  /** There is something to write of it. */
  isDue: boolean;
  /** Connections of earlier runs were looked at since it ended. */
  isSettled: boolean;
};

export function newWatched(span: RunSpan | null): Watched {
  return { span, connections: [], refusals: new Map(), leftOut: 0, isDue: false, isSettled: false };
}

export function isEmpty({ connections, refusals, leftOut }: Watched): boolean {
  return connections.length === 0 && refusals.size === 0 && leftOut === 0;
}

export function isFull({ connections, refusals }: Watched): boolean {
  return connections.length + refusals.size >= MOST_CALLS;
}

/** After it is written. */
export function clear(watched: Watched): void {
  watched.connections = [];
  watched.refusals = new Map();
  watched.leftOut = 0;
  watched.isDue = false;
}

/** It is no longer waited for: what it has made is nobody's. */
export function abandon(watched: Watched | undefined): void {
  for (const { connection } of watched?.connections ?? []) connection.isCounted = true;
}

const NO_BYTES = { bytes_sent: null, bytes_received: null };

/** From now on its connections count as some run's. @param names by address */
export function callsOf(
  { span, connections, refusals, leftOut }: Watched,
  names: ReadonlyMap<string, string>,
): KnownCalls {
  const attempt = span?.attempt ?? 1;
  const repeated = new Set<OutgoingCall>();
  const made = connections.map(({ connection, phase, isShared, isRepeated }): OutgoingCall => {
    const { sent, received, isMeasured } = connection;
    connection.isCounted = true;
    connection.countedBytes = { sent, received };
    const call: OutgoingCall = {
      ...{ ...placeOf(connection, attempt), host: connection.host, verdict: 'allowed', times: 1 },
      ...(isMeasured ? { bytes_sent: sent, bytes_received: received } : NO_BYTES),
      ...{ duration_ms: durationOf(connection), phase, reused: false, shared: isShared },
    };
    if (isRepeated) repeated.add(call);
    return call;
  });
  const refused = [...refusals.values()].map(
    ({ times, phase, isShared, isRepeated, ...target }): OutgoingCall => {
      const host = names.get(target.address) ?? null;
      const call: OutgoingCall = {
        ...{ ...placeOf(target, attempt), host, verdict: 'refused', times },
        ...{ ...NO_BYTES, duration_ms: null, phase, reused: false, shared: isShared },
      };
      if (isRepeated) repeated.add(call);
      return call;
    },
  );
  const calls = [...made, ...refused].sort((one, other) => (one.at < other.at ? -1 : 1));
  return { calls, repeated, leftOut };
}

/** A connection's own upkeep: what closes it, what keeps it alive. */
const UPKEEP_BYTES = 400;

/** What went over it since it was counted; null: nothing of a run's. */
export function laterCall(connection: Connection, { span }: Watched, isShared: boolean): OutgoingCall | null {
  const { sent, received, countedBytes, isCounted, host } = connection;
  const more = { bytes_sent: sent - countedBytes.sent, bytes_received: received - countedBytes.received };
  if (!isCounted || more.bytes_sent + more.bytes_received < UPKEEP_BYTES) return null;
  connection.countedBytes = { sent, received };
  return {
    ...{ ...placeOf(connection, span?.attempt ?? 1), host, verdict: 'allowed', times: 1 },
    ...{ ...more, duration_ms: null, phase: 'run', reused: true, shared: isShared },
  };
}

function placeOf(
  { atMs, address, port, protocol }: Target,
  attempt: number,
): Pick<OutgoingCall, 'at' | 'attempt' | 'address' | 'port' | 'protocol'> {
  return { at: new Date(atMs).toISOString(), attempt, address, port, protocol };
}

function durationOf({ atMs, endedAtMs }: Connection): number | null {
  return endedAtMs === null ? null : Math.max(0, Math.round(endedAtMs - atMs));
}
