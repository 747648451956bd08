// The fixture that repeats a run: its recorded input, in the short form that trials take. Pure.
import type { Schemas } from '@millrace/client';
import type { Cause } from './try-project.ts';

type Request = {
  method: string;
  path: string;
  query: string;
  rawHeaders: string[];
  body: string | null;
  isBase64: boolean;
};
type Event = { type: string; id: string; itemId: string; data: unknown };

/** @param recorded as `GET /runs/{id}/input` shows it */
export function fixtureOfRun({ trigger, request, event, data }: Schemas['RunInput']): Cause {
  if (request !== undefined) {
    const { method, path, query, rawHeaders, body, isBase64 } = request as Request;
    return {
      trigger,
      input: { method, path, query, headers: headersOf(rawHeaders), body, base64: isBase64 },
    };
  }
  if (event !== undefined) {
    const { type, id, itemId, data } = event as Event;
    return { trigger, input: { type, id, item_id: itemId, data } };
  }
  return { trigger, ...(data !== undefined && { input: data }) };
}

/** Values of the same name are joined, as in HTTP. */
function headersOf(rawHeaders: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}
