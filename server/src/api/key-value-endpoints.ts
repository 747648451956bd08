// Key values, which functions read and change while they run: list, make, read, change, delete.
import { z } from 'zod';
import { readInput, storableText } from '../http/read-input.ts';
import { isKey, KEY_RULE, KEY_TYPES, type KeyEntry, type KeyValue } from '../values/key-value.ts';
import type { KeyChange, KeyValues } from '../values/key-values.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint } from './millrace-api.ts';
import { pageOf, readPageQuery } from './page-query.ts';

const DESCRIPTION_CHARACTERS = 255;
const RESOURCE = 'key_values';

const at = z.iso.datetime();
const entrySchema = z.object({
  key: z.string(),
  description: z.string().nullable(),
  key_type: z.enum(KEY_TYPES),
  pointer_type: z.string().nullable().describe('what a pointer names'),
  bytes: z.int().describe('size of the value'),
  created_at: at,
  updated_at: at,
});
z.globalRegistry.add(entrySchema, { id: 'KeyValueEntry' });
const keyValueSchema = entrySchema.extend({ value: z.string() });
z.globalRegistry.add(keyValueSchema, { id: 'KeyValue' });

const fields = {
  description: storableText(DESCRIPTION_CHARACTERS).nullable(),
  key_type: z.enum(KEY_TYPES, `must be one of ${KEY_TYPES.join(', ')}`),
  pointer_type: storableText(100).nullable(),
  value: storableText(Number.MAX_SAFE_INTEGER),
};
const newSchema = z.strictObject({
  key: z.string('must be text').refine(isKey, KEY_RULE),
  value: fields.value,
  description: fields.description.default(null),
  key_type: fields.key_type.default('string'),
  pointer_type: fields.pointer_type.default(null),
});
const changeSchema = z.strictObject(fields).partial();

export function keyValueEndpoints(keyValues: KeyValues): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/key-values',
      summary: 'Key values by their keys, without the values',
      permit: { resource: RESOURCE, method: 'read' },
      isPaged: true,
      response: pageSchema(entrySchema),
      answer: async ({ world, query }) => {
        const { limit, after } = readPageQuery(query, isKey);
        const entries = await keyValues.list(world, { limit: limit + 1, after });
        return pageOf(entries, limit, ({ key }) => key, entryView);
      },
    },
    {
      method: 'POST',
      path: '/key-values',
      foundBy: 'key',
      summary: 'Makes a key value that functions can read, and change where it is a string',
      permit: { resource: RESOURCE, method: 'create' },
      status: 201,
      body: newSchema,
      response: keyValueSchema,
      answer: async ({ world, body }) => {
        const made = readInput(newSchema, body, 'the request body');
        const { key_type: keyType, pointer_type: pointerType, ...rest } = made;
        return view(await keyValues.create(world, { ...rest, keyType, pointerType }));
      },
    },
    {
      method: 'GET',
      path: '/key-values/:key',
      summary: 'One key value',
      permit: { resource: RESOURCE, method: 'read' },
      response: keyValueSchema,
      answer: async ({ world, params }) => view(await keyValues.read(world, params.key ?? '')),
    },
    {
      method: 'PATCH',
      path: '/key-values/:key',
      summary: 'Changes a key value; its key stays',
      permit: { resource: RESOURCE, method: 'update' },
      body: changeSchema,
      response: keyValueSchema,
      answer: async ({ world, params, body }) =>
        view(await keyValues.change(world, params.key ?? '', readChange(body))),
    },
    {
      method: 'DELETE',
      path: '/key-values/:key',
      summary: 'Deletes a key value',
      permit: { resource: RESOURCE, method: 'delete' },
      status: 204,
      response: z.null(),
      answer: ({ world, params }) => keyValues.remove(world, params.key ?? ''),
    },
  ];
}

function readChange(body: unknown): KeyChange {
  const read = readInput(changeSchema, body, 'the request body');
  return {
    ...(read.description === undefined ? {} : { description: read.description }),
    ...(read.key_type === undefined ? {} : { keyType: read.key_type }),
    ...(read.pointer_type === undefined ? {} : { pointerType: read.pointer_type }),
    ...(read.value === undefined ? {} : { value: read.value }),
  };
}

function entryView(entry: KeyEntry): z.input<typeof entrySchema> {
  return {
    key: entry.key,
    description: entry.description,
    key_type: entry.keyType,
    pointer_type: entry.pointerType,
    bytes: entry.sizeBytes,
    created_at: entry.createdAt.toISOString(),
    updated_at: entry.modifiedAt.toISOString(),
  };
}

function view(found: KeyValue): z.input<typeof keyValueSchema> {
  return { ...entryView(found), value: found.value };
}
