// How a hosted function takes part in runs: every input is a proxy event, as if it had been posted, and a
// result is a proxy response where a call is answered with it. Pure but for the clock. What the events hold:
// docs/runs.md; the delivered event resource: docs/specs/comecero.md 3.3.
import type { HttpAnswer } from '../../http/http-answer.ts';
import type { ResultFacts, ResultReading, RunAdapter, RunFacts } from '../../runs/run-adapter.ts';
import type { HttpRequestFacts, RunInput } from '../../runs/run-input.ts';
import type { Outcome, RunError } from '../../sandbox/outcome.ts';
import { proxyEvent } from './proxy-event.ts';
import { FUNCTION_FAILED, proxyResponse } from './proxy-response.ts';

/** @param clock Unix time in ms */
export function createComeceroAdapter(clock: () => number): RunAdapter {
  return {
    eventOf: (input, facts) => eventOf(input.request ?? posted(input, facts, clock()), input, facts),
    read,
  };
}

/**
 * An error, a time-out, a crash or a result of another shape is 502 for who calls the function's own address;
 * the run says which.
 */
function read(outcome: Outcome, { trigger, reader }: ResultFacts): ResultReading {
  if (reader === 'http_caller') return answering(outcome, trigger === 'http' ? FUNCTION_FAILED : null);
  if (outcome.end !== 'returned') return { fault: null, answer: null };
  const answersHttp = trigger === 'http' || trigger === 'function_url';
  const { fault } = answersHttp ? answering(outcome, null) : { fault: null };
  return { fault: fault ?? (reader === 'nobody' ? refusal(outcome) : null), answer: null };
}

/** @param failed what is answered where the function gives no response */
function answering(outcome: Outcome, failed: HttpAnswer | null): ResultReading {
  if (outcome.end !== 'returned') return { fault: null, answer: failed };
  const given = proxyResponse(outcome.result);
  if ('response' in given) return { fault: null, answer: given.response };
  const fault = { type: 'Function.MalformedResponse', message: given.mistake, stack: '' };
  return { fault, answer: failed };
}

function eventOf(request: HttpRequestFacts, { trigger }: RunInput, { fn, runId }: RunFacts): string {
  return proxyEvent(request, {
    admission: trigger === 'webhook' || trigger === 'function_url' ? 'address' : 'token',
    functionId: fn.id,
    accountId: fn.accountId,
    mode: fn.mode,
    runId,
  });
}

/** The request that would have given the function the same. */
function posted(input: RunInput, { fn }: RunFacts, nowMs: number): HttpRequestFacts {
  return {
    method: 'POST',
    path: `/func/v1/${fn.id}`,
    query: '',
    rawHeaders: ['Content-Type', 'application/json'],
    body: JSON.stringify(bodyOf(input)),
    isBase64: false,
    ip: '127.0.0.1',
    httpVersion: '1.1',
    receivedAtMs: nowMs,
  };
}

function bodyOf({ event, data = null }: RunInput): unknown {
  if (event === undefined) return data;
  return { event_id: event.id, type: event.type, date_created: event.date, data: event.data };
}

/**
 * Comecero's delivery expects 2xx: a status of 400 or more, where nobody reads it, says that the work was not
 * done.
 */
function refusal(outcome: Outcome & { end: 'returned' }): RunError | null {
  const status = statusOf(outcome.result);
  if (status === null || status < 400) return null;
  return {
    type: 'Function.ErrorResponse',
    message: `the function answered with status ${status}`,
    stack: '',
  };
}

function statusOf(json: Buffer): number | null {
  // Most results are null or small: nothing is parsed that can't hold it.
  if (!json.includes('"statusCode"')) return null;
  try {
    const { statusCode } = JSON.parse(json.toString()) as { statusCode?: unknown };
    const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
    return typeof status === 'number' && Number.isInteger(status) ? status : null;
  } catch {
    return null;
  }
}
