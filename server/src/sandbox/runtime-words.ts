// Reads what a runtime says in its frames. Strangers' code shares a process with it, so anything may be
// missing or of another kind. Pure; called by instance.ts.
import type { OutcomeHead, ReadyPayload } from '../../../contract/frames.cjs';
import * as frames from '../../../contract/frames.cjs';
import { jsonProblem } from '../http/json-bounds.ts';
import { type Outcome, type RunError, readErrorObject } from './outcome.ts';

export type ReadyFacts = {
  /** What really runs, e.g. `node v18.20.8`; empty when it doesn't say. */
  engine: string;
  /** By which every run will fail; null: the handler is there. */
  fault: RunError | null;
  /** Whether it will be ready again after the run. */
  forks: boolean;
  /** Exit status of the process of the run before. */
  exitCode: number;
};

export function readReady(json: Buffer): ReadyFacts {
  const { engine, fault, forks, exitCode } = (parse(json) ?? {}) as Partial<ReadyPayload>;
  return {
    engine: typeof engine === 'string' ? engine.slice(0, 100) : '',
    fault:
      typeof fault === 'object' && fault !== null
        ? readErrorObject(Buffer.from(JSON.stringify(fault)))
        : null,
    forks: forks === true,
    exitCode: count(exitCode),
  };
}

/** A head is as long as its runtime makes it. */
const REMEMBERED_BYTES = 200;
/** Nearly all heads are like the one before: a run that prints nothing adds nothing to what was printed. */
let last: { text: string; head: OutcomeHead } = { text: '', head: { stdoutBytes: 0, stderrBytes: 0 } };

/** @throws FrameError when it is not JSON */
export function readOutcomeHead(json: Buffer): OutcomeHead {
  if (json.length === 0 || json.length > REMEMBERED_BYTES) return outcomeHeadOf(json);
  const text = json.toString();
  if (text !== last.text) last = { text, head: outcomeHeadOf(json) };
  return last.head;
}

function outcomeHeadOf(json: Buffer): OutcomeHead {
  const head = parse(json) as Partial<OutcomeHead> | null | undefined;
  if (head === undefined) throw new frames.FrameError('the head of an outcome is not JSON');
  return {
    stdoutBytes: count(head?.stdoutBytes),
    stderrBytes: count(head?.stderrBytes),
    droppedBytes: count(head?.droppedBytes),
    fatal: head?.fatal === true,
    outOfMemory: head?.outOfMemory === true,
    lingers: head?.lingers === true,
  };
}

/** Results up to this size are parsed within some milliseconds, whatever is in them. */
const SMALL_RESULT_BYTES = 128 * 1024;
/** As of data that callers send: reading a result parses it, on the thread that serves everybody. */
const RESULT_BOUNDS = { levels: Number.POSITIVE_INFINITY, values: 400_000 };

/** @param type RESULT or ERROR @param head of the same frame */
export function outcomeOfFrame(
  type: number,
  body: Buffer,
  head: Pick<OutcomeHead, 'outOfMemory'> = {},
): Outcome {
  if (type === frames.FRAME.RESULT) return resultOf(body);
  const problem = problemOf(body);
  if (problem !== null) return tooComplex(`the error ${problem}`);
  const error: RunError = readErrorObject(body);
  if (head.outOfMemory === true) return { end: 'out_of_memory', error };
  return { end: error.type === 'Function.ResponseSizeTooLarge' ? 'too_large' : 'threw', error };
}

function resultOf(body: Buffer): Outcome {
  const problem = problemOf(body);
  return problem === null ? { end: 'returned', result: body } : tooComplex(`the result ${problem}`);
}

function problemOf(body: Buffer): string | null {
  return body.length > SMALL_RESULT_BYTES ? jsonProblem(body, RESULT_BOUNDS) : null;
}

function tooComplex(message: string): Outcome {
  return { end: 'threw', error: { type: 'Function.ResponseTooComplex', message, stack: '' } };
}

/** @returns undefined when it is not JSON */
function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}

function count(value: unknown): number {
  return Number.isSafeInteger(value) ? Math.max(0, value as number) : 0;
}
