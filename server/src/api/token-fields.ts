// What the API takes and shows of tokens: the fields of a new one, its expiry, and the view without anything
// by which it could be found out. Pure. Called by the endpoints of an account's own tokens, and by the
// operator's for any account.
import { z } from 'zod';
import { MODES } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import { storableText } from '../http/read-input.ts';
import type { IssuedToken } from '../tokens/issue-token.ts';
import { permissionEntries } from '../tokens/permissions.ts';
import type { StoredToken } from '../tokens/token-store.ts';

const fields = {
  name: storableText(200).nullable().optional(),
  permissions: permissionEntries,
  expires_at: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2027-11-17T08:00:00Z' })
    .nullable()
    .optional(),
};

export const newTokenFields = z.strictObject({
  ...fields,
  mode: z.enum(MODES, 'must be live or test').optional().describe('live where it is left out'),
  test_twin: z
    .boolean('must be true or false')
    .optional()
    .describe('with a live token: also one with the same permissions for test, which ends with it'),
});

export const changedTokenFields = z.strictObject(fields).partial();

const at = z.iso.datetime();
export const tokenSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  name: z.string().nullable(),
  mode: z.enum(MODES),
  masked: z.string(),
  permissions: permissionEntries,
  expires_at: at.nullable(),
  twin_of: z.string().nullable().describe('the live token whose test twin it is'),
  created_at: at,
  last_used_at: at.nullable(),
});
z.globalRegistry.add(tokenSchema, { id: 'Token' });
const clear = { token: z.string().describe('shown this once') };
export const madeTokenSchema = tokenSchema.extend({
  ...clear,
  test_twin: tokenSchema.extend(clear).nullable(),
});

/** @throws Failure `invalid_input` */
export function expiryOf(wanted: string | null, nowMs: number): Date | null {
  if (wanted === null) return null;
  const expiresAt = new Date(wanted);
  if (expiresAt.getTime() > nowMs) return expiresAt;
  return fail('invalid_input', { message: 'expires_at: must lie in the future', field: 'expires_at' });
}

/** @throws Failure `invalid_input` */
export function requireLiveForTwin(wantsTwin: boolean, mode: string): void {
  if (!wantsTwin || mode === 'live') return;
  fail('invalid_input', { message: 'test_twin: only a live token has a test twin', field: 'test_twin' });
}

export function tokenView(stored: StoredToken): z.input<typeof tokenSchema> {
  return {
    id: stored.id,
    account_id: stored.accountId,
    name: stored.comments,
    mode: stored.mode,
    masked: stored.masked,
    permissions: stored.permissions,
    expires_at: stored.expiresAt?.toISOString() ?? null,
    twin_of: stored.twinOf,
    created_at: stored.createdAt.toISOString(),
    last_used_at: stored.lastUsedAt?.toISOString() ?? null,
  };
}

/** With the token itself, this one time. */
export function madeTokenView(issued: IssuedToken, twin: IssuedToken | null): Record<string, unknown> {
  const shown = ({ stored, clear: token }: IssuedToken) => ({ ...tokenView(stored), token });
  return { ...shown(issued), test_twin: twin === null ? null : shown(twin) };
}

/** Nothing by which the token could be found out. */
export function auditedToken(stored: StoredToken): Record<string, unknown> {
  const { id, name, mode, permissions, expires_at } = tokenView(stored);
  return { id, name, mode, permissions, expires_at };
}
