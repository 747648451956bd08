// How a failed call looks to a site: HubSpot's manner of reporting errors, as JSON, with a correlation id
// that leads to our log or to the run. What a function said when it failed is for its owner alone: callers
// never see messages, stacks or values. Pure.

import type { Failure, FailureCode } from '../../../errors/failure.ts';
import type { FailureRenderer } from '../../../http/failure-renderer.ts';
import type { HttpAnswer } from '../../../http/http-answer.ts';
import type { Outcome } from '../../../sandbox/outcome.ts';

const CATEGORIES: Partial<Record<FailureCode, string>> = {
  invalid_input: 'VALIDATION_ERROR',
  invalid_json: 'VALIDATION_ERROR',
  not_found: 'OBJECT_NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_ALLOWED',
  payload_too_large: 'REQUEST_TOO_LARGE',
  account_suspended: 'ACCOUNT_SUSPENDED',
  function_disabled: 'FUNCTION_DISABLED',
  function_paused: 'UNAVAILABLE',
  too_many_requests: 'RATE_LIMITS',
  too_many_runs: 'RATE_LIMITS',
  unavailable: 'UNAVAILABLE',
};

export const renderEndpointFailure: FailureRenderer = (failure, reference) => ({
  status: failure.kind.status,
  headers: failureHeaders(failure),
  body: {
    status: 'error',
    message: failure.message,
    correlationId: reference,
    category: CATEGORIES[failure.code] ?? 'INTERNAL_ERROR',
    ...(failure.kind.status === 429 ? { errorType: 'RATE_LIMIT' } : {}),
    ...failure.facts,
  },
});

function failureHeaders({ facts }: Failure): Record<string, string> {
  return typeof facts.retryAfterS === 'number' ? { 'retry-after': String(facts.retryAfterS) } : {};
}

type FailedEnd = Exclude<Outcome['end'], 'returned'> | 'malformed';

const ENDS: Record<FailedEnd, [status: number, category: string, message: string]> = {
  threw: [500, 'FUNCTION_ERROR', 'the function failed'],
  crashed: [500, 'FUNCTION_ERROR', 'the function ended unexpectedly'],
  out_of_memory: [500, 'FUNCTION_OUT_OF_MEMORY', 'the function used more memory than it may'],
  malformed: [500, 'FUNCTION_ERROR', 'the function gave no usable response'],
  too_large: [502, 'RESPONSE_TOO_LARGE', 'the response of the function is over the size limit'],
  cancelled: [503, 'UNAVAILABLE', 'the call was cancelled'],
  timed_out: [504, 'FUNCTION_TIMEOUT', 'the function took longer than it may'],
  platform_fault: [503, 'UNAVAILABLE', 'the function could not be run just now'],
};

/** What the caller gets for a run that ended so; its owner finds the rest under the run's id. */
export function endResponse(end: FailedEnd, runId: string): HttpAnswer {
  const [status, category, message] = ENDS[end];
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(status === 503 ? { 'retry-after': '1' } : {}),
    },
    body: JSON.stringify({ status: 'error', message, correlationId: runId, category }),
  };
}
