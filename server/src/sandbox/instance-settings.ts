// What an instance is made with. Types alone; between sandbox-starter.ts and instance.ts.
import type { Reuse } from '../../../contract/sandbox.ts';
import type { LogLines } from '../logs/log-lines.ts';
import type { SecretMask } from '../logs/secret-mask.ts';
import type { AskSettings } from './run-asks.ts';

/** How an instance was started. `initMs`: starting the runtime and loading the handler. */
export type FirstStart = { initMs: number; isFromStock: boolean };

export type InstanceSettings = {
  /** Called with what a run printed after its end. */
  onLateLines(runId: string, log: LogLines): void;
  /** Number of the version whose code it holds: what a run in it is recorded under. */
  version: number;
  reuse: Reuse;
  /** Runs that it may have in hand at a time; START gives the runtime the same. */
  concurrency: number;
  memoryMb: number;
  initTimeoutMs: number;
  resultLimitBytes: number;
  logLimitBytes: number;
  /** What hides the function's secrets; null: it has none. */
  mask: SecretMask | null;
  /** What its runs may ask of the platform; null: nothing. */
  asks: AskSettings | null;
};
