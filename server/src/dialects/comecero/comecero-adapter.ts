// Makes the event of a hosted function of an input that is no call of its own address, and judges the result when no caller
// reads it: every input becomes a proxy event, as if it had been posted. Pure but for the clock. What the events hold:
// docs/runs.md; the delivered event resource: docs/specs/comecero.md 3.3.

import type { RunAdapter, RunFacts } from '../../runs/run-adapter.ts';
import type { HttpRequestFacts, RunInput } from '../../runs/run-input.ts';
import type { Outcome, RunError } from '../../sandbox/outcome.ts';
import { proxyEvent } from './proxy-event.ts';
import { proxyResponse } from './proxy-response.ts';

/** @param clock Unix time in ms */
export function createComeceroAdapter(clock: () => number): RunAdapter {
  return {
    eventOf: (input, facts) => eventOf(input.request ?? posted(input, facts, clock()), input, facts),
    faultOf: (outcome, { trigger, isAwaited }) => {
      if (outcome.end !== 'returned') return null;
      const answersHttp = trigger === 'http' || trigger === 'function_url';
      return (answersHttp ? malformed(outcome) : null) ?? (isAwaited ? null : refusal(outcome));
    },
    responseOf: (outcome) => {
      const answer = outcome.end === 'returned' ? proxyResponse(outcome.result) : null;
      return answer !== null && 'response' in answer ? answer.response : null;
    },
  };
}

function eventOf(request: HttpRequestFacts, { trigger }: RunInput, { fn, runId }: RunFacts): string {
  return proxyEvent({
    admission: trigger === 'webhook' || trigger === 'function_url' ? 'address' : 'token',
    functionId: fn.id,
    accountId: fn.accountId,
    mode: fn.mode,
    runId,
    method: request.method,
    path: request.path,
    query: request.query,
    rawHeaders: request.rawHeaders,
    body: request.body === null ? null : Buffer.from(request.body, request.isBase64 ? 'base64' : 'utf8'),
    sourceIp: request.ip,
    httpVersion: request.httpVersion,
    acceptedAtMs: request.receivedAtMs,
  });
}

/** The request that would have told the function the same. */
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

function malformed(outcome: Outcome & { end: 'returned' }): RunError | null {
  const answer = proxyResponse(outcome.result);
  if ('response' in answer) return null;
  return { type: 'Function.MalformedResponse', message: answer.mistake, stack: '' };
}

/** Comecero's delivery expects 2xx: a status of 400 or more, where nobody reads it, says that the work was not done. */
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
