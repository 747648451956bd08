// The master key and another in its place: /operator/keys. The new one is shown once; the operator keeps it
// and starts every node with it. Called by roles/open-operator.ts.
import { z } from 'zod';
import { type AuditAction, addAuditEntry } from '../accounts/operator-audit-store.ts';
import type { KeyRotation, Note } from '../environment/key-rotation.ts';
import { KEY_BYTES } from '../environment/seal.ts';
import { readInput } from '../http/read-input.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { whoOf } from './operator-audit.ts';

const PATH = '/operator/keys';

const stateSchema = z.object({
  rotating: z.boolean().describe('whether a new key takes the place of an old one'),
  begun_at: z.iso.datetime().nullable(),
  resealed: z.boolean().describe("whether the new key opens every account's key"),
  node_key: z.enum(['only', 'old', 'new']).describe('which of them this node was started with'),
});
z.globalRegistry.add(stateSchema, { id: 'MasterKeyState' });

const newKey = z.strictObject({
  key: z
    .base64('must be base64')
    .refine(
      (text) => Buffer.from(text, 'base64').length === KEY_BYTES,
      `must be ${KEY_BYTES} bytes in base64`,
    )
    .optional()
    .describe('one is made where it is left out'),
});
const madeKey = z.object({ key: z.string().describe('in base64; shown this once') });
const portionSchema = z.object({
  resealed: z.int().describe('accounts whose keys were sealed anew now'),
  done: z.boolean().describe('false: ask again'),
});

export function masterKeyEndpoints(rotation: KeyRotation): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: PATH,
      summary: 'Whether the master key is being replaced, and how far that is',
      ...operating('read'),
      response: stateSchema,
      answer: () => stateOf(rotation),
    },
    {
      method: 'POST',
      path: `${PATH}/rotate`,
      summary: 'Begins to put a new master key in the place of the one that there is',
      ...operating('update'),
      body: newKey,
      response: madeKey,
      answer: async (request) => {
        const { key } = readInput(newKey, request.body ?? {}, 'the request body');
        const given = key === undefined ? null : Buffer.from(key, 'base64');
        const made = await rotation.begin(given, noteOf(request, 'keys.rotate'));
        return { key: made.toString('base64') };
      },
    },
    {
      method: 'POST',
      path: `${PATH}/reseal`,
      summary: "Seals a portion of the accounts' keys by the new master key",
      ...operating('update'),
      response: portionSchema,
      answer: async () => {
        const { resealed, isAll } = await rotation.reseal();
        return { resealed, done: isAll };
      },
    },
    {
      method: 'POST',
      path: `${PATH}/finish`,
      summary: 'Ends it: the old master key opens nothing any more',
      ...operating('update'),
      response: stateSchema,
      answer: async (request) => {
        await rotation.end(noteOf(request, 'keys.finish'));
        return await stateOf(rotation);
      },
    },
  ];
}

async function stateOf(rotation: KeyRotation): Promise<z.input<typeof stateSchema>> {
  const { begunAt, isResealed, own } = await rotation.state();
  const begun_at = begunAt?.toISOString() ?? null;
  return { rotating: begunAt !== null, begun_at, resealed: isResealed, node_key: own };
}

function noteOf(request: ApiRequest, action: AuditAction): Note {
  return (sql) =>
    addAuditEntry(sql, { ...whoOf(request), action, accountId: null, before: null, after: null });
}
