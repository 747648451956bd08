// How a failure looks to HubSpot's CLI, which prints `message` and the `errors` of a 400 as they are
// (docs/specs/hubspot.md 1.4). Lines stand in the words: of those that are distinguished, the CLI prints none
// when a folder is uploaded. Pure.
import { randomUUID } from 'node:crypto';
import { Failure, type FailureCode } from '../../../errors/failure.ts';
import type { FailureRenderer } from '../../../http/failure-renderer.ts';

/** What is wrong with a file, in its owner's words. `line` from 1; null: the whole of it. */
export type FileProblem = { message: string; line: number | null };

/** A file that was refused, with everything that is wrong with it. */
export class FileRefusal extends Failure {
  readonly problems: readonly FileProblem[];

  constructor(message: string, problems: readonly FileProblem[]) {
    super('invalid_input', { message });
    this.problems = problems;
  }
}

/** The words that clients know for a kind of failure; those left out are `VALIDATION_ERROR`. */
const CATEGORIES: Partial<Record<FailureCode, string>> = {
  unauthorized: 'INVALID_AUTHENTICATION',
  // Not MISSING_SCOPES: the CLI would hide our sentence behind one of its own.
  insufficient_permissions: 'BANNED',
  account_suspended: 'BANNED',
  not_found: 'OBJECT_NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_ALLOWED',
  conflict: 'CONFLICT',
  too_many_requests: 'RATE_LIMITS',
  too_many_runs: 'RATE_LIMITS',
  internal: 'INTERNAL_ERROR',
  unavailable: 'INTERNAL_ERROR',
};

export const renderCliFailure: FailureRenderer = (failure, reference) => ({
  status: failure.kind.status,
  headers: { 'x-millrace-reference': reference },
  body: {
    status: 'error',
    message:
      failure.kind.fault === 'platform' ? `${failure.message} (reference ${reference})` : failure.message,
    correlationId: randomUUID(),
    category: CATEGORIES[failure.code] ?? 'VALIDATION_ERROR',
    errors: failure instanceof FileRefusal ? failure.problems.map(errorOf) : [],
  },
});

function errorOf({ message, line }: FileProblem): Record<string, unknown> {
  return { message: line === null ? message : `line ${line}: ${message}` };
}
