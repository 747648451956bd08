// Reads events as POST /millrace/v1/events takes them: one, a list, or {events: [...]}. Checks everything but
// whether its names are known, which is the catalogue's to say. The same rules stand in
// server/sql/0004_events.sql for SQL callers. Pure.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import { isNotation, NOTATION_CHARACTERS, NOTATION_RULE } from '../triggers/notation.ts';
import { jsonProblem } from './json-problem.ts';

/** An event as it was given; `field` is what its fields' names begin with in messages. */
export type GivenEvent = {
  id: string | null;
  /** Type and notations, at least one. */
  names: string[];
  /** The field that each of them was given in, e.g. `events.3.notations.0`. */
  nameFields: string[];
  itemType: string | null;
  itemId: string;
  campaign: string | null;
  shop: string | null;
  /** ISO; null: now. */
  date: string | null;
  data: Record<string, unknown>;
  related: Record<string, unknown>;
  /** Where it stands in the request, e.g. `events.3.`; empty for a single one. */
  field: string;
};

export type EventBounds = { eventBytes: number; eventsPerRequest: number };

const MOST_NOTATIONS = 20;
const TEXT_CHARACTERS = 200;
const ID = /^[0-9A-Za-z_-][0-9A-Za-z_.:-]{0,99}$/;
const ID_RULE = 'must be 1 to 100 letters, digits, _, -, . or :, beginning with none of the last two';
const ITEM_TYPE = /^[a-z][a-z0-9_]*$/;
const ITEM_TYPE_RULE = 'must be lower-case letters, digits and _';
/** What lies outside is a mistake, and JavaScript and PostgreSQL write such years in different ways. */
const [FIRST_MS, LAST_MS] = [Date.UTC(1900, 0, 1), Date.UTC(9999, 11, 31)];

const text = storableText(TEXT_CHARACTERS).refine((value) => value !== '', 'must not be empty');
const notation = z
  .string('must be text')
  .max(NOTATION_CHARACTERS, NOTATION_RULE)
  .refine(isNotation, NOTATION_RULE);
const itemType = text.refine((value) => ITEM_TYPE.test(value), ITEM_TYPE_RULE);
const json = z.record(z.string(), z.unknown(), 'must be an object');

export const eventSchema = z.strictObject({
  id: z.string('must be text').regex(ID, ID_RULE).nullish().describe('the same id again is the same event'),
  type: notation.nullish().describe('`order:created`, or a notation'),
  notations: z
    .array(notation)
    .max(MOST_NOTATIONS)
    .nullish()
    .describe('`sale.created.success`; prefixes are implied'),
  item_type: itemType.nullish(),
  subject: itemType.nullish().describe('the same as item_type'),
  item_id: text,
  data: json.nullish().describe('the subject itself'),
  date: z.iso.datetime({ offset: true, error: 'must be a time as in ISO 8601, with its zone' }).nullish(),
  campaign: text.nullish(),
  shop: text.nullish(),
  related: json.nullish().describe("the subject's children by name"),
});

export const publishSchema = z.union([
  eventSchema,
  z.array(eventSchema),
  z.strictObject({ events: z.array(eventSchema) }),
]);

/** @throws Failure `invalid_input` or `payload_too_large`, naming the event and the field */
export function readEvents(body: unknown, bounds: EventBounds): GivenEvent[] {
  const { items, prefix } = listOf(body);
  if (items.length === 0)
    fail('invalid_input', { message: 'events: must have at least 1 item', field: 'events' });
  if (items.length > bounds.eventsPerRequest) {
    fail('payload_too_large', {
      message: `events: must have at most ${bounds.eventsPerRequest} items, these are ${items.length}`,
      field: 'events',
      facts: { limit: bounds.eventsPerRequest },
    });
  }
  return items.map((item, at) =>
    readEvent(item, prefix === null ? '' : `${prefix}${at}.`, bounds.eventBytes),
  );
}

function listOf(body: unknown): { items: readonly unknown[]; prefix: string | null } {
  if (Array.isArray(body)) return { items: body, prefix: '' };
  if (body === null || typeof body !== 'object' || !Object.hasOwn(body, 'events')) {
    return { items: [body], prefix: null };
  }
  const { events } = readInput(z.strictObject({ events: z.array(z.unknown()) }), body, 'the request body');
  return { items: events, prefix: 'events.' };
}

function readEvent(item: unknown, field: string, eventBytes: number): GivenEvent {
  const read = at(field, () =>
    readInput(eventSchema, item, field === '' ? 'the request body' : field.slice(0, -1)),
  );
  const fieldByName = namesOf(read, field);
  if (fieldByName.size === 0) refuse(`${field}type`, 'is required, or notations');
  if (read.item_type != null && read.subject != null && read.item_type !== read.subject) {
    refuse(`${field}subject`, 'must be the same as item_type');
  }
  const [data, related] = [read.data ?? {}, read.related ?? {}];
  requireKeepable({ data, related }, field, eventBytes);
  return {
    id: read.id ?? null,
    names: [...fieldByName.keys()],
    nameFields: [...fieldByName.values()],
    itemType: read.item_type ?? read.subject ?? null,
    itemId: read.item_id,
    campaign: read.campaign ?? null,
    shop: read.shop ?? null,
    date: read.date == null ? null : readDate(read.date, `${field}date`),
    ...{ data, related, field },
  };
}

/** Each once, with the field that it was given in first. */
function namesOf(
  { type, notations }: Pick<z.infer<typeof eventSchema>, 'type' | 'notations'>,
  field: string,
): Map<string, string> {
  const fieldByName = new Map<string, string>();
  if (type != null) fieldByName.set(type, `${field}type`);
  for (const [place, name] of (notations ?? []).entries()) {
    if (!fieldByName.has(name)) fieldByName.set(name, `${field}notations.${place}`);
  }
  return fieldByName;
}

/** Names the event, too, in what its fields are refused for. */
function at<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (field === '' || !(error instanceof Error && 'field' in error)) throw error;
    if (error.field === undefined)
      return fail('invalid_input', { message: error.message, field: field.slice(0, -1) });
    return fail('invalid_input', { message: `${field}${error.message}`, field: `${field}${error.field}` });
  }
}

function requireKeepable(
  { data, related }: Pick<GivenEvent, 'data' | 'related'>,
  field: string,
  eventBytes: number,
): void {
  const problem = jsonProblem(data, `${field}data`) ?? jsonProblem(related, `${field}related`);
  if (problem !== null) refuse(problem.field, problem.rule);
  const sizeBytes = Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(related));
  if (sizeBytes <= eventBytes) return;
  fail('payload_too_large', {
    message: `${field}data: data and related of an event may have at most ${eventBytes} bytes, these have ${sizeBytes}`,
    field: `${field}data`,
    facts: { limitBytes: eventBytes, sizeBytes },
  });
}

function readDate(date: string, field: string): string {
  const ms = Date.parse(date);
  if (!(ms >= FIRST_MS && ms <= LAST_MS)) refuse(field, 'must be a time from the years 1900 to 9999');
  return new Date(ms).toISOString();
}

function refuse(field: string, rule: string): never {
  return fail('invalid_input', { message: `${field}: ${rule}`, field });
}
