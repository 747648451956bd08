// How a dialect takes part in a run that nobody waits for, or that another noun starts: it makes the handler's event of an
// input, and reads what came back. One per dialect, handed to the executor by roles/. Types only.
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

/** How a result is looked at. */
export type ResultFacts = {
  trigger: TriggerKind;
  /** Somebody waits for the result and judges it himself. */
  isAwaited: boolean;
};

export type RunAdapter = {
  /** The event as JSON text, in the shape that the dialect's handlers expect. */
  eventOf(input: RunInput, facts: RunFacts): string;
  /** What is wrong with a result that the function returned; null: it is fine. */
  faultOf(outcome: Outcome, facts: ResultFacts): RunError | null;
  /** What the function's owner can do about an error of it, in a sentence; null: there is nothing to say. */
  adviceOn?(error: RunError, fn: RunnableFunction): string | null;
  /**
   * What a function URL answers of an outcome, be it good or bad. Where a dialect has no rule of its own, or null, the platform's
   * holds (function-answer.ts): text is text, all else JSON; what failed is 502, what took too long 504.
   */
  responseOf?(outcome: Outcome, runId: string): HttpAnswer | null;
};

/** By the name of the dialect. Each roles/mount-*.ts adds its own before anything runs. */
export type RunAdapters = Record<string, RunAdapter>;
