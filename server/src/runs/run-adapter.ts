// How a dialect takes part in a run, whatever started it: it makes the handler's event of the input, and
// reads what came back. The one contract between runs and dialects: calls, queued runs, replays and functions
// called by nouns go through it. One per dialect, handed to the executors by roles/. Types only.
import type { RunnableFunction } from '../functions/function.ts';
import type { HttpAnswer } from '../http/http-answer.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';
import type { RunInput, TriggerKind } from './run-input.ts';

export type RunFacts = {
  runId: string;
  fn: RunnableFunction;
  /** From 1. */
  attempt: number;
};

/**
 * Who looks at a result: a caller over HTTP, who is answered with it; a noun, which judges it itself; nobody.
 */
export type ResultReader = 'http_caller' | 'noun' | 'nobody';

export type ResultFacts = { runId: string; trigger: TriggerKind; reader: ResultReader };

export type ResultReading = {
  /** What is wrong with a result that the function returned: its run has failed. null: it is fine. */
  fault: RunError | null;
  /**
   * For an HTTP caller, of an outcome good or bad. null: the platform's own rule holds (function-answer.ts).
   */
  answer: HttpAnswer | null;
};

export type RunAdapter = {
  /** The event as JSON text, in the shape that the dialect's handlers expect. */
  eventOf(input: RunInput, facts: RunFacts): string;
  /** What an outcome means. */
  read(outcome: Outcome, facts: ResultFacts): ResultReading;
  /** What the function's owner can do about an error of it, in a sentence; null: there is nothing to say. */
  adviceOn?(error: RunError, fn: RunnableFunction): string | null;
};

/** By the name of the dialect. Each roles/mount-*.ts offers its own. */
export type RunAdapters = Record<string, RunAdapter>;
