// What a thread runs: a function that a module exports, named by the module's address. Its input and output
// cross by structured clone; a Failure that it throws crosses as its details. Pure; read by both sides, the
// pool and the thread.
import { Failure, type FailureCode } from '../errors/failure.ts';

/** A function of a module. The type parameters hold what it takes and returns. */
export type Job<Input, Output> = {
  /** `import.meta.url` of the module. */
  module: string;
  /** The name under which the module exports it. */
  name: string;
  /** Never set: carries the types alone. */
  readonly types?: (input: Input) => Output;
};

/** @param work the exported function itself: names the job and gives it its types */
export function jobOf<Input, Output>(module: string, work: (input: Input) => Output): Job<Input, Output> {
  return { module, name: work.name };
}

/** What the pool sends. */
export type JobRequest = { module: string; name: string; input: unknown };

/** What comes back. */
export type JobAnswer =
  | { kind: 'done'; output: unknown }
  | { kind: 'failed'; code: FailureCode; message: string; field?: string; facts: Failure['facts'] }
  | { kind: 'broken'; message: string; stack: string };

/** @returns what crosses instead of an error */
export function answerOfError(error: unknown): JobAnswer {
  if (error instanceof Failure) {
    const { code, message, field, facts } = error;
    return { kind: 'failed', code, message, facts, ...(field === undefined ? {} : { field }) };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'broken', message, stack: stack ?? '' };
}

/** @throws Failure as the job threw it, or Error where the job is broken */
export function outputOf(answer: JobAnswer): unknown {
  if (answer.kind === 'done') return answer.output;
  if (answer.kind === 'failed') {
    const { code, message, field, facts } = answer;
    throw new Failure(code, { message, facts, ...(field === undefined ? {} : { field }) });
  }
  throw new Error(`a job failed in its thread: ${answer.message}`, { cause: answer.stack });
}
