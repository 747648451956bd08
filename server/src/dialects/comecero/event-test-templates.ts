// The resource `event_test_templates` of the Comecero management API (docs/specs/comecero.md 3.4): list,
// read, create, change, delete. A public template is seen by every account; only its own may change it.
import { z } from 'zod';
import { fail } from '../../errors/failure.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import { newResourceId } from '../../ids/ids.ts';
import type { Sql } from '../../postgres/database.ts';
import {
  deleteTestTemplate,
  findTestTemplate,
  insertTestTemplate,
  listTestTemplates,
  type TestTemplate,
  type TestTemplateSettings,
  type TestTemplateSort,
  updateTestTemplate,
} from '../../subscriptions/test-template-store.ts';
import {
  type Answer,
  type ApiRequest,
  commonFields,
  created,
  type Endpoint,
  found,
  listed,
  nothing,
  resourceUrl,
} from './endpoint.ts';
import { readBoolean, readListQuery } from './list-query.ts';
import type { View } from './resource-view.ts';

export type TestTemplatesParts = {
  sql: Sql;
  publicUrl: string;
  /** @returns what is wrong with an event type; null: nothing */
  eventTypeProblem(accountId: string, eventType: string): Promise<string | null>;
};

const MOST_PAYLOAD_BYTES = 256 * 1024;
const SORT: Record<string, TestTemplateSort> = {
  name: 'name',
  date_created: 'createdAt',
  date_modified: 'modifiedAt',
};

/** Texts that clients leave empty are none. */
const optionalText = storableText(200)
  .nullish()
  .transform((text) => (text === undefined ? undefined : text?.trim() === '' ? null : text));

