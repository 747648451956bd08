// Who makes a request, as far as the platform cares: the world that the token opens and what it permits
// there.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { EffectivePermissions, Method, Resource } from './permissions.ts';

export const TOKEN_KINDS = ['secret', 'limited', 'trusted'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

export type Caller = World & {
  /** Of a session: its own id. */
  tokenId: string;
  kind: TokenKind | 'session';
  /** The user on whose behalf the token acts, or who is signed in; null for limited tokens. */
  userId: string | null;
  permissions: EffectivePermissions;
};

/** What a request needs to be permitted to do. */
export type Permit = { resource: Resource; method: Method };

/** @throws Failure `insufficient_permissions` naming what the token lacks */
export function requirePermission(caller: Caller, permit: Permit): void {
  if (caller.permissions[permit.resource][permit.method]) return;
  fail('insufficient_permissions', {
    message: `${caller.kind === 'session' ? 'your role' : 'this token'} has no permission to ${permit.method} ${permit.resource}`,
  });
}

/**
 * Of what holds in both modes, or for other accounts. @throws Failure `insufficient_permissions` for a test
 * token
 */
export function requireLive({ mode }: Pick<Caller, 'mode'>): void {
  if (mode === 'live') return;
  fail('insufficient_permissions', {
    message: 'this holds for live, too, or for other accounts: a test token can not change it',
  });
}
