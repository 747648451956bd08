// How functions of this dialect take part in runs. What no site waits for (events, schedules, webhooks,
// flows, calls that are run again) gets a context like any other, with what happened as its body; a call by a
// site has an adapter of its own, for what the door alone knows of it. Pure; handed to the executors by
// roles/ and the door.

import { answerFault } from '../../../runs/function-answer.ts';
import type { ResultFacts, ResultReading, RunAdapter, RunFacts } from '../../../runs/run-adapter.ts';
import type { HttpRequestFacts, RunInput } from '../../../runs/run-input.ts';
import type { Outcome, RunError } from '../../../sandbox/outcome.ts';
import type { FactsKeeper } from '../catalog/endpoint-facts.ts';
import { endpointOf } from '../catalog/endpoint-path.ts';
import { moduleAdvice } from '../catalog/module-advice.ts';
import { type EndpointBody, readPlainBody } from './endpoint-body.ts';
import { type ContextLimits, type EndpointCall, endpointContext, secretsOf } from './endpoint-context.ts';
import { endResponse } from './endpoint-failure.ts';
import { endpointResponse } from './endpoint-response.ts';

type Parts = {
  facts: Pick<FactsKeeper, 'find'>;
  /** What a whole minute holds: nobody waits for such a run, so nothing is taken from it. */
  limits: ContextLimits;
};

export function createHubspotAdapter(parts: Parts): RunAdapter {
  return {
    eventOf: (input, facts) => contextOf(parts, input, facts),
    read,
    adviceOn(error, fn) {
      const folder = parts.facts.find(fn.id)?.folder;
      return folder === undefined ? null : moduleAdvice(error, folder);
    },
  };
}

/** What the door knows of a call by a site beside the request, and nothing of it is kept. */
export type SiteCall = {
  call: Omit<EndpointCall, 'secrets'>;
  secretNames: readonly string[];
  /** When the function gets the call. */
  limitsNow(): ContextLimits;
};

/** The adapter of one call by a site: its visitor, its body as it was read, what is left of the minute. */
export function createSiteCallAdapter({ call, secretNames, limitsNow }: SiteCall): RunAdapter {
  return {
    eventOf: (_input, { fn }) =>
      endpointContext({ ...call, secrets: secretsOf(fn.variables, secretNames) }, limitsNow()),
    read,
  };
}

function contextOf({ facts, limits }: Parts, input: RunInput, { runId, fn, attempt }: RunFacts): string {
  const { request, source, trigger, notation = null } = input;
  const { portalId = null, secretNames = [] } = facts.find(fn.id) ?? {};
  const isCall = request !== undefined && trigger === 'http';
  const call = {
    portalId,
    method: request?.method ?? 'POST',
    endpoint: isCall ? endpointOf(`${request.path}${request.query === '' ? '' : `?${request.query}`}`) : null,
    query: request?.query ?? '',
    headers: request === undefined ? {} : headersOf(request.rawHeaders),
    clientIp: request?.ip ?? null,
    body: request === undefined ? bodyOfData(input) : bodyOfRequest(request),
    contact: null,
    secrets: secretsOf(fn.variables, secretNames),
  };
  // Ours: what started it.
  return endpointContext(call, limits, { trigger: { kind: trigger, ...source, notation, runId, attempt } });
}

function bodyOfData({ event, data }: RunInput): EndpointBody {
  return { json: JSON.stringify(event ?? data ?? {}), rawJson: 'null', isBase64: false, form: null };
}

function bodyOfRequest({ body, isBase64, rawHeaders }: HttpRequestFacts): EndpointBody {
  const bytes = body === null ? null : Buffer.from(body, isBase64 ? 'base64' : 'utf8');
  try {
    return readPlainBody(bytes, headersOf(rawHeaders)['content-type'] ?? null);
  } catch {
    // It isn't what its type says, and no caller would see it.
    return readPlainBody(bytes, null);
  }
}

function headersOf(rawHeaders: readonly string[]): Record<string, string> {
  const headers = Object.create(null) as Record<string, string>;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    const value = rawHeaders[at + 1] as string;
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

/** A site gets the response, or how the run ended; a function URL answers by the platform's own rule. */
function read(outcome: Outcome, { runId, trigger, reader }: ResultFacts): ResultReading {
  if (reader === 'http_caller' && trigger === 'http') return siteReading(outcome, runId);
  if (reader === 'http_caller') return { fault: answerFault(outcome), answer: null };
  return { fault: reader === 'nobody' ? unseenFault(outcome) : null, answer: null };
}

function siteReading(outcome: Outcome, runId: string): ResultReading {
  if (outcome.end !== 'returned') return { fault: null, answer: endResponse(outcome.end, runId) };
  const given = endpointResponse(outcome.result);
  if ('response' in given) return { fault: null, answer: given.response };
  return { fault: malformed(given.mistake), answer: endResponse('malformed', runId) };
}

/**
 * Where nobody looks at the response, one with a status of 400 or more says that the work was not done, so
 * that it is tried again. One that responds with nothing is fine.
 */
function unseenFault(outcome: Outcome): RunError | null {
  if (outcome.end !== 'returned' || outcome.result.toString() === 'null') return null;
  const given = endpointResponse(outcome.result);
  if ('mistake' in given) return malformed(given.mistake);
  const { status } = given.response;
  if (status < 400) return null;
  return {
    type: 'Function.ErrorResponse',
    message: `the function responded with status ${status}`,
    stack: '',
  };
}

function malformed(message: string): RunError {
  return { type: 'Function.MalformedResponse', message, stack: '' };
}
