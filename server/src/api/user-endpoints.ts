// The people of an account, /users: who has which role, their sessions, links for a new password. Nobody
// gives or takes what they don't have, and the last owner who can sign in stays one.
import { z } from 'zod';
import { addAuditEntry } from '../accounts/operator-audit-store.ts';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import type { PasswordChanges } from '../people/password-changes.ts';
import type { PeopleAudit } from '../people/people-audit.ts';
import { announcePerson, lockPeople } from '../people/person-store.ts';
import type { RoleHolder } from '../people/roles.ts';
import type { SecondFactors } from '../people/second-factors.ts';
import { deleteSessions, listSessions, type SessionLife } from '../people/session-store.ts';
import {
  type AccountUser,
  findAccountUser,
  hasOtherAccount,
  hasOtherOwner,
  listAccountUsers,
  lockRoles,
  setRole,
  takeRole,
} from '../people/user-role-store.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { whoOf } from './operator-audit.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { peoplePermit, requireGivable, role, seesInputs, shownLink } from './role-fields.ts';
import { sessionSchema, sessionView } from './session-view.ts';

export type UserParts = {
  database: Database;
  passwordChanges: PasswordChanges;
  secondFactors: Pick<SecondFactors, 'remove'>;
  audit: PeopleAudit;
  life: SessionLife;
  operatorAccountId: string;
};

const at = z.iso.datetime();

export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role,
  sees_inputs: seesInputs,
  can_sign_in: z.boolean().describe('false: tokens act for the user alone'),
  created_at: at,
  last_signed_in_at: at.nullable(),
});
z.globalRegistry.add(userSchema, { id: 'User' });
const userChange = z.strictObject({ role, sees_inputs: seesInputs }).partial();
export const isUserId = (text: string): boolean => /^[0-9A-Za-z]{1,64}$/.test(text);

export function userEndpoints(parts: UserParts): ApiEndpoint[] {
  const { database, life } = parts;
  return [
    {
      method: 'GET',
      path: '/users',
      summary: 'The people of the account',
      ...peoplePermit('read'),
      response: pageSchema(userSchema),
      isPaged: true,
      answer: async ({ world, query }) => {
        const { limit, after } = readPageQuery(query, isUserId);
        const users = await listAccountUsers(database, world.accountId, { after, limit: limit + 1 });
        return pageOf(users, limit, ({ id }) => id, userView);
      },
    },
    {
      method: 'GET',
      path: '/users/:id',
      summary: 'A user of the account',
      ...peoplePermit('read'),
      response: userSchema,
      answer: async (request) => userView(await requireUser(database, request)),
    },
    {
      method: 'PATCH',
      path: '/users/:id',
      summary: 'Changes what a user may do',
      ...peoplePermit('update'),
      body: userChange,
      response: userSchema,
      answer: (request) => change(parts, request),
    },
    {
      method: 'DELETE',
      path: '/users/:id',
      summary: 'Takes a person out of the account',
      ...peoplePermit('delete'),
      status: 204,
      response: z.undefined(),
      answer: (request) => remove(parts, request),
    },
    {
      method: 'GET',
      path: '/users/:id/sessions',
      summary: 'The sessions of a user',
      ...peoplePermit('update'),
      response: z.object({ data: z.array(sessionSchema) }),
      answer: async (request) => {
        const { personId } = await requireUser(database, request);
        if (personId !== null) await requireOwnPerson(database, parts, request);
        const sessions = personId === null ? [] : await listSessions(database, personId, life);
        return { data: sessions.map(sessionView) };
      },
    },
    {
      method: 'DELETE',
      path: '/users/:id/sessions',
      summary: 'Ends all sessions of a user',
      ...peoplePermit('update'),
      response: z.object({ ended: z.int() }),
      answer: (request) => endSessions(parts, request),
    },
    {
      method: 'POST',
      path: '/users/:id/password-link',
      summary: 'Makes a link by which a user sets a new password, once',
      ...peoplePermit('update'),
      response: z.object({ link: shownLink }),
      answer: (request) => makeLink(parts, request),
    },
    {
      method: 'DELETE',
      path: '/users/:id/second-factor',
      summary: 'Removes the second factor of a user who has lost it',
      ...peoplePermit('update'),
      status: 204,
      response: z.undefined(),
      answer: (request) => removeSecondFactor(parts, request),
    },
  ];
}

export async function requireUser(sql: Sql, { world, params }: ApiRequest): Promise<AccountUser> {
  const user = await findAccountUser(sql, world.accountId, params.id ?? '');
  return user ?? fail('not_found', { message: 'the account has no such user' });
}

