// Triggers of every kind: list, make, change, delete, pause and resume.

import { z } from 'zod';
import type { World } from '../accounts/account.ts';
import type { Limits } from '../config/limits.ts';
import { fail } from '../errors/failure.ts';
import type { EventCatalogue } from '../events/event-catalogue.ts';
import type { Sql } from '../postgres/database.ts';
import type { Caller } from '../tokens/caller.ts';
import { type EventTriggerSettings, OWN_TRIGGER_KINDS, type Trigger } from '../triggers/trigger.ts';
import type { TriggerEditing } from '../triggers/trigger-editing.ts';
import { readNewTrigger, readTriggerChange } from '../triggers/trigger-fields.ts';

import { getTrigger, listTriggers, type StoredTrigger } from '../triggers/trigger-store.ts';
import { pageSchema } from './api-schemas.ts';
import { takenTriggerChange, takenTriggerSchema, triggerSchema } from './event-schemas.ts';
import { seesAddresses } from './hidden-address.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { type Page, pageOf, readPageQuery } from './page-query.ts';
import { readChoice, readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import { triggerView } from './trigger-view.ts';

type Parts = {
  sql: Sql;
  editing: TriggerEditing;
  catalogue: Pick<EventCatalogue, 'problemOf'>;
  limits: Pick<Limits, 'delayLeastMs' | 'delayMostMs'>;
  /** Unix time in ms. */
  clock(): number;
  /** Without a trailing slash. */
  publicUrl: string;
};

const READ = { resource: 'triggers', method: 'read' } as const;
const UPDATE = { resource: 'triggers', method: 'update' } as const;
const isTriggerId = (text: string): boolean => /^[0-9A-Za-z]{1,64}$/.test(text);

export function triggerEndpoints(parts: Parts): ApiEndpoint[] {
  return [...readingEndpoints(parts), ...changingEndpoints(parts), ...pausingEndpoints(parts)];
}

function readingEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/triggers',
      summary: 'Triggers, newest first',
      permit: READ,
      query: { function_id: textParameter('whose they are'), kind: z.enum(OWN_TRIGGER_KINDS) },
      isPaged: true,
      response: pageSchema(triggerSchema),
      answer: (request) => triggerPage(parts, request),
    },
    {
      method: 'GET',
      path: '/triggers/:id',
      summary: 'One trigger',
      permit: READ,
      response: triggerSchema,
      answer: async ({ world, params, caller }) => {
        const trigger = await getTrigger(parts.sql, world, params.id ?? '');
        return viewFor(caller, parts, trigger ?? fail('not_found', { message: 'there is no such trigger' }));
      },
    },
  ];
}

function changingEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/triggers',
      summary: 'Lets something start a function',
      permit: { resource: 'triggers', method: 'create' },
      status: 201,
      body: takenTriggerSchema,
      response: triggerSchema,
      answer: async ({ world, body }) => {
        const fields = readNewTrigger(body, parts.limits, parts.clock());
        await requireKnown(parts, world, fields);
        return view(parts, await parts.editing.create(world, fields));
      },
    },
    {
      method: 'PATCH',
      path: '/triggers/:id',
      summary: 'Changes a trigger; `settings` are replaced as a whole',
      permit: UPDATE,
      body: takenTriggerChange,
      response: triggerSchema,
      answer: (request) => changeTrigger(parts, request),
    },
    {
      method: 'DELETE',
      path: '/triggers/:id',
      summary: 'Deletes a trigger; of the runs that it has caused, those that its pause holds are cancelled',
      permit: { resource: 'triggers', method: 'delete' },
      status: 204,
      response: z.undefined(),
      answer: ({ world, params }) => parts.editing.remove(world, params.id ?? ''),
    },
  ];
}

function pausingEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/triggers/:id/pause',
      summary: 'Holds the runs that it has caused and will cause',
      permit: UPDATE,
      response: triggerSchema,
      answer: async ({ world, params }) => view(parts, await parts.editing.pause(world, params.id ?? '')),
    },
    {
      method: 'POST',
      path: '/triggers/:id/resume',
      summary: 'Releases the runs that its pause held',
      permit: UPDATE,
      response: triggerSchema,
      answer: async ({ world, params }) => view(parts, await parts.editing.resume(world, params.id ?? '')),
    },
  ];
}

async function triggerPage(parts: Parts, { world, query, caller }: ApiRequest): Promise<Page<unknown>> {
  const { limit, after } = readPageQuery(query, isTriggerId);
  const triggers = await listTriggers(parts.sql, world, {
    functionId: readFilter(query, 'function_id'),
    kind: readChoice(query, 'kind', OWN_TRIGGER_KINDS),
    limit: limit + 1,
    after,
  });
  return pageOf(
    triggers,
    limit,
    (trigger) => trigger.id,
    (trigger) => viewFor(caller, parts, trigger),
  );
}

async function changeTrigger(parts: Parts, { world, params, body }: ApiRequest): Promise<unknown> {
  const id = params.id ?? '';
  const found = await getTrigger(parts.sql, world, id);
  if (found === null) fail('not_found', { message: 'there is no such trigger' });
  const read = (before: StoredTrigger) =>
    readTriggerChange(body, before, { bounds: parts.limits, nowMs: parts.clock() });
  // A kind never changes: what is asked of the catalogue here holds for the locked trigger, too.
  const { settings } = read(found);
  if (settings !== undefined) await requireKnown(parts, world, { kind: found.kind, settings });
  return view(parts, await parts.editing.change(world, id, read));
}

/** One that listens to what nobody publishes would never run, and nobody would know why. */
async function requireKnown(
  { catalogue }: Parts,
  world: World,
  { kind, settings }: Pick<Trigger, 'kind' | 'settings'>,
): Promise<void> {
  if (kind !== 'account_event') return;
  const { notations } = settings as EventTriggerSettings;
  const used = { names: notations, itemType: null };
  const problem = await catalogue.problemOf(world.accountId, used, 'listen');
  if (problem !== null) {
    fail('invalid_input', { message: `settings.notations: ${problem.message}`, field: 'settings.notations' });
  }
}

/** As those who can't change it see it. */
function viewFor(caller: Caller, { publicUrl }: Parts, trigger: StoredTrigger): unknown {
  return triggerView(trigger, seesAddresses(caller) ? publicUrl : null);
}

function view({ publicUrl }: Parts, trigger: StoredTrigger): unknown {
  return triggerView(trigger, publicUrl);
}
