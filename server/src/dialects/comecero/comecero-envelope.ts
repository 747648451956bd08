// How a failure looks in the Comecero dialect: `{error: {type, code, message, reference, status}}`, the HTTP
// status equal to `error.status` (docs/specs/comecero.md 1.4). Pure.
import type { Failure, FailureCode } from '../../errors/failure.ts';
import type { RenderedFailure } from '../../http/failure-renderer.ts';

export type ComeceroEnvelope = {
  error: { type: string; code: string; message: string; reference: string; status: number };
};

/**
 * Type and code of each failure. `internal_server_error`, `not_found` and the codes `resource_not_found`,
 * `unspecified_error`, `invalid_input`, `invalid_state` and `insufficient_permissions` are Comecero's own;
 * its full list isn't known, the others are ours in the same manner.
 */
const TYPES_AND_CODES: Record<FailureCode, readonly [type: string, code: string]> = {
  invalid_input: ['bad_request', 'invalid_input'],
  invalid_json: ['bad_request', 'invalid_input'],
  unauthorized: ['unauthorized', 'invalid_token'],
  insufficient_permissions: ['forbidden', 'insufficient_permissions'],
  function_disabled: ['forbidden', 'function_disabled'],
  function_paused: ['service_unavailable', 'function_paused'],
  account_suspended: ['forbidden', 'account_suspended'],
  ip_not_allowed: ['forbidden', 'ip_not_allowed'],
  not_found: ['not_found', 'resource_not_found'],
  method_not_allowed: ['method_not_allowed', 'method_not_allowed'],
  conflict: ['conflict', 'conflict'],
  precondition_failed: ['precondition_failed', 'precondition_failed'],
  payload_too_large: ['payload_too_large', 'payload_too_large'],
  unsupported_media_type: ['unsupported_media_type', 'unsupported_media_type'],
  invalid_state: ['unprocessable_entity', 'invalid_state'],
  too_many_requests: ['too_many_requests', 'too_many_requests'],
  too_many_runs: ['too_many_requests', 'too_many_runs'],
  internal: ['internal_server_error', 'unspecified_error'],
  unavailable: ['service_unavailable', 'service_unavailable'],
};

export function renderComeceroFailure(failure: Failure, reference: string): RenderedFailure {
  const [type, code] = TYPES_AND_CODES[failure.code];
  const status = failure.kind.status;
  const body: ComeceroEnvelope = { error: { type, code, message: failure.message, reference, status } };
  return { status, headers: status === 401 ? { 'www-authenticate': 'Bearer' } : {}, body };
}
