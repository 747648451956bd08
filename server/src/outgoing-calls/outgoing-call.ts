// What an outgoing call is: one connection that a run's code made, or was refused, as the kernel has it. And
// what the API and the audit keep of it. Types and closed sets alone.
import type { World } from '../accounts/account.ts';

export const PROTOCOLS = ['tcp', 'udp', 'icmp', 'other'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const VERDICTS = ['allowed', 'refused'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** When it began: while the sandbox loaded the code, while the run went on, or after its end. */
export const CALL_PHASES = ['init', 'run', 'after'] as const;
export type CallPhase = (typeof CALL_PHASES)[number];

/** As it is kept with its run, in the words of the API. */
export type OutgoingCall = {
  /** ISO time. */
  at: string;
  attempt: number;
  /** By which the sandbox's resolver gave the address last; null: by none. */
  host: string | null;
  address: string;
  /** 0 where the protocol has none. */
  port: number;
  protocol: Protocol;
  verdict: Verdict;
  /** More than one: refused again and again, or an address that is one of many. */
  times: number;
  /** With the headers of packets. null: unknown, or refused. */
  bytes_sent: number | null;
  bytes_received: number | null;
  /** null: it was open when the run ended, or refused. */
  duration_ms: number | null;
  phase: CallPhase;
  /** It was made by an earlier run in the same sandbox; bytes are those of this run. */
  reused: boolean;
  /** Other runs went on in the sandbox: whose it is, or how much of it, is uncertain. */
  shared: boolean;
};

/** Whose calls: an attempt of a run while it is in a sandbox. Times are Unix times in ms. */
export type RunSpan = World & {
  runId: string;
  functionId: string;
  attempt: number;
  startedAtMs: number;
  /** null: it goes on. */
  endedAtMs: number | null;
};

/** What became known of an attempt's calls; more of the same attempt may follow. */
export type SeenCalls = {
  span: RunSpan;
  calls: OutgoingCall[];
  /** Of these: other runs that went on have them as well, and they were counted there. */
  repeated: ReadonlySet<OutgoingCall>;
  /** Beyond what is kept of a run. */
  leftOut: number;
  /** The kernel, or who reads it, had to leave out some of the sandbox. */
  isIncomplete: boolean;
};

/** Calls that are kept of one run. */
export const MOST_CALLS = 100;
