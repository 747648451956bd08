// The people of any account, for the operator: /operator/accounts/{id}/users. What an account's owner can't
// do for a person who has a role elsewhere, too, is done here: a link for a new password, an end of their
// sessions, a lost second factor. Never shows whose account else it is. Called by roles/open-people.ts.
import { z } from 'zod';
import { listUsersOf } from '../people/person-store.ts';
import { permissionsOf, requireMayGive } from '../people/roles.ts';
import { findAccountUser, listAccountUsers } from '../people/user-role-store.ts';
import { EVERYTHING, effectivePermissions } from '../tokens/permissions.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { shownLink } from './role-fields.ts';
import {
  endSessions,
  isUserId,
  makeLink,
  remove,
  removeSecondFactor,
  requireUser,
  type UserParts,
  userSchema,
  userView,
} from './user-endpoints.ts';

const PATH = '/operator/accounts/:id/users';
const ONE = `${PATH}/:user`;

export function operatorUserEndpoints(parts: UserParts): ApiEndpoint[] {
  const { database } = parts;
  return [
    {
      method: 'GET',
      path: PATH,
      summary: 'The people of an account',
      ...operating('read'),
      response: pageSchema(userSchema),
      isPaged: true,
      answer: async ({ params, query }) => {
        const { limit, after } = readPageQuery(query, isUserId);
        const users = await listAccountUsers(database, params.id ?? '', { after, limit: limit + 1 });
        return pageOf(users, limit, ({ id }) => id, userView);
      },
    },
    {
      method: 'POST',
      path: `${ONE}/password-link`,
      summary: 'Makes a link by which a user of an account sets a new password, once',
      ...operating('update'),
      response: z.object({ link: shownLink }),
      answer: async (request) => makeLink(parts, await within(parts, request)),
    },
    {
      method: 'DELETE',
      path: `${ONE}/sessions`,
      summary: 'Ends all sessions of a user of an account',
      ...operating('update'),
      response: z.object({ ended: z.int() }),
      answer: async (request) => endSessions(parts, await within(parts, request)),
    },
    {
      method: 'DELETE',
      path: `${ONE}/second-factor`,
      summary: 'Removes the second factor of a user of an account',
      ...operating('update'),
      status: 204,
      response: z.undefined(),
      answer: async (request) => removeSecondFactor(parts, await within(parts, request)),
    },
    {
      method: 'DELETE',
      path: ONE,
      summary: 'Takes a person out of an account',
      ...operating('update'),
      status: 204,
      response: z.undefined(),
      answer: async (request) => remove(parts, await within(parts, request)),
    },
  ];
}

/**
 * The request as one of an owner there: who operates could as well make a token with every permission of that
 * account. Of a person with a role in the first account, too, only as far as the caller's own permissions go.
 */
async function within({ database, operatorAccountId }: UserParts, request: ApiRequest): Promise<ApiRequest> {
  const { params, caller } = request;
  const world = { accountId: params.id ?? '', mode: 'live' } as const;
  const there: ApiRequest = { ...request, world, params: { id: params.user ?? '' } };
  const { personId } = await requireUser(database, there);
  const users = personId === null ? [] : await listUsersOf(database, personId);
  const first = users.find(({ accountId }) => accountId === operatorAccountId);
  const held = first && (await findAccountUser(database, operatorAccountId, first.id));
  if (held) requireMayGive(caller.permissions, permissionsOf(held, true));
  const permissions = { ...effectivePermissions(EVERYTHING), operator: caller.permissions.operator };
  return { ...there, caller: { ...caller, permissions } };
}
