// The closed set of things that can go wrong, each with its HTTP status, whose fault it is and whether trying
// again can help. Code says `fail('bundle_too_large', {...})`; one mapper per dialect turns a Failure into
// that dialect's envelope. Nothing here knows HTTP bodies or vendors.

export type FailureKind = {
  /** HTTP status that fits in every dialect. */
  status: number;
  /** `caller`: the request is wrong. `platform`: we are. */
  fault: 'caller' | 'platform';
  /** Whether the same request may succeed later without being changed. */
  retry: boolean;
};

const KINDS = {
  invalid_input: { status: 400, fault: 'caller', retry: false },
  invalid_json: { status: 400, fault: 'caller', retry: false },
  unauthorized: { status: 401, fault: 'caller', retry: false },
  insufficient_permissions: { status: 403, fault: 'caller', retry: false },
  account_suspended: { status: 403, fault: 'caller', retry: false },
  ip_not_allowed: { status: 403, fault: 'caller', retry: false },
  not_found: { status: 404, fault: 'caller', retry: false },
  method_not_allowed: { status: 405, fault: 'caller', retry: false },
  conflict: { status: 409, fault: 'caller', retry: false },
  precondition_failed: { status: 412, fault: 'caller', retry: false },
  payload_too_large: { status: 413, fault: 'caller', retry: false },
  unsupported_media_type: { status: 415, fault: 'caller', retry: false },
  invalid_state: { status: 422, fault: 'caller', retry: false },
  too_many_requests: { status: 429, fault: 'caller', retry: true },
  too_many_runs: { status: 429, fault: 'caller', retry: true },
  function_disabled: { status: 403, fault: 'caller', retry: false },
  function_paused: { status: 503, fault: 'caller', retry: true },
  internal: { status: 500, fault: 'platform', retry: true },
  unavailable: { status: 503, fault: 'platform', retry: true },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof KINDS;
export const FAILURE_CODES = Object.keys(KINDS) as readonly FailureCode[];

export function statusOf(code: FailureCode): number {
  return KINDS[code].status;
}

export type FailureDetails = {
  /** One sentence for the person who made the request: names the field and the rule. */
  message: string;
  /** The field at fault, as the caller spelled it. */
  field?: string;
  /** Machine-readable facts, e.g. `{ limitBytes: 262144000 }`. Shown to the caller. */
  facts?: Record<string, string | number | boolean | null>;
  /** What led here; logged, never shown. */
  cause?: unknown;
};

/** An expected failure. Whatever else is thrown is a defect and is answered as `internal`. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly kind: FailureKind;
  readonly field: string | undefined;
  readonly facts: Record<string, string | number | boolean | null>;

  constructor(code: FailureCode, details: FailureDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.code = code;
    this.kind = KINDS[code];
    this.field = details.field;
    this.facts = details.facts ?? {};
  }
}

/** Throws a {@link Failure}. */
export function fail(code: FailureCode, details: FailureDetails): never {
  throw new Failure(code, details);
}

/** Every code with its kind, for docs and for the test that docs and code agree. */
export function failureKinds(): Readonly<Record<FailureCode, FailureKind>> {
  return KINDS;
}
