// How a run has ended whose sandbox ended without a word from its runtime, and whose fault that was. Pure;
// called by instance.ts.
import * as frames from '../../../contract/frames.cjs';
import type { SandboxExit } from '../../../contract/sandbox.ts';
import type { LogLine } from '../logs/log-lines.ts';
import { exitError, memoryError, type Outcome } from './outcome.ts';

export type ExitFacts = {
  /** null: code was loaded for no run. */
  runId: string | null;
  memoryMb: number;
  /** Every run is a process of its own, forked from one that stays. */
  forks: boolean;
  /** What was printed so far. */
  lines: readonly LogLine[];
};

export function outcomeOfExit(exit: SandboxExit, { runId, memoryMb, forks, lines }: ExitFacts): Outcome {
  if (exit.outOfMemory || lines.some(isHeapWord)) {
    return { end: 'out_of_memory', error: memoryError(runId, memoryMb) };
  }
  if (exit.isLost === true || (forks && exit.code === frames.EXIT_NOT_BEGUN)) {
    const message = 'the platform lost the sandbox';
    return { end: 'platform_fault', error: { type: 'Platform.SandboxLost', message, stack: '' } };
  }
  return { end: 'crashed', error: exitError(runId, exit) };
}

/** V8 ends the process by itself when its heap is full, before the kernel has to: its words are on stderr. */
function isHeapWord({ stream, text }: LogLine): boolean {
  return stream === 'stderr' && text.includes('FATAL ERROR:') && text.includes('heap out of memory');
}
