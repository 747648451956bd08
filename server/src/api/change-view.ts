// What the audit log shows of a change: which fields differ. Numbers, switches and a few words are shown as
// they are; of everything else a mark, which is the same for the same text of one account and says nothing of
// it. So what an account keeps sealed isn't in the log. Reads, changes nothing. Called by millrace-api.ts.
import { Failure } from '../errors/failure.ts';
import type { ChangeDetails } from '../http/note-changes.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';
import { differences } from './operator-audit.ts';

type Fields = Record<string, unknown>;

/** Texts that are no secret anywhere. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['id', 'function_id', 'name', 'kind', 'dialect', 'mode', 'role', 'status', 'convention', 'runtime'],
  ...['handler', 'reuse', 'made_by', 'created_at', 'time_zone', 'cron'],
]);
const ID = /^[0-9A-Za-z_-]{1,64}$/;
const MOST_PLAIN_CHARACTERS = 250;
/** Of what differs, as JSON; of more than that the names are kept alone. */
const MOST_BYTES = 8 * 1024;

export type Mark = (text: string) => string;

export function changeDetails({ before, after, target }: ChangeDetails, mark: Mark): ChangeDetails {
  const differing = differences(before ?? {}, after ?? {});
  return {
    // The operator's entries outlive an account whose domain they name.
    target: target === null || ID.test(target) ? target : mark(target),
    before: before === null ? null : bounded(masked(differing.before, mark)),
    after: after === null ? null : bounded(masked(differing.after, mark)),
  };
}

function masked(fields: Fields, mark: Mark): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shown(name, value, mark)]));
}

function shown(name: string, value: unknown, mark: Mark): unknown {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return value ?? null;
  if (typeof value === 'string' && PLAIN.has(name) && value.length <= MOST_PLAIN_CHARACTERS) return value;
  if (typeof value === 'object' && !Array.isArray(value)) return masked(value as Fields, mark);
  return mark(JSON.stringify(value));
}

function bounded(fields: Fields): Fields {
  if (Buffer.byteLength(JSON.stringify(fields)) <= MOST_BYTES) return fields;
  return {
    fields: Object.keys(fields)
      .slice(0, 50)
      .map((name) => name.slice(0, 100)),
  };
}

/** As it is read by nobody in particular; null: there is nothing. */
export async function shownBy(
  reader: ApiEndpoint,
  request: ApiRequest,
): Promise<Record<string, unknown> | null> {
  const asked = { ...request, query: {}, body: undefined, upload: null, headers: {} };
  try {
    return fieldsOf(await reader.answer(asked));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

export function fieldsOf(answer: unknown): Record<string, unknown> | null {
  const body = answer instanceof ApiReply ? answer.body : answer;
  // What is tagged is JSON as text.
  if (typeof body === 'string') return body.startsWith('{') ? fieldsOf(JSON.parse(body)) : null;
  return body !== null && typeof body === 'object' && !(body instanceof Uint8Array) ? { ...body } : null;
}
