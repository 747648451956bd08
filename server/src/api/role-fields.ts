// A role in Millrace's own API: its fields, and whether the caller may give it or take it away. Called by the
// endpoints of users and of invitations.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { permissionsOf, ROLES, type RoleHolder, requireMayGive } from '../people/roles.ts';
import { EVERYTHING, effectivePermissions, type Method } from '../tokens/permissions.ts';
import type { ApiRequest } from './millrace-api.ts';

export const role = z.enum(ROLES, `must be one of ${ROLES.join(', ')}`);
export const seesInputs = z
  .boolean('must be true or false')
  .describe('of a viewer: whether inputs and results of runs, and events, are shown');
export const shownLink = z
  .string()
  .nullable()
  .describe('for the person; shown this once, and only where the installation sends no mail');

/** What every address of people needs: they belong to both modes. */
export const peoplePermit = (method: Method) =>
  ({ permit: { resource: 'users', method }, liveOnly: true, notesItself: true }) as const;

/** @throws Failure `insufficient_permissions`, `invalid_input` */
export function requireGivable(
  { operatorAccountId }: { operatorAccountId: string },
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
