// What people may do: a role stands for entries of the permission table that tokens have, so that one
// mechanism decides for both. Pure. Called where a session becomes a caller, and where a role is given.
import { fail } from '../errors/failure.ts';
import {
  type EffectivePermissions,
  EVERYTHING,
  effectivePermissions,
  METHODS,
  type PermissionEntry,
  RESOURCES,
  type Resource,
  withoutOperating,
} from '../tokens/permissions.ts';

export const ROLES = ['operator', 'owner', 'developer', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export type RoleHolder = {
  role: Role;
  /** Of a viewer: whether they see inputs and results of runs. */
  seesInputs: boolean;
};

const refuse = (resource: Resource, methods: string[] = ['*']): PermissionEntry => ({
  resource,
  methods,
  allow: false,
});

const WRITES = ['create', 'update', 'delete'];

/** Code, triggers, runs and all that they need; not the account itself, its people and its tokens. */
const DEVELOPER: readonly PermissionEntry[] = [
  ...EVERYTHING,
  refuse('operator'),
  refuse('auths'),
  refuse('users', WRITES),
  refuse('accounts', WRITES),
];

/** Nothing that is a secret, or could be. */
const VIEWER: readonly PermissionEntry[] = [
  { resource: '*', methods: ['read'], allow: true },
  refuse('operator'),
  refuse('auths'),
  refuse('function_values'),
  refuse('key_values'),
  refuse('settings'),
];

/** Where inputs stand: of runs, in events, and in what is made of events. */
const CONTENTS: readonly Resource[] = [
  ...(['run_contents', 'events', 'event_test_templates'] as const),
  ...(['flows', 'email_templates', 'queries'] as const),
];

export function entriesOf({ role, seesInputs }: RoleHolder): readonly PermissionEntry[] {
  if (role === 'operator') return EVERYTHING;
  if (role === 'owner') return [...EVERYTHING, refuse('operator')];
  if (role === 'developer') return DEVELOPER;
  return seesInputs ? VIEWER : [...VIEWER, ...CONTENTS.map((resource) => refuse(resource))];
}

/** The role `operator` counts in the operator's own account alone. */
export function permissionsOf(holder: RoleHolder, isOperatorsAccount: boolean): EffectivePermissions {
  const permissions = effectivePermissions(entriesOf(holder));
  return isOperatorsAccount ? permissions : withoutOperating(permissions);
}

/**
 * Nobody gives what they don't have.
 * @throws Failure `insufficient_permissions` naming the first permission that the giver lacks
 */
export function requireMayGive(giver: EffectivePermissions, given: EffectivePermissions): void {
  for (const resource of RESOURCES) {
    for (const method of METHODS) {
      if (!given[resource][method] || giver[resource][method]) continue;
      fail('insufficient_permissions', {
        message: `role: it permits to ${method} ${resource}, which you may not do yourself`,
        field: 'role',
      });
    }
  }
}
