// Where a run stands in a trace (W3C Trace Context): taken from the request or event that causes it, shown to
// the function, and handed on to what the run causes. A run whose cause belongs to no trace begins one, named
// by its own id, so that nothing has to be kept for it. Pure. Called by whatever begins runs and whatever
// follows from them.
import { createHash } from 'node:crypto';
import type { Run, RunCause } from './run.ts';

export type TraceContext = {
  /** 32 digits, hexadecimal. */
  traceId: string;
  /** Of what stands above. 16 digits. */
  spanId: string;
  /** 2 digits. */
  flags: string;
};

const HEADER = 'traceparent';
const REQUEST_ID_HEADER = 'x-request-id';
const SHAPE = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** What a request may be known by elsewhere. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** @returns null where it is none by the rules; then it is ignored, as the standard asks */
export function readTraceparent(text: unknown): TraceContext | null {
  const [, version, traceId = '', spanId = '', flags = '', rest] =
    typeof text === 'string' ? (SHAPE.exec(text) ?? []) : [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, flags };
}

export function traceparentOf({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flags}`;
}

/**
 * The cause with what its request says about where it belongs: `traceparent`, and `request_id`.
 * @param rawHeaders names and values in turn
 */
export function causeWithTrace(cause: RunCause, rawHeaders: readonly string[] | undefined): RunCause {
  if (rawHeaders === undefined) return cause;
  let found = cause;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const length = rawHeaders[at]?.length;
    if (length !== HEADER.length && length !== REQUEST_ID_HEADER.length) continue;
    const name = rawHeaders[at]?.toLowerCase();
    const value = rawHeaders[at + 1];
    const context = name === HEADER ? readTraceparent(value) : null;
    if (context !== null) found = { ...found, traceparent: traceparentOf(context) };
    if (name === REQUEST_ID_HEADER && value !== undefined && REQUEST_ID.test(value))
      found = { ...found, request_id: value };
  }
  return found;
}

/** The trace that a run was caused in; null: it begins its own. */
export function traceOf({ cause }: Pick<Run, 'cause'>): TraceContext | null {
  return readTraceparent(cause.traceparent);
}

/** Of any run. */
export function traceIdOf(run: Pick<Run, 'id' | 'cause'>): string {
  return traceOf(run)?.traceId ?? run.id.replaceAll('-', '');
}

/** Of an attempt of a run: follows from both, so that every node knows it. */
export function spanIdOf(runId: string, attempt: number): string {
  return createHash('sha256').update(`${runId} ${attempt}`).digest('hex').slice(0, 16);
}

/** What an attempt hands on to all that it calls; null: its cause belongs to no trace. */
export function ownTraceparent(run: Pick<Run, 'id' | 'cause' | 'attempts'>): string | null {
  const trace = traceOf(run);
  return trace === null ? null : traceparentOf({ ...trace, spanId: spanIdOf(run.id, run.attempts) });
}

/** The same, as the tools of Lambda write it. */
export function lambdaTraceId(run: Pick<Run, 'id' | 'cause' | 'attempts'>): string | null {
  const trace = traceOf(run);
  if (trace === null) return null;
  const root = `1-${trace.traceId.slice(0, 8)}-${trace.traceId.slice(8)}`;
  const isSampled = (Number.parseInt(trace.flags, 16) & 1) === 1;
  return `Root=${root};Parent=${spanIdOf(run.id, run.attempts)};Sampled=${isSampled ? 1 : 0}`;
}

/** What belongs together is found by these: see correlation-store.ts. */
export function correlationsOf({ cause }: Pick<Run, 'cause'>): string[] {
  const trace = traceOf({ cause });
  const { request_id: requestId } = cause;
  return [
    ...(trace === null ? [] : [traceKey(trace.traceId)]),
    ...(typeof requestId === 'string' ? [requestKey(requestId)] : []),
  ];
}

export function traceKey(traceId: string): string {
  return `trace ${traceId}`;
}

export function requestKey(requestId: string): string {
  return `request ${requestId}`;
}
