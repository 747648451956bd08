// The input of a test run, as the API takes it: the kind of trigger, and a short form of its own for requests
// and events. Pure.
import { z } from 'zod';
import { storableText } from '../http/read-input.ts';
import { type RunInput, TRIGGER_KINDS, type TriggerKind } from '../runs/run-input.ts';

const text = storableText(10_000);

export const triggerField = z
  .enum(TRIGGER_KINDS, `must be one of ${TRIGGER_KINDS.join(', ')}`)
  .describe('what would start it; usually `api_direct`');

/** Of `http`, `function_url` and `webhook`. */
const requestFields = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Za-z-]{1,50}$/, 'must be a method of HTTP')
    .default('POST'),
  path: text.refine((path) => path.startsWith('/'), 'must begin with /').default('/'),
  query: text.default('').describe('without `?`'),
  headers: z.record(z.string(), text).default({}),
  body: z.string().nullable().default(null),
  base64: z.boolean('must be true or false').default(false).describe('whether the body is base64 of bytes'),
});

/** Of `account_event`. */
const eventFields = z.strictObject({
  type: text,
  id: text.default('event'),
  item_id: text.default(''),
  data: z.unknown().optional(),
});

const KINDS_OVER_HTTP: readonly TriggerKind[] = ['http', 'function_url', 'webhook'];

/** What `input` has to be for a trigger. */
export function inputFieldOf(trigger: TriggerKind): z.ZodType {
  if (KINDS_OVER_HTTP.includes(trigger)) return requestFields.default(() => requestFields.parse({}));
  return trigger === 'account_event' ? eventFields : z.unknown().optional();
}

/** @param input as {@link inputFieldOf} has read it */
export function trialInput(
  trigger: TriggerKind,
  input: unknown,
  { nowMs, ip }: { nowMs: number; ip: string },
): RunInput {
  const source = { id: null, name: 'test' };
  if (KINDS_OVER_HTTP.includes(trigger)) {
    const { method, path, query, headers, body, base64 } = input as z.infer<typeof requestFields>;
    const request = { method: method.toUpperCase(), path, query, body, isBase64: base64, ip };
    const rawHeaders = Object.entries(headers).flat();
    return { trigger, source, request: { ...request, rawHeaders, httpVersion: '1.1', receivedAtMs: nowMs } };
  }
  if (trigger !== 'account_event') return { trigger, source, data: input ?? null };
  const { type, id, item_id: itemId, data } = input as z.infer<typeof eventFields>;
  const event = {
    ...{ id, type, notations: [type], itemType: type.split(/[.:]/)[0] ?? type, itemId, data: data ?? null },
    ...{ campaign: null, shop: null, date: new Date(nowMs).toISOString(), related: {} },
  };
  return { trigger, source, event, notation: type };
}
