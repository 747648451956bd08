// Function values, which functions find in their environment: list, make, read, change, delete. An encrypted
// one is never shown.
import { z } from 'zod';
import { readInput, storableText } from '../http/read-input.ts';
import type { FunctionValue } from '../values/function-value.ts';
import type { FunctionValues, NewFunctionValue } from '../values/function-values.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint } from './millrace-api.ts';

const DESCRIPTION_CHARACTERS = 1000;
const RESOURCE = 'function_values';

const at = z.iso.datetime();
const valueSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  encrypted: z.boolean().describe('write-only, and hidden in logs'),
  value: z.string().nullable().describe('null where it is encrypted'),
  created_at: at,
  updated_at: at,
});
z.globalRegistry.add(valueSchema, { id: 'FunctionValue' });

const fields = {
  name: storableText(1000),
  description: storableText(DESCRIPTION_CHARACTERS).nullable(),
  encrypted: z.boolean('must be true or false'),
  value: storableText(Number.MAX_SAFE_INTEGER),
};
const newSchema = z.strictObject({
  ...fields,
  description: fields.description.default(null),
  encrypted: fields.encrypted.default(false),
});
const changeSchema = z.strictObject({ ...fields, value: fields.value.nullable() }).partial();

export function functionValueEndpoints(values: FunctionValues): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/function-values',
      summary: 'Values that functions find in their environment, by name',
      permit: { resource: RESOURCE, method: 'read' },
      response: pageSchema(valueSchema),
      answer: async ({ world }) => ({ data: (await values.list(world)).map(view), next: null }),
    },
    {
      method: 'POST',
      path: '/function-values',
      summary: 'Makes a value; functions have it with their next run',
      permit: { resource: RESOURCE, method: 'create' },
      status: 201,
      body: newSchema,
      response: valueSchema,
      answer: async ({ world, body }) => {
        const { encrypted, ...rest } = readInput(newSchema, body, 'the request body');
        return view(await values.create(world, { ...rest, isEncrypted: encrypted }));
      },
    },
    {
      method: 'GET',
      path: '/function-values/:id',
      summary: 'One value',
      permit: { resource: RESOURCE, method: 'read' },
      response: valueSchema,
      answer: async ({ world, params }) => view(await values.read(world, params.id ?? '')),
    },
    {
      method: 'PATCH',
      path: '/function-values/:id',
      summary: 'Changes a value; functions have it with their next run',
      permit: { resource: RESOURCE, method: 'update' },
      body: changeSchema,
      response: valueSchema,
      answer: async ({ world, params, body }) =>
        view(await values.change(world, params.id ?? '', readChange(body))),
    },
    {
      method: 'DELETE',
      path: '/function-values/:id',
      summary: 'Deletes a value',
      permit: { resource: RESOURCE, method: 'delete' },
      status: 204,
      response: z.null(),
      answer: ({ world, params }) => values.remove(world, params.id ?? ''),
    },
  ];
}

function readChange(body: unknown): Partial<NewFunctionValue> {
  const { name, description, encrypted, value } = readInput(changeSchema, body, 'the request body');
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(encrypted === undefined ? {} : { isEncrypted: encrypted }),
    // As an encrypted one is shown: it stays what it is.
    ...(value === undefined || value === null ? {} : { value }),
  };
}

function view(found: FunctionValue): z.input<typeof valueSchema> {
  return {
    id: found.id,
    name: found.name,
    description: found.description,
    encrypted: found.isEncrypted,
    value: found.isEncrypted ? null : found.value,
    created_at: found.createdAt.toISOString(),
    updated_at: found.modifiedAt.toISOString(),
  };
}
