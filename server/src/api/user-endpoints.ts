// The people of an account, /users and /invitations: who has which role, who is invited, their sessions, links for a new password. Nobody
// gives or takes what they don't have, and the last owner who can sign in stays one.
import { z } from 'zod';
import { findOperatedAccount } from '../accounts/operated-account-store.ts';
import { addAuditEntry } from '../accounts/operator-audit-store.ts';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import { emailField } from '../people/email.ts';
import type { Invitations } from '../people/invitations.ts';
import { findAccountInvitation, type Invitation, listInvitations } from '../people/link-store.ts';
import type { PasswordChanges } from '../people/password-changes.ts';
import type { PeopleAudit } from '../people/people-audit.ts';
import { announcePerson } from '../people/person-store.ts';
import { permissionsOf, ROLES, type RoleHolder, requireMayGive } from '../people/roles.ts';
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
import { EVERYTHING, effectivePermissions, type Method } from '../tokens/permissions.ts';
import { noSuchAccount } from './account-limit-fields.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { whoOf } from './operator-audit.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { sessionSchema, sessionView } from './session-view.ts';
import { personName } from './set-up-endpoints.ts';

export type UserParts = {
  database: Database;
  invitations: Invitations;
  passwordChanges: PasswordChanges;
  audit: PeopleAudit;
  life: SessionLife;
  operatorAccountId: string;
};

const at = z.iso.datetime();
const role = z.enum(ROLES, `must be one of ${ROLES.join(', ')}`);
const seesInputs = z
  .boolean('must be true or false')
  .describe('of a viewer: whether inputs and results of runs, and events, are shown');

const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role,
  sees_inputs: seesInputs,
  can_sign_in: z.boolean().describe('false: tokens act for the user alone'),
  created_at: at,
  last_signed_in_at: at.nullable(),
});
const userChange = z.strictObject({ role, sees_inputs: seesInputs }).partial();
const newInvitation = z.strictObject({
  email: emailField,
  name: personName.optional(),
  role,
  sees_inputs: seesInputs.optional(),
});
const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role,
  sees_inputs: seesInputs,
  mailed: z.boolean(),
  created_at: at,
  expires_at: at,
});
const link = z
  .string()
  .nullable()
  .describe('for the person; shown this once, and only where the installation sends no mail');
const madeInvitation = invitationSchema.extend({ link });

/** People belong to both modes. */
const permit = (method: Method) => ({ permit: { resource: 'users', method }, liveOnly: true }) as const;
const isId = (text: string): boolean => /^[0-9A-Za-z]{1,64}$/.test(text);

export function userEndpoints(parts: UserParts): ApiEndpoint[] {
  return [...ofUsers(parts), ...ofInvitations(parts)];
}

function ofUsers(parts: UserParts): ApiEndpoint[] {
  const { database, life } = parts;
  return [
    {
      method: 'GET',
      path: '/users',
      summary: 'The people of the account',
      ...permit('read'),
      response: pageSchema(userSchema),
      isPaged: true,
      answer: async ({ world, query }) => {
        const { limit, after } = readPageQuery(query, isId);
        const users = await listAccountUsers(database, world.accountId, { after, limit: limit + 1 });
        return pageOf(users, limit, ({ id }) => id, userView);
      },
    },
    {
      method: 'GET',
      path: '/users/:id',
      summary: 'A user of the account',
      ...permit('read'),
      response: userSchema,
      answer: async (request) => userView(await requireUser(database, request)),
    },
    {
      method: 'PATCH',
      path: '/users/:id',
      summary: 'Changes what a user may do',
      ...permit('update'),
      body: userChange,
      response: userSchema,
      answer: (request) => change(parts, request),
    },
    {
      method: 'DELETE',
      path: '/users/:id',
      summary: 'Takes a person out of the account',
      ...permit('delete'),
      status: 204,
      response: z.undefined(),
      answer: (request) => remove(parts, request),
    },
    {
      method: 'GET',
      path: '/users/:id/sessions',
      summary: 'The sessions of a user',
      ...permit('update'),
      response: z.object({ data: z.array(sessionSchema) }),
      answer: async (request) => {
        const { personId } = await requireUser(database, request);
        const sessions = personId === null ? [] : await listSessions(database, personId, life);
        return { data: sessions.map(sessionView) };
      },
    },
    {
      method: 'DELETE',
      path: '/users/:id/sessions',
      summary: 'Ends all sessions of a user',
      ...permit('update'),
      response: z.object({ ended: z.int() }),
      answer: (request) => endSessions(parts, request),
    },
    {
      method: 'POST',
      path: '/users/:id/password-link',
      summary: 'Makes a link by which a user sets a new password, once',
      ...permit('update'),
      response: z.object({ link }),
      answer: (request) => makeLink(parts, request),
    },
  ];
}

