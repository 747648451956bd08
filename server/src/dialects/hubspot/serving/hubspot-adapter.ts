// How functions of this dialect take part in runs that no site waits for: events, schedules, webhooks, flows, and calls that are run again.
// They get a context like any other, with what happened as its body. Pure; handed to the executor by roles/.

import type { ResultFacts, RunAdapter, RunFacts } from '../../../runs/run-adapter.ts';
import type { HttpRequestFacts, RunInput } from '../../../runs/run-input.ts';
import type { Outcome, RunError } from '../../../sandbox/outcome.ts';
import type { FactsKeeper } from '../catalog/endpoint-facts.ts';
import { endpointOf } from '../catalog/endpoint-path.ts';
import { moduleAdvice } from '../catalog/module-advice.ts';
import { type EndpointBody, readPlainBody } from './endpoint-body.ts';
import { type ContextLimits, endpointContext, secretsOf } from './endpoint-context.ts';
import { endpointResponse } from './endpoint-response.ts';

type Parts = {
  facts: Pick<FactsKeeper, 'find'>;
  /** What a whole minute holds: nobody waits for such a run, so nothing is taken from it. */
  limits: ContextLimits;
};

export function createHubspotAdapter(parts: Parts): RunAdapter {
  return {
    eventOf: (input, facts) => contextOf(parts, input, facts),
    faultOf,
    adviceOn(error, fn) {
      const folder = parts.facts.find(fn.id)?.folder;
      return folder === undefined ? null : moduleAdvice(error, folder);
    },
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
    // It isn't what its type says, and there is nobody to be told so.
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

/**
 * Where nobody looks at the response, one with a status of 400 or more says that the work was not done, so that it is tried again. One
 * that responds with nothing is fine.
 */
function faultOf(outcome: Outcome, { isAwaited }: ResultFacts): RunError | null {
  if (isAwaited || outcome.end !== 'returned' || outcome.result.toString() === 'null') return null;
  const read = endpointResponse(outcome.result);
  if ('mistake' in read) return { type: 'Function.MalformedResponse', message: read.mistake, stack: '' };
  const { status } = read.response;
  if (status < 400) return null;
  return {
    type: 'Function.ErrorResponse',
    message: `the function responded with status ${status}`,
    stack: '',
  };
}
