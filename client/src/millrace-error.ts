// What a request of the client ends with where it isn't done: the refusal of Millrace in its own members, or
// that Millrace wasn't reached. Thrown by millrace-client.ts.

export type Refusal = {
  code: string;
  message: string;
  /** The field at fault, where there is one. */
  field?: string;
  /** Figures that belong to the message. */
  facts?: Record<string, unknown>;
  /** Joins it to its line in the server's log. */
  reference?: string;
};

export class MillraceError extends Error {
  override readonly name = 'MillraceError';
  /** One of those of `docs/errors.md`; `unreachable` and `unexpected_answer` are the client's own. */
  readonly code: string;
  /** Of HTTP; 0: there was no answer. */
  readonly status: number;
  readonly field: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly reference: string | null;

  constructor(status: number, refusal: Refusal, options?: { cause: unknown }) {
    super(refusal.message, options);
    this.code = refusal.code;
    this.status = status;
    this.field = refusal.field ?? null;
    this.facts = refusal.facts ?? {};
    this.reference = refusal.reference ?? null;
  }

  /** Whether Millrace, or the way to it, is at fault, and not the request. */
  get isOurs(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** @param text of an answer that isn't good */
export function readRefusal(status: number, text: string): MillraceError {
  const refusal = refusalIn(text);
  if (refusal !== null) return new MillraceError(status, refusal);
  const message = `status ${status}, in a shape that isn't Millrace's: ${text.slice(0, 200)}`;
  return new MillraceError(status, { code: 'unexpected_answer', message });
}

function refusalIn(text: string): Refusal | null {
  try {
    const { error } = JSON.parse(text) as { error?: Partial<Refusal> };
    const isRefusal = typeof error?.code === 'string' && typeof error.message === 'string';
    return isRefusal ? (error as Refusal) : null;
  } catch {
    return null;
  }
}
