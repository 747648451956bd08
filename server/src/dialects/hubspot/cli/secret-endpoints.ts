// Secrets, as `hs secret` lists, adds, changes and deletes them. Nothing here ever shows a value. A change is
// live as soon as the folders whose endpoints name the secret are deployed again, which the same transaction
// asks for.

import { z } from 'zod';
import type { World } from '../../../accounts/account.ts';
import { boundOf } from '../../../accounts/account-bounds-store.ts';
import { fail } from '../../../errors/failure.ts';
import { readInput, storableText } from '../../../http/read-input.ts';
import type { Database } from '../../../postgres/database.ts';
import { lockFiles } from '../catalog/file-store.ts';
import { markFoldersOfSecret } from '../catalog/folder-store.ts';
import { deleteSecret, type Keys, listSecretNames, putSecret } from '../catalog/secret-store.ts';
import { type CliEndpoint, type CliRequest, json, nothing } from '../frame/cli-endpoint.ts';

export type SecretParts = {
  database: Database;
  keys: Keys;
  limits: { secretsPerAccount: number; secretBytes: number };
};

const PREFIX = '/cms/v3/functions';
const PATH = '/secrets';
const LONGEST_NAME = 200;
/** The rule and the words of the original service. */
const NAME = /^[a-zA-Z]([a-zA-Z0-9_])+$/;

export function secretEndpoints(parts: SecretParts): CliEndpoint[] {
  const place = { prefix: PREFIX, path: PATH, takes: secretBody(parts.limits.secretBytes) };
  const resource = 'function_values';
  return [
    {
      ...{ ...place, method: 'GET', permit: { resource, method: 'read' } },
      answer: async ({ world }) => json({ results: await listSecretNames(parts.database, world) }),
    },
    {
      ...{ ...place, method: 'POST', permit: { resource, method: 'create' } },
      answer: async (request) => {
        await write(parts, request, 'add');
        return nothing();
      },
    },
    {
      ...{ ...place, method: 'PUT', permit: { resource, method: 'update' } },
      answer: async (request) => {
        await write(parts, request, 'change');
        return nothing();
      },
    },
    {
      ...{ prefix: PREFIX, path: `${PATH}/:name`, method: 'DELETE', permit: { resource, method: 'delete' } },
      answer: async ({ world, params }) => {
        await removeSecret(parts, world, params.name ?? '');
        return nothing();
      },
    },
  ];
}

async function write(parts: SecretParts, { world, body }: CliRequest, deed: 'add' | 'change'): Promise<void> {
  await writeSecret(parts, world, body, deed);
}

/** @param given `{key, secret}`, unchecked */
export async function writeSecret(
  parts: SecretParts,
  world: World,
  given: unknown,
  deed: 'add' | 'change',
): Promise<void> {
  const { key: name, secret: value } = readSecret(given, parts.limits.secretBytes);
  await parts.database.transaction(async (sql) => {
    await lockFiles(sql, world);
    const names = await listSecretNames(sql, world);
    if (deed === 'change' && !names.includes(name)) {
      fail('not_found', { message: `There is no secret ${name}.`, field: 'key' });
    }
    const bound = { name: 'secrets', usual: parts.limits.secretsPerAccount } as const;
    const limit = await boundOf(sql, world.accountId, bound);
    if (!names.includes(name) && names.length >= limit) {
      fail('invalid_input', { message: `An account may have ${limit} secrets: delete one first.` });
    }
    await putSecret(sql, parts.keys, { ...world, name, value });
    await markFoldersOfSecret(sql, world, name);
  });
}

/** Nothing happens where there is none. */
export async function removeSecret({ database }: SecretParts, world: World, name: string): Promise<void> {
  await database.transaction(async (sql) => {
    if (await deleteSecret(sql, world, name)) await markFoldersOfSecret(sql, world, name);
  });
}

/** A secret's name and value, as the CLI sends them. */
function secretBody(limitBytes: number) {
  return z.object({
    key: storableText(LONGEST_NAME).refine(
      (name) => NAME.test(name),
      'must match [a-zA-Z]([a-zA-Z0-9_])+: a letter, then letters, digits and _',
    ),
    secret: storableText(limitBytes).refine(
      (value) => Buffer.byteLength(value) <= limitBytes,
      `must have at most ${limitBytes} bytes`,
    ),
  });
}

function readSecret(body: unknown, limitBytes: number): { key: string; secret: string } {
  return readInput(secretBody(limitBytes), body, 'the request body');
}
