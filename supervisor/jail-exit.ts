// Says how a jail ended, in the words of the supervisor's `exited` message. Pure. Called by jail.ts.
import { constants } from 'node:os';
import type { SandboxExit } from '../contract/sandbox.ts';

export type JailEnd = {
  /** Of bubblewrap: it ends with its command's status, or 128 + the signal that ended it. */
  code: number | null;
  signal: string | null;
  /** Whether the kernel killed something for want of memory. */
  oomKilled: boolean;
  memoryPeakBytes: number | null;
  /** null: it isn't counted. */
  cpuUsageMs?: number | null;
  memoryMb: number;
};

/** From this share of the memory on, an abort is the engine's own "heap out of memory". */
const HEAP_EXHAUSTED_SHARE = 0.7;

export function describeExit(end: JailEnd): SandboxExit {
  const signal = end.signal ?? signalOf(end.code);
  return {
    code: signal === null ? end.code : null,
    signal,
    outOfMemory: end.oomKilled || isHeapExhausted(signal, end),
    memoryPeakBytes: end.memoryPeakBytes,
    ...(end.cpuUsageMs == null ? {} : { cpuUsageMs: end.cpuUsageMs }),
  };
}

/** A shell's convention, which bubblewrap follows: 137 is SIGKILL. */
function signalOf(code: number | null): string | null {
  if (code === null || code <= 128) return null;
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return found?.[0] ?? null;
}

/** V8 aborts the process when its heap is full, which happens before the kernel's limit is reached. */
function isHeapExhausted(signal: string | null, end: JailEnd): boolean {
  if (signal !== 'SIGABRT' && signal !== 'SIGTRAP') return false;
  return (end.memoryPeakBytes ?? 0) > end.memoryMb * 1024 * 1024 * HEAP_EXHAUSTED_SHARE;
}