const body = z.object(
  {
    event_test_template_id: z
      .string()
      .regex(/^[0-9A-Za-z_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ and -')
      .nullish(),
    name: storableText(75).optional(),
    event_type: storableText(100).optional(),
    event_expand: optionalText,
    payload: z.record(z.string(), z.unknown(), 'must be an object').nullish(),
    resource_id: optionalText,
    public: z.boolean('must be true or false').optional(),
  },
  'must be a JSON object',
);

export function eventTestTemplateEndpoints(parts: TestTemplatesParts): Endpoint[] {
  const collection = '/event_test_templates';
  const item = `${collection}/:id`;
  const permit = (method: 'read' | 'create' | 'update' | 'delete') =>
    ({ resource: 'event_test_templates', method }) as const;
  return [
    { method: 'GET', path: collection, permit: permit('read'), answer: (asked) => list(parts, asked) },
    { method: 'GET', path: item, permit: permit('read'), answer: (asked) => read(parts, asked) },
    {
      ...{ method: 'POST', path: collection, permit: permit('create'), takes: body },
      answer: (asked) => create(parts, asked),
    },
    {
      ...{ method: 'POST', path: item, permit: permit('update'), takes: body },
      answer: (asked) => update(parts, asked),
    },
    { method: 'DELETE', path: item, permit: permit('delete'), answer: (asked) => remove(parts, asked) },
  ];
}

async function list({ sql, publicUrl }: TestTemplatesParts, { world, query }: ApiRequest): Promise<Answer> {
  const asked = readListQuery(query, { sortKeys: Object.keys(SORT), sortBy: 'name', desc: false });
  const { templates, totalItems } = await listTestTemplates(sql, world, {
    eventType: query.event_type || null,
    // Empty is a request as well: templates for subscriptions that expand nothing.
    eventExpand: query.event_expand ?? null,
    isPublic: readBoolean(query, 'public'),
    text: asked.q,
    sortBy: SORT[asked.sortBy] ?? 'name',
    order: asked.desc ? 'descending' : 'ascending',
    limit: asked.limit,
    offset: asked.offset,
  });
  return listed(
    templates.map((one) => view(one, publicUrl)),
    totalItems,
    asked,
  );
}

async function read({ sql, publicUrl }: TestTemplatesParts, request: ApiRequest): Promise<Answer> {
  return found(view(await findOrFail(sql, request), publicUrl));
}

async function create(parts: TestTemplatesParts, { world, body: given }: ApiRequest): Promise<Answer> {
  const { id, said } = readBody(given);
  const settings = await wholeOf(parts, world.accountId, { ...USUAL, ...said });
  const template = { ...world, ...settings, id: id ?? newResourceId() };
  const made = await insertTestTemplate(parts.sql, template);
  if (made !== null) return created(view(made, parts.publicUrl));
  return fail('conflict', {
    message: `event_test_template_id: ${template.id} is taken`,
    field: 'event_test_template_id',
  });
}

async function update(parts: TestTemplatesParts, request: ApiRequest): Promise<Answer> {
  const { said } = readBody(request.body);
  const stored = await findOwn(parts.sql, request);
  const settings = await wholeOf(parts, stored.accountId, { ...stored, ...said });
  const { accountId, mode, id } = stored;
  const changed = await updateTestTemplate(parts.sql, { ...settings, accountId, mode, id });
  if (changed === null) noSuchTemplate();
  if (changed === 'taken') {
    fail('conflict', {
      message: 'public: another account has a public template of this id',
      field: 'public',
    });
  }
  return found(view(changed, parts.publicUrl));
}

async function remove({ sql }: TestTemplatesParts, request: ApiRequest): Promise<Answer> {
  const { id } = await findOwn(sql, request);
  return (await deleteTestTemplate(sql, request.world, id)) ? nothing() : noSuchTemplate();
}

const USUAL: TestTemplateSettings = {
  ...{ name: '', eventType: '', eventExpand: null, payload: {}, resourceId: null, isPublic: false },
};

/** `said`: without what the body left open. */
function readBody(given: unknown): { id: string | null; said: Partial<TestTemplateSettings> } {
  const said = readInput(body, given, 'the request body');
  const settings = {
    name: said.name?.trim(),
    eventType: said.event_type?.trim(),
    eventExpand: said.event_expand,
    payload: said.payload === null ? {} : said.payload,
    resourceId: said.resource_id,
    isPublic: said.public,
  };
  return {
    id: said.event_test_template_id ?? null,
    said: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
  };
}

/** @throws Failure `invalid_input` naming the field and the rule */
async function wholeOf(
  parts: TestTemplatesParts,
  accountId: string,
  { name, eventType, eventExpand, payload, resourceId, isPublic }: TestTemplateSettings,
): Promise<TestTemplateSettings> {
  if (name === '') fail('invalid_input', { message: 'name: is required', field: 'name' });
  if (eventType === '') fail('invalid_input', { message: 'event_type: is required', field: 'event_type' });
  const problem = await parts.eventTypeProblem(accountId, eventType);
  if (problem !== null) fail('invalid_input', { message: `event_type: ${problem}`, field: 'event_type' });
  const json = JSON.stringify(payload);
  if (Buffer.byteLength(json) > MOST_PAYLOAD_BYTES || json.includes('\\u0000') || !json.isWellFormed()) {
    const message = `payload: must have at most ${MOST_PAYLOAD_BYTES} bytes as JSON, and no NUL`;
    fail('invalid_input', { message, field: 'payload' });
  }
  return { name, eventType, eventExpand, payload, resourceId, isPublic };
}

async function findOrFail(sql: Sql, { world, params }: ApiRequest): Promise<TestTemplate> {
  return (await findTestTemplate(sql, world, params.id ?? '')) ?? noSuchTemplate();
}

async function findOwn(sql: Sql, request: ApiRequest): Promise<TestTemplate> {
  const template = await findOrFail(sql, request);
  if (template.accountId === request.world.accountId) return template;
  return fail('insufficient_permissions', {
    message: 'this template is public: only the account that made it may change or delete it',
  });
}

function noSuchTemplate(): never {
  return fail('not_found', { message: 'there is no such event test template' });
}

function view(shown: TestTemplate, publicUrl: string): View {
  return {
    event_test_template_id: shown.id,
    name: shown.name,
    event_type: shown.eventType,
    event_expand: shown.eventExpand,
    payload: shown.payload,
    resource_id: shown.resourceId,
    public: shown.isPublic,
    date_created: shown.createdAt,
    date_modified: shown.modifiedAt,
    ...commonFields(shown, resourceUrl(publicUrl, `/event_test_templates/${shown.id}`)),
  };
}
