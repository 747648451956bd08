// Key values of API v2: list, read, and one call that makes or changes (docs/specs/revcent.md section 4).
// What they are and may hold is values/'s part.
import { z } from 'zod';
import type { World } from '../../accounts/account.ts';
import { Failure, fail } from '../../errors/failure.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import { KEY_TYPES, type KeyEntry, type KeyValue } from '../../values/key-value.ts';
import type { KeyChange, KeyValues } from '../../values/key-values.ts';
import { readPage } from './page-query.ts';
import type { RevcentAnswer, RevcentEndpoint, RevcentRequest } from './revcent-api.ts';

export type KeyValueEndpointParts = {
  keyValues: KeyValues;
  /** Of a request, so that the largest value fits, quotes escaped. */
  bodyLimitBytes: number;
};

const READ = { resource: 'key_values', method: 'read' } as const;
const CREATE = { resource: 'key_values', method: 'create' } as const;
const UPDATE = { resource: 'key_values', method: 'update' } as const;

export function keyValueEndpoints({ keyValues, bodyLimitBytes }: KeyValueEndpointParts): RevcentEndpoint[] {
  const one = '/key_values/:key';
  return [
    { method: 'GET', path: '/key_values', permit: READ, answer: (request) => list(keyValues, request) },
    {
      ...{ method: 'GET', path: one, permit: READ },
      answer: async ({ world, params }) => ({ body: view(await keyValues.read(world, params.key ?? '')) }),
    },
    {
      ...{ method: 'POST', path: one, permit: [CREATE, UPDATE], bodyLimitBytes, takes: schema },
      answer: (request) => write(keyValues, request),
    },
  ];
}

async function list(keyValues: KeyValues, { world, query }: RevcentRequest): Promise<RevcentAnswer> {
  const { limit, page, offset } = readPage(query);
  const entries = await keyValues.list(world, { limit, after: null, offset });
  return { page, results: entries.map(entryView) };
}

const schema = z.object({
  description: storableText(255).nullish(),
  value: z.union([storableText(Number.MAX_SAFE_INTEGER), z.number(), z.boolean()], 'must be text').nullish(),
  key_type: z.enum(KEY_TYPES, `must be ${KEY_TYPES.join(' or ')}`).nullish(),
  pointer_type: storableText(100).nullish(),
});

/** There is one address for both: a key that isn't there is made, one that is there is changed. */
async function write(keyValues: KeyValues, { world, params, body }: RevcentRequest): Promise<RevcentAnswer> {
  const change = readChange(body() ?? {});
  const { key = '' } = params;
  const written =
    (await unless('not_found', keyValues.change(world, key, change))) ??
    (await unless('conflict', create(keyValues, world, { key, change }))) ??
    (await keyValues.change(world, key, change));
  return { body: view(written) };
}

type Made = { key: string; change: KeyChange };

async function create(keyValues: KeyValues, world: World, { key, change }: Made): Promise<KeyValue> {
  const { value, description = null, keyType = 'string', pointerType = null } = change;
  if (value === undefined)
    fail('invalid_input', { message: 'value: is required for a new key', field: 'value' });
  return await keyValues.create(world, { key, value, description, keyType, pointerType });
}

/** @returns null where it can't be done for this reason */
async function unless<T>(code: 'not_found' | 'conflict', work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure && error.code === code) return null;
    throw error;
  }
}

/** A string points nowhere: making one of a pointer needs no word of it. */
function readChange(body: unknown): KeyChange {
  const { description, value, key_type: keyType, pointer_type } = readInput(schema, body, 'the request body');
  const pointerType = keyType === 'string' ? (pointer_type ?? null) : pointer_type;
  return {
    ...(description == null ? {} : { description }),
    ...(value == null ? {} : { value: String(value) }),
    ...(keyType == null ? {} : { keyType }),
    ...(pointerType === undefined ? {} : { pointerType }),
  };
}

function entryView(entry: KeyEntry): Record<string, unknown> {
  const { key, description, keyType, pointerType, sizeBytes, createdAt, modifiedAt } = entry;
  return {
    ...{
      key,
      description: description ?? '',
      key_type: keyType,
      pointer_type: pointerType,
      bytes: sizeBytes,
    },
    ...{ updated: unix(modifiedAt), created_date_unix: unix(createdAt) },
  };
}

function view(found: KeyValue): Record<string, unknown> {
  return { ...entryView(found), value: found.value };
}

function unix(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
