// Passkeys: those of the person who is signed in, /session/passkeys, and signing in by one, /session/passkey.
// At the console's host alone.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import type { ConsoleAccess } from '../people/console-access.ts';
import { deletePasskey, listPasskeys, type Passkey } from '../people/passkey-store.ts';
import type { Passkeys } from '../people/passkeys.ts';
import type { PasswordChanges } from '../people/password-changes.ts';
import { typedPassword } from '../people/passwords.ts';
import type { PeopleAudit } from '../people/people-audit.ts';
import type { SessionLife } from '../people/session-store.ts';
import type { Database } from '../postgres/database.ts';
import type { OpenEndpoint, OpenRequest } from './millrace-api.ts';
import { begun, fromOf } from './session-endpoints.ts';
import { sessionSchema } from './session-view.ts';

type Parts = {
  database: Database;
  access: ConsoleAccess;
  passkeys: Passkeys;
  passwordChanges: PasswordChanges;
  audit: PeopleAudit;
  life: SessionLife;
};

const base64url = z
  .string('must be text')
  .max(8_000)
  .regex(/^[\w-]+$/, 'must be base64url');
const anything = z.record(z.string(), z.unknown());
const answerFields = z
  .object({
    ...{ id: base64url, rawId: base64url, type: z.literal('public-key', 'must be public-key') },
    response: anything,
    clientExtensionResults: anything.default({}),
  })
  .describe("the browser's credential, as its toJSON() says it");
const newFields = z.strictObject({
  answer: answerFields,
  name: storableText(200).refine((name) => name.trim() !== '', 'must not be empty'),
});
const signInFields = z.strictObject({ answer: answerFields });
const passwordFields = z.strictObject({ password: typedPassword.optional() });
const options = z.record(z.string(), z.unknown()).describe("for the browser's parse...OptionsFromJSON()");

const at = z.iso.datetime();
const passkeySchema = z.object({
  ...{ id: z.string(), name: z.string() },
  ...{ created_at: at, last_used_at: at.nullable() },
});
z.globalRegistry.add(passkeySchema, { id: 'Passkey' });

const PATH = '/session/passkeys';
const own = { permit: 'anyone', needsSession: true } as const;

export function passkeyEndpoints(parts: Parts): OpenEndpoint[] {
  const { access, database, passkeys, passwordChanges, life } = parts;
  return [
    {
      method: 'POST',
      path: `${PATH}/options`,
      summary: 'Begins a new passkey, with your password',
      ...own,
      body: passwordFields,
      response: options,
      answer: async (request) => {
        const session = await access.requireSession(request);
        const { password = null } = readInput(passwordFields, request.body ?? {}, 'the request body');
        await passwordChanges.requireCurrent(session, password, fromOf(request));
        return await passkeys.creationOptions(session);
      },
    },
    {
      method: 'POST',
      path: PATH,
      summary: 'Adds a passkey',
      ...own,
      body: newFields,
      response: passkeySchema,
      answer: (request) => add(parts, request),
    },
    {
      method: 'GET',
      path: PATH,
      summary: 'Your passkeys',
      ...own,
      response: z.object({ data: z.array(passkeySchema) }),
      answer: async (request) => {
        const { personId } = await access.requireSession(request);
        return { data: (await listPasskeys(database, personId)).map(view) };
      },
    },
    {
      method: 'DELETE',
      path: `${PATH}/:id`,
      summary: 'Removes a passkey',
      ...own,
      status: 204,
      response: z.undefined(),
      answer: (request) => remove(parts, request),
    },
    {
      method: 'POST',
      path: '/session/passkey/options',
      summary: 'Begins signing in by a passkey',
      permit: 'anyone',
      response: options,
      answer: async (request) => {
        access.requireOwn(request);
        return await passkeys.requestOptions(fromOf(request));
      },
    },
    {
      method: 'POST',
      path: '/session/passkey',
      summary: 'Signs in by a passkey',
      permit: 'anyone',
      body: signInFields,
      response: sessionSchema,
      answer: async (request) => {
        access.requireOwn(request);
        const { answer } = readInput(signInFields, request.body ?? {}, 'the request body');
        return begun(await passkeys.signIn(answer, fromOf(request)), life);
      },
    },
  ];
}

async function add({ access, database, passkeys, audit }: Parts, request: OpenRequest): Promise<unknown> {
  const session = await access.requireSession(request);
  const asked = readInput(newFields, request.body ?? {}, 'the request body');
  const passkey = await passkeys.add(session, asked);
  const { personId, id: sessionId } = session;
  const change = { action: 'passkey.add', personId, sessionId, address: request.ip } as const;
  await audit.changed(database, { ...change, after: { passkey_id: passkey.id, name: passkey.name } });
  return view(passkey);
}

async function remove({ access, database, audit }: Parts, request: OpenRequest): Promise<undefined> {
  const { personId, id: sessionId } = await access.requireSession(request);
  const { id = '' } = request.params;
  await database.transaction(async (sql) => {
    if (!(await deletePasskey(sql, personId, id))) fail('not_found', { message: 'you have no such passkey' });
    const change = { action: 'passkey.remove', personId, sessionId, address: request.ip } as const;
    await audit.changed(sql, { ...change, after: { passkey_id: id } });
  });
}

function view({ id, name, createdAt, lastUsedAt }: Passkey): z.input<typeof passkeySchema> {
  return { id, name, created_at: createdAt.toISOString(), last_used_at: lastUsedAt?.toISOString() ?? null };
}