async function change(parts: UserParts, request: ApiRequest): Promise<unknown> {
  const asked = readInput(userChange, request.body ?? {}, 'the request body');
  const { accountId } = request.world;
  return await parts.database.transaction(async (sql) => {
    await lockRoles(sql, accountId);
    const user = await requireUser(sql, request);
    const given = { role: asked.role ?? user.role, seesInputs: asked.sees_inputs ?? user.seesInputs };
    for (const one of [user, given]) requireGivable(parts, request, { given: one, accountId });
    if (given.role !== 'owner' && given.role !== 'operator') await requireOtherOwner(sql, accountId, user);
    await setRole(sql, accountId, user.id, given);
    if (user.personId !== null) await announcePerson(sql, user.personId);
    const words = ({ role, seesInputs: sees_inputs }: RoleHolder) => ({
      user_id: user.id,
      role,
      sees_inputs,
    });
    await addAuditEntry(sql, {
      ...whoOf(request),
      ...{ action: 'user.change', accountId, before: words(user), after: words(given) },
    });
    return userView({ ...user, ...given });
  });
}

export async function remove(parts: UserParts, request: ApiRequest): Promise<undefined> {
  const { accountId } = request.world;
  await parts.database.transaction(async (sql) => {
    await lockRoles(sql, accountId);
    const user = await requireUser(sql, request);
    const { id, personId, email, role } = user;
    if (personId === null) {
      return fail('conflict', { message: 'nobody signs in as this user: tokens act for it' });
    }
    requireGivable(parts, request, { given: user, accountId });
    await requireOtherOwner(sql, accountId, user);
    const before = { user_id: id, email, role };
    await addAuditEntry(sql, {
      ...whoOf(request),
      ...{ action: 'user.remove', accountId, before, after: null },
    });
    await takeRole(sql, accountId, { id, personId });
    await announcePerson(sql, personId);
  });
}

/** @throws Failure `conflict` for the last one */
async function requireOtherOwner(
  sql: Sql,
  accountId: string,
  { id, role, personId }: AccountUser,
): Promise<void> {
  const isOwner = (role === 'owner' || role === 'operator') && personId !== null;
  if (!isOwner || (await hasOtherOwner(sql, accountId, id))) return;
  fail('conflict', { message: 'this is the last owner of the account: make another one first' });
}

export async function endSessions(parts: UserParts, request: ApiRequest): Promise<unknown> {
  const { accountId } = request.world;
  return await parts.database.transaction(async (sql) => {
    const user = await requireUser(sql, request);
    requireGivable(parts, request, { given: user, accountId });
    if (user.personId === null) return { ended: 0 };
    const { personId } = await requireOwnPerson(sql, parts, request);
    const ended = await deleteSessions(sql, personId, null);
    await announcePerson(sql, personId);
    await addAuditEntry(sql, {
      ...whoOf(request),
      ...{ action: 'session.end', accountId, before: null },
      after: { user_id: user.id, sessions: ended.length },
    });
    return { ended: ended.length };
  });
}

/** Of what lets a person in everywhere. @throws Failure `conflict`, `insufficient_permissions` */
async function requireOwnPerson(
  sql: Sql,
  parts: UserParts,
  request: ApiRequest,
): Promise<{ id: string; personId: string }> {
  const { accountId } = request.world;
  const user = await requireUser(sql, request);
  const { id, personId } = user;
  if (personId === null) return fail('conflict', { message: 'nobody signs in as this user' });
  requireGivable(parts, request, { given: user, accountId });
  const isElsewhere = await hasOtherAccount(sql, accountId, personId);
  if (isElsewhere && !request.caller.permissions.operator.update) {
    fail('insufficient_permissions', {
      message: 'this person has a role in another account, too: only the operator may do this',
    });
  }
  return { id, personId };
}

export async function makeLink(parts: UserParts, request: ApiRequest): Promise<unknown> {
  const { database, passwordChanges } = parts;
  const { accountId } = request.world;
  const { id, personId } = await requireOwnPerson(database, parts, request);
  const link = await passwordChanges.linkFor(personId, (sql) => requireOwnPerson(sql, parts, request));
  const after = { user_id: id, mailed: link === null };
  await addAuditEntry(database, {
    ...whoOf(request),
    ...{ action: 'password.link', accountId, before: null, after },
  });
  return { link };
}

export async function removeSecondFactor(parts: UserParts, request: ApiRequest): Promise<undefined> {
  const { accountId } = request.world;
  await parts.database.transaction(async (sql) => {
    await lockPeople(sql);
    const { id, personId } = await requireOwnPerson(sql, parts, request);
    if (!(await parts.secondFactors.remove(sql, personId))) {
      fail('not_found', { message: 'the user has no second factor' });
    }
    const before = { user_id: id };
    await addAuditEntry(sql, {
      ...whoOf(request),
      ...{ action: 'second_factor.remove', accountId, before, after: null },
    });
  });
}

export function userView(user: AccountUser): z.input<typeof userSchema> {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    sees_inputs: user.seesInputs,
    can_sign_in: user.personId !== null,
    created_at: user.createdAt.toISOString(),
    last_signed_in_at: user.lastSignedInAt?.toISOString() ?? null,
  };
}
