// The session of the person who is signed in, /session and /sessions: begins by e-mail and password, shows
// whose it is and what they may do where, ends. At the console's host alone. What a session permits
// elsewhere, the frame decides (people/console-access.ts).
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import type { ConsoleAccess } from '../people/console-access.ts';
import { emailField } from '../people/email.ts';
import { typedPassword } from '../people/passwords.ts';
import type { PeopleAudit } from '../people/people-audit.ts';
import { announcePerson } from '../people/person-store.ts';
import { permissionsOf, ROLES } from '../people/roles.ts';
import { findSecondFactor } from '../people/second-factor-store.ts';
import { clearCookie, SESSION_COOKIE, setCookie } from '../people/session-cookie.ts';
import {
  deleteSession,
  deleteSessions,
  type FoundSession,
  listSessions,
  type SessionLife,
} from '../people/session-store.ts';
import type { BegunSession, From, SignIn } from '../people/sign-in.ts';
import type { Database } from '../postgres/database.ts';
import { METHODS, RESOURCES } from '../tokens/permissions.ts';
import { ApiReply, type OpenEndpoint, type OpenRequest } from './millrace-api.ts';
import { sessionSchema, sessionView } from './session-view.ts';

export type SessionParts = {
  database: Database;
  access: ConsoleAccess;
  signIn: SignIn;
  audit: PeopleAudit;
  life: SessionLife;
  operatorAccountId: string;
};

const signInFields = z.strictObject({
  email: emailField,
  password: typedPassword,
  code: z
    .string('must be text')
    .max(20)
    .optional()
    .describe('of the second factor, where there is one; or a recovery code'),
});

const begunSchema = sessionSchema.describe('the session itself is in the cookie');

const accountSchema = z.object({
  account_id: z.string(),
  user_id: z.string(),
  role: z.enum(ROLES),
  permissions: z
    .record(z.enum(RESOURCES), z.record(z.enum(METHODS), z.boolean()))
    .describe('what you may do in it'),
});
const ownSchema = sessionSchema.extend({
  email: z.string(),
  name: z.string(),
  second_factor: z.boolean().describe('whether a sign-in by password asks for a code'),
  accounts: z.array(accountSchema).describe('Millrace-Account names one of them in every other request'),
});
const listedSchema = sessionSchema.extend({ current: z.boolean().describe('whether it is this one') });

export function sessionEndpoints(parts: SessionParts): OpenEndpoint[] {
  const { access } = parts;
  const own = { permit: 'anyone', needsSession: true } as const;
  return [
    {
      method: 'POST',
      path: '/session',
      summary: 'Signs in',
      permit: 'anyone',
      body: signInFields,
      response: begunSchema,
      answer: async (request) => {
        access.requireOwn(request);
        const { code = null, ...asked } = readInput(signInFields, request.body ?? {}, 'the request body');
        return begun(await parts.signIn.byPassword({ ...asked, code }, fromOf(request)), parts.life);
      },
    },
    {
      method: 'GET',
      path: '/session',
      summary: 'Who is signed in, and what they may do in which account',
      ...own,
      response: ownSchema,
      answer: async (request) => ownView(parts, await access.requireSession(request)),
    },
    {
      method: 'DELETE',
      path: '/session',
      summary: 'Signs out',
      ...own,
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        await end(parts, request, (session) => session.id);
        return new ApiReply(204, {}, undefined, [clearCookie(SESSION_COOKIE)]);
      },
    },
    {
      method: 'GET',
      path: '/sessions',
      summary: 'Your sessions, the one used last first',
      ...own,
      response: z.object({ data: z.array(listedSchema) }),
      answer: async (request) => {
        const { id, personId } = await access.requireSession(request);
        const sessions = await listSessions(parts.database, personId, parts.life);
        return { data: sessions.map((one) => ({ ...sessionView(one), current: one.id === id })) };
      },
    },
    {
      method: 'DELETE',
      path: '/sessions',
      summary: 'Ends all your sessions but this one',
      ...own,
      response: z.object({ ended: z.int() }),
      answer: (request) => endOthers(parts, request),
    },
    {
      method: 'DELETE',
      path: '/sessions/:id',
      summary: 'Ends one of your sessions',
      ...own,
      status: 204,
      response: z.undefined(),
      answer: (request) => end(parts, request, () => request.params.id ?? ''),
    },
  ];
}

export function fromOf({ ip, headers }: Pick<OpenRequest, 'ip' | 'headers'>): From {
  return { address: ip, userAgent: headers['user-agent'] ?? null };
}

/** The answer that carries a new session's cookie. */
export function begun({ session, secret }: BegunSession, { mostS }: SessionLife): ApiReply {
  const cookie = setCookie(SESSION_COOKIE, secret, { maxAgeS: mostS, sameSite: 'Strict' });
  return new ApiReply(200, {}, sessionView(session), [cookie]);
}

async function end(
  { access, database, audit }: SessionParts,
  request: OpenRequest,
  which: (session: FoundSession) => string,
): Promise<undefined> {
  const session = await access.requireSession(request);
  const { personId } = session;
  const id = which(session);
  await database.transaction(async (sql) => {
    if (!(await deleteSession(sql, personId, id))) {
      fail('not_found', { message: 'you have no such session' });
    }
    await audit.signedOut(sql, { id, personId }, { address: request.ip });
    await announcePerson(sql, personId);
  });
}

async function endOthers(parts: SessionParts, request: OpenRequest): Promise<unknown> {
  const { id, personId } = await parts.access.requireSession(request);
  return await parts.database.transaction(async (sql) => {
    const ended = await deleteSessions(sql, personId, id);
    for (const sessionId of ended) {
      await parts.audit.signedOut(sql, { id: sessionId, personId }, { address: request.ip });
    }
    await announcePerson(sql, personId);
    return { ended: ended.length };
  });
}

async function ownView(
  { database, operatorAccountId }: SessionParts,
  session: FoundSession,
): Promise<z.input<typeof ownSchema>> {
  const { email, name, users } = session;
  const factor = await findSecondFactor(database, session.personId);
  const accounts = users.map((user) => ({
    account_id: user.accountId,
    user_id: user.id,
    role: user.role,
    permissions: permissionsOf(user, user.accountId === operatorAccountId),
  }));
  return { ...sessionView(session), email, name, second_factor: factor?.isConfirmed === true, accounts };
}
