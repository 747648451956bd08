// What a run looks like as a span of OpenTelemetry: one for each attempt, named by its function, in the trace
// that caused it or in its own. Pure but for remembering nothing. Called by send-spans.ts.
import { isFunctionFault } from '../runs/run.ts';
import type { WrittenRun } from '../runs/run-watch.ts';
import { spanIdOf, traceIdOf, traceOf } from '../runs/trace-context.ts';

type SpanContext = { traceId: string; spanId: string; traceFlags: number };
/** Seconds and nanoseconds. */
type HrTime = [number, number];

/** The part of `ReadableSpan` of @opentelemetry/sdk-trace that is a run's own. */
export type RunSpan = {
  name: string;
  kind: number;
  spanContext(): SpanContext;
  parentSpanContext?: SpanContext;
  startTime: HrTime;
  endTime: HrTime;
  duration: HrTime;
  status: { code: number; message?: string };
  attributes: Record<string, string | number | boolean>;
};

/** `SpanKind.SERVER`; `SpanStatusCode`. */
const SERVER = 1;
const [UNSET, FAILED] = [0, 2];
const SAMPLED = 1;

/** @returns null where no attempt has ended */
export function spanOf({ run, attempt }: WrittenRun): RunSpan | null {
  if (attempt === null || run.startedAtMs === null) return null;
  const trace = traceOf(run);
  const traceFlags = trace === null ? SAMPLED : Number.parseInt(trace.flags, 16) & SAMPLED;
  const context = { traceId: traceIdOf(run), spanId: spanIdOf(run.id, run.attempts), traceFlags };
  const isFault = run.error !== null && isFunctionFault(run);
  return {
    name: `run ${run.functionId}`,
    kind: SERVER,
    spanContext: () => context,
    ...(trace === null
      ? {}
      : { parentSpanContext: { traceId: trace.traceId, spanId: trace.spanId, traceFlags } }),
    startTime: hrTime(run.startedAtMs),
    endTime: hrTime(run.startedAtMs + (run.durationMs ?? 0)),
    duration: hrTime(run.durationMs ?? 0),
    status: isFault ? { code: FAILED, message: run.error?.type ?? '' } : { code: UNSET },
    attributes: attributesOf({ run, attempt }),
  };
}

/** By the conventions for FaaS, and of our own. Nothing of what a run was given, returned or printed. */
function attributesOf({ run, attempt }: WrittenRun): RunSpan['attributes'] {
  return {
    'faas.invocation_id': run.id,
    'faas.version': String(run.version),
    'faas.coldstart': run.initMs !== null,
    'millrace.function_id': run.functionId,
    'millrace.account_id': run.accountId,
    'millrace.mode': run.mode,
    'millrace.trigger': run.trigger,
    'millrace.attempt': run.attempts,
    'millrace.status': run.status,
    'millrace.sandbox': attempt?.start?.sandbox ?? 'warm',
    ...(run.responseStatus === null ? {} : { 'http.response.status_code': run.responseStatus }),
    ...(run.error === null ? {} : { 'error.type': run.error.type }),
  };
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
