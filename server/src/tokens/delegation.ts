// What one token may hand to another: never a permission that it doesn't have itself, never a life longer
// than its own. Pure. Called when a token is made or changed by the holder of another.
import { fail } from '../errors/failure.ts';
import {
  type EffectivePermissions,
  METHODS,
  type PermissionEntry,
  permissionBeyond,
  RESOURCES,
} from './permissions.ts';
import type { StoredToken } from './token-store.ts';

type Maker = Pick<StoredToken, 'permissions' | 'expiresAt'>;

/** @throws Failure `insufficient_permissions` naming the first permission that the maker lacks */
export function requireWithin(maker: Maker, wanted: readonly PermissionEntry[]): void {
  const beyond = permissionBeyond(maker.permissions, wanted);
  if (beyond === null) return;
  fail('insufficient_permissions', {
    message: `permissions: this token can't give the permission to ${beyond}, which it doesn't have itself`,
    field: 'permissions',
  });
}

/**
 * @param wanted undefined: nothing was said; null: never
 * @param field as the caller calls it
 * @returns the expiry of the new token
 * @throws Failure `invalid_input` when it lies in the past or after the maker's own
 */
export function delegatedExpiry(
  maker: Maker,
  wanted: Date | null | undefined,
  now: Date,
  field = 'expires',
): Date | null {
  if (wanted === undefined) return maker.expiresAt;
  if (wanted !== null && wanted <= now) {
    fail('invalid_input', { message: `${field} must lie in the future`, field });
  }
  if (maker.expiresAt !== null && (wanted === null || wanted > maker.expiresAt)) {
    const latest = maker.expiresAt.toISOString();
    fail('invalid_input', {
      message: `${field} must not be after ${latest}, when the token expires that makes this one`,
      field,
    });
  }
  return wanted;
}

/**
 * The entries of a caller who holds no token, such as a person who is signed in: of what is permitted now,
 * and of nothing to come.
 */
export function heldEntries(permissions: EffectivePermissions): PermissionEntry[] {
  return RESOURCES.map((resource) => ({
    ...{ resource, allow: true },
    methods: METHODS.filter((method) => permissions[resource][method]),
  })).filter(({ methods }) => methods.length > 0);
}