function ofInvitations(parts: UserParts): ApiEndpoint[] {
  const { database, invitations } = parts;
  return [
    {
      method: 'POST',
      path: '/invitations',
      summary: 'Invites a person to the account; the same address again replaces the invitation before',
      ...permit('create'),
      body: newInvitation,
      status: 201,
      response: madeInvitation,
      answer: (request) => invite(parts, request, request.world.accountId),
    },
    {
      method: 'POST',
      path: '/operator/accounts/:id/invitations',
      summary: 'Invites a person to an account',
      ...operating('create'),
      body: newInvitation,
      // It is looked at by the account alone, so without Location.
      response: madeInvitation,
      answer: async (request) => {
        const account = (await findOperatedAccount(database, request.params.id ?? '')) ?? noSuchAccount();
        return await invite(parts, request, account.id);
      },
    },
    {
      method: 'GET',
      path: '/invitations',
      summary: 'Who is invited',
      ...permit('read'),
      response: pageSchema(invitationSchema),
      isPaged: true,
      answer: async ({ world, query }) => {
        const { limit, after } = readPageQuery(query, isId);
        const found = await listInvitations(database, world.accountId, { after, limit: limit + 1 });
        return pageOf(found, limit, ({ id }) => id, invitationView);
      },
    },
    {
      method: 'GET',
      path: '/invitations/:id',
      summary: 'An invitation',
      ...permit('read'),
      response: invitationSchema,
      answer: async ({ world, params }) =>
        invitationView(
          (await findAccountInvitation(database, world.accountId, params.id ?? '')) ?? noInvitation(),
        ),
    },
    {
      method: 'DELETE',
      path: '/invitations/:id',
      summary: 'Takes an invitation back',
      ...permit('delete'),
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        const { world, params } = request;
        const isGone = await invitations.takeBack(world.accountId, params.id ?? '', whoOf(request));
        if (!isGone) noInvitation();
      },
    },
  ];
}

function noInvitation(): never {
  return fail('not_found', { message: 'there is no such invitation' });
}

async function requireUser(sql: Sql, { world, params }: ApiRequest): Promise<AccountUser> {
  const user = await findAccountUser(sql, world.accountId, params.id ?? '');
  return user ?? fail('not_found', { message: 'the account has no such user' });
}

/** @throws Failure `insufficient_permissions`, `invalid_input` */
function requireGivable(
  { operatorAccountId }: UserParts,
  { caller, world }: ApiRequest,
  { given, accountId }: { given: RoleHolder; accountId: string },
): void {
  const isOperators = accountId === operatorAccountId;
  if (given.role === 'operator' && !isOperators) {
    fail('invalid_input', { message: 'role: only users of the first account operate', field: 'role' });
  }
  // Who operates the installation could as well make a token with every permission of the account.
  const isElsewhere = accountId !== world.accountId;
  const giver = isElsewhere ? effectivePermissions(EVERYTHING) : caller.permissions;
  requireMayGive(giver, permissionsOf(given, isOperators));
}

async function invite(parts: UserParts, request: ApiRequest, accountId: string): Promise<unknown> {
  const asked = readInput(newInvitation, request.body ?? {}, 'the request body');
  const given = { role: asked.role, seesInputs: asked.sees_inputs ?? false };
  requireGivable(parts, request, { given, accountId });
  const invited = { ...given, accountId, email: asked.email, name: asked.name ?? asked.email };
  const { invitation, link } = await parts.invitations.invite(invited, whoOf(request));
  return { ...invitationView(invitation), link };
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

async function remove(parts: UserParts, request: ApiRequest): Promise<undefined> {
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

async function endSessions(parts: UserParts, request: ApiRequest): Promise<unknown> {
  const { accountId } = request.world;
  return await parts.database.transaction(async (sql) => {
    const user = await requireUser(sql, request);
    requireGivable(parts, request, { given: user, accountId });
    if (user.personId === null) return { ended: 0 };
    const { personId } = user;
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

async function makeLink(parts: UserParts, request: ApiRequest): Promise<unknown> {
  const { database, passwordChanges } = parts;
  const { accountId } = request.world;
  const user = await requireUser(database, request);
  const { id, personId } = user;
  if (personId === null) return fail('conflict', { message: 'nobody signs in as this user' });
  requireGivable(parts, request, { given: user, accountId });
  const isElsewhere = await hasOtherAccount(database, accountId, personId);
  // The link would open the person's other accounts as well.
  if (isElsewhere && !request.caller.permissions.operator.update) {
    fail('insufficient_permissions', {
      message: 'this person has a role in another account, too: only the operator may make the link',
    });
  }
  const link = await passwordChanges.linkFor(personId);
  const after = { user_id: id, mailed: link === null };
  await addAuditEntry(database, {
    ...whoOf(request),
    ...{ action: 'password.link', accountId, before: null, after },
  });
  return { link };
}

function userView(user: AccountUser): z.input<typeof userSchema> {
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

function invitationView(invitation: Invitation): z.input<typeof invitationSchema> {
  return {
    id: invitation.id,
    email: invitation.email,
    name: invitation.name,
    role: invitation.role,
    sees_inputs: invitation.seesInputs,
    mailed: invitation.mailed,
    created_at: invitation.createdAt.toISOString(),
    expires_at: invitation.expiresAt.toISOString(),
  };
}
