// The input of a run, as a caller has edited it: the whole document that GET /runs/{id}/input shows, checked
// field by field so that no dialect meets a shape that it doesn't know. Pure.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import { type RunInput, TRIGGER_KINDS, type TriggerKind } from '../runs/run-input.ts';

const text = z.string();
const orNull = text.nullable();

const requestSchema = z.strictObject({
  method: text.regex(/^[A-Za-z-]{1,50}$/, 'must be a method of HTTP'),
  path: text.startsWith('/', 'must begin with /'),
  query: text,
  rawHeaders: z.array(text).refine(({ length }) => length % 2 === 0, 'must be names and values in turn'),
  body: orNull,
  isBase64: z.boolean(),
  ip: text,
  httpVersion: text,
  receivedAtMs: z.number().min(0).max(8.64e15),
});

const eventSchema = z.strictObject({
  id: text,
  type: text,
  notations: z.array(text),
  itemType: text,
  itemId: text,
  campaign: orNull,
  shop: orNull,
  date: text,
  data: z.unknown(),
  related: z.record(z.string(), z.unknown()),
});

export const runInputSchema = z.strictObject({
  trigger: z.enum(TRIGGER_KINDS),
  source: z.strictObject({
    id: orNull,
    name: orNull,
    facts: z.record(z.string(), orNull).optional(),
  }),
  request: requestSchema.optional().describe('of a call over HTTP'),
  event: eventSchema.optional().describe('of an account event'),
  notation: text.optional().describe('of an account event: the one that fired'),
  data: z.unknown().optional().describe('of every other trigger'),
});

const NEEDED: Partial<Record<TriggerKind, readonly ('request' | 'event' | 'notation')[]>> = {
  http: ['request'],
  webhook: ['request'],
  function_url: ['request'],
  account_event: ['event', 'notation'],
};

/**
 * @param trigger of the run that is repeated: what follows a run's end depends on it, so it stays
 * @throws Failure `invalid_input` naming the field, below `input`
 */
export function readRunInput(value: unknown, trigger: TriggerKind): RunInput {
  const { input } = readInput(z.object({ input: runInputSchema }), { input: value }, 'input');
  if (input.trigger !== trigger) {
    const message = `input.trigger: must stay ${trigger}, as that of the run which is repeated`;
    fail('invalid_input', { message, field: 'input.trigger' });
  }
  for (const field of NEEDED[input.trigger] ?? []) {
    if (input[field] !== undefined) continue;
    fail('invalid_input', { message: `input.${field}: is required`, field: `input.${field}` });
  }
  return input as RunInput;
}
