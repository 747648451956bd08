// The `auth` resource: a token as the management API shows it, and what may be said about one in a body
// (docs/specs/comecero.md section 5). Pure.
import { z } from 'zod';
import { fail } from '../../errors/failure.ts';
import { objectRule } from '../../http/input-rule.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import { effectivePermissions, type PermissionEntry, permissionEntries } from '../../tokens/permissions.ts';
import type { StoredToken } from '../../tokens/token-store.ts';
import { COMMON_FIELDS, commonFields, resourceUrl } from './endpoint.ts';
import type { View } from './resource-view.ts';
import { shownPermissions } from './shown-permissions.ts';

/** @param token what stands in the `token` field: the clear one at birth, the masked one ever after */
export function authView(stored: StoredToken, token: string, publicUrl: string): View {
  return {
    auth_id: stored.id,
    type: stored.kind,
    token,
    comments: stored.comments,
    expires: stored.expiresAt,
    user_id: stored.userId,
    permissions: stored.permissions,
    effective_permissions: shownPermissions(effectivePermissions(stored.permissions)),
    date_created: stored.createdAt,
    date_modified: stored.modifiedAt,
    date_last_used: stored.lastUsedAt,
    ...commonFields(stored, resourceUrl(publicUrl, `/auths/${stored.id}`)),
  };
}

/** What a body said; undefined where it said nothing. */
export type AuthInput = {
  permissions: PermissionEntry[] | undefined;
  comments: string | null | undefined;
  expiresAt: Date | null | undefined;
};

const MAX_COMMENTS_LENGTH = 1000;

/** What is only shown of a token. */
const TOLD = [
  ...['auth_id', 'type', 'token', 'user_id', 'effective_permissions', 'date_created', 'date_modified'],
  ...['date_last_used', ...COMMON_FIELDS],
] as const;

const told = Object.fromEntries(TOLD.map((name) => [name, z.unknown().optional()])) as Record<
  (typeof TOLD)[number],
  z.ZodOptional<z.ZodUnknown>
>;

/**
 * Read-only fields are sent back by clients and ignored; `test` is compared with the address. Nothing else is
 * taken: a token that permits more than its maker meant must not come of a misspelt name.
 */
export const authBody = z.strictObject(
  {
    ...told,
    permissions: permissionEntries.optional(),
    comments: storableText(MAX_COMMENTS_LENGTH).nullish(),
    expires: z.string('must be a date such as 2030-12-31').nullish(),
  },
  objectRule('must be a JSON object'),
);

/** @throws Failure `invalid_input` naming the field and the rule */
export function readAuthInput(value: unknown): AuthInput {
  const input = readInput(authBody, value, 'the request body');
  return {
    permissions: input.permissions,
    comments: input.comments,
    expiresAt: input.expires === undefined ? undefined : readExpiry(input.expires),
  };
}

const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const INSTANT =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$/;

/** A day alone means that the token is good until that day ends, in UTC: the choice is ours. */
function readExpiry(text: string | null): Date | null {
  if (text === null || text === '') return null;
  const instant = DAY.test(text) ? `${text}T23:59:59.999Z` : text;
  const date = new Date(INSTANT.test(instant) ? instant : Number.NaN);
  // A day that doesn't exist, 30 February, would be read as one that does.
  const isReal = !Number.isNaN(date.getTime()) && (!DAY.test(text) || date.toISOString().startsWith(text));
  if (isReal) return date;
  return fail('invalid_input', {
    message: 'expires must be a date such as 2030-12-31, or a time such as 2030-12-31T12:00:00Z',
    field: 'expires',
  });
}
