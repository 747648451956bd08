// Makes the two documents that a function body gets, `event` and `context`, of an input: for every trigger in
// the shape of the page (docs/specs/revcent.md section 2). Pure. Called through the dialect's adapter.

import type { RunFacts } from '../../runs/run-adapter.ts';
import type { AccountEvent, HttpRequestFacts, RunInput } from '../../runs/run-input.ts';
import { functionRunId } from './revcent-ids.ts';

/** The page's own word for what it calls a source without a name. */
const ACCOUNT_EVENT = 'Account Event';

type Json = Record<string, unknown>;

/** @returns `{event, context}` as JSON text: what a runtime with the convention `body` takes */
export function functionEvent(input: RunInput, { runId, fn }: RunFacts): string {
  return JSON.stringify({
    event: { data: dataOf(input), ...argumentsOf(input) },
    context: {
      source: sourceOf(input, fn),
      function: { id: fn.id, name: fn.name },
      function_run: { id: functionRunId(runId) },
      dependencies: fn.dependencies,
    },
  });
}

function dataOf(input: RunInput): unknown {
  if (input.event !== undefined) return eventData(input.event, input.notation);
  // "Trigger data is always a string": also that of a request without a body.
  if (input.request !== undefined) return input.request.body ?? '';
  if (input.trigger === 'schedule') return '';
  if (input.trigger === 'ai_assistant') return assistantData(input.data);
  return input.data ?? null;
}

function eventData(event: AccountEvent, notation: string | undefined): Json {
  return {
    event_date: event.date,
    event_id: event.id,
    event_notations: event.notations,
    event_trigger: notation ?? event.type,
    item_type: event.itemType,
    item_id: event.itemId,
    item_event: event.type.split(/[.:]/)[1] ?? event.type,
    item_details: event.data,
  };
}

/**
 * The page names three places: its prose `item_details.ai_data`, its table and example `ai_data`, and the
 * public examples read `custom_arguments` of the data itself. All three are there.
 */
function assistantData(data: unknown): Json {
  const given = asObject(data);
  const assistant = asObject(given.ai_data);
  return {
    ...given,
    item_details: { ...asObject(given.item_details), ai_data: assistant },
    custom_arguments: asObject(assistant.custom_arguments),
  };
}

/** Arguments of a call by the API or an assistant stand beside the data as well: both habits are seen. */
function argumentsOf({ trigger, data }: RunInput): Json {
  if (trigger !== 'api_direct') return {};
  const given = asObject(data).custom_arguments;
  return given === undefined ? {} : { custom_arguments: given };
}

function sourceOf(input: RunInput, fn: { id: string; name: string }): Json {
  const { trigger, source, request, event } = input;
  if (event !== undefined) return { id: event.id, name: ACCOUNT_EVENT, trigger };
  const named = { id: source.id ?? fn.id, name: source.name ?? fn.name, trigger };
  // A webhook is something of its own in the page's example; of the others the function itself is the source.
  if (trigger === 'webhook' && request !== undefined) return { ...named, ...requestFacts(request) };
  const itself = { id: fn.id, name: fn.name, trigger };
  if (request !== undefined) return { ...itself, ...requestFacts(request) };
  if (trigger === 'schedule') return itself;
  return { ...named, ...source.facts };
}

function requestFacts(request: HttpRequestFacts): Json {
  const headers = headersOf(request.rawHeaders);
  return {
    method: request.method,
    content_type: headers['content-type'] ?? '',
    ip_address: request.ip,
    headers,
    url_params: urlParams(request.query),
    // Ours: nothing else would distinguish a body that is no text from one that is.
    ...(request.isBase64 ? { is_base64_encoded: true } : {}),
  };
}

/** Names in lower case; what came more than once is joined as HTTP says. */
function headersOf(rawHeaders: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    const value = rawHeaders[at + 1] as string;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return Object.fromEntries(headers);
}

/** A parameter that came more than once is a list. */
function urlParams(query: string): Record<string, string | string[]> {
  const params = new URLSearchParams(query);
  return Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const values = params.getAll(name);
      return [name, values.length === 1 ? (values[0] as string) : values];
    }),
  );
}

function asObject(value: unknown): Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {};
}
