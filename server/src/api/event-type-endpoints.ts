// The catalogue of types and notations: what the installation knows, and what the account has added. An
// account changes its own entries alone.

import { z } from 'zod';
import { boundOf } from '../accounts/account-bounds-store.ts';
import { fail } from '../errors/failure.ts';
import type { EventCatalogue } from '../events/event-catalogue.ts';
import {
  deleteEventType,
  type EventType,
  insertEventType,
  listEventTypes,
  type NewEventType,
} from '../events/event-type-store.ts';
import { OWN_EVENTS } from '../events/own-events.ts';
import { readInput, storableText } from '../http/read-input.ts';
import type { Database } from '../postgres/database.ts';
import { impliedNotations, isNotation, itemTypeOf, NOTATION_RULE } from '../triggers/notation.ts';
import { pageSchema } from './api-schemas.ts';
import { eventTypeSchema } from './event-schemas.ts';
import type { ApiEndpoint } from './millrace-api.ts';

type Parts = {
  sql: Database;
  catalogue: Pick<EventCatalogue, 'forget'>;
  /** Entries of its own that an account may have. */
  mostTypes: number;
};

const DESCRIPTION_CHARACTERS = 500;

const newTypeSchema = z.strictObject({
  name: z.string('must be text').refine(isNotation, NOTATION_RULE),
  item_type: z
    .string('must be text')
    .max(100, 'must have at most 100 characters')
    .regex(/^[a-z][a-z0-9_]*$/, 'must be lower-case letters, digits and _')
    .optional(),
  description: storableText(DESCRIPTION_CHARACTERS).nullable().default(null),
});

export function eventTypeEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/event-types',
      summary: 'Types and notations that may be published, by name',
      permit: { resource: 'events', method: 'read' },
      response: pageSchema(eventTypeSchema),
      answer: async ({ world }) => {
        const types = await listEventTypes(parts.sql, world.accountId);
        return { data: types.map(typeView), next: null };
      },
    },
    {
      method: 'POST',
      path: '/event-types',
      summary: 'Adds a type or a notation of the account',
      permit: { resource: 'events', method: 'create' },
      liveOnly: true,
      status: 201,
      body: newTypeSchema,
      response: eventTypeSchema,
      answer: ({ world, body }) => addType(parts, world.accountId, body),
    },
    {
      method: 'DELETE',
      path: '/event-types/:name',
      summary: 'Removes one that the account has added; what was published stays',
      permit: { resource: 'events', method: 'delete' },
      liveOnly: true,
      status: 204,
      response: z.undefined(),
      answer: async ({ world, params }) => {
        const name = params.name ?? '';
        if (!(await deleteEventType(parts.sql, world.accountId, name))) {
          fail('not_found', { message: 'the account has added no such type' });
        }
        parts.catalogue.forget(world.accountId);
      },
    },
  ];
}

async function addType({ sql, catalogue, mostTypes }: Parts, accountId: string, body: unknown) {
  const read = readInput(newTypeSchema, body, 'the request body');
  const made: NewEventType = {
    name: read.name,
    itemType: read.item_type ?? itemTypeOf(read.name),
    description: read.description,
  };
  refuseOwn(made.name);
  const most = await boundOf(sql, accountId, { name: 'event_types', usual: mostTypes });
  const result = await sql.transaction((on) => insertEventType(on, accountId, made, most));
  if (result === 'known') fail('conflict', { message: `name: ${made.name} is known already`, field: 'name' });
  if (result === 'full') {
    fail('conflict', {
      message: `an account may add ${most} types: remove one first`,
      facts: { limit: most },
    });
  }
  catalogue.forget(accountId);
  return typeView({ ...made, isOwn: false, isBuiltin: false });
}

/** An event of it would be heard as one of the platform's. */
function refuseOwn(name: string): void {
  const implied: readonly string[] = impliedNotations(name).slice(1);
  const own = OWN_EVENTS.find((event) => implied.includes(event));
  if (own === undefined) return;
  fail('conflict', {
    message: `name: implies ${own}, which the platform alone publishes`,
    field: 'name',
  });
}

function typeView(type: EventType): z.input<typeof eventTypeSchema> {
  return {
    name: type.name,
    form: type.name.includes(':') ? 'type' : 'notation',
    item_type: type.itemType,
    description: type.description,
    builtin: type.isBuiltin,
    platform_only: type.isOwn,
  };
}
