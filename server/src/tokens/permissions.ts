// The permission algebra of tokens, pure. A token holds entries `{resource, methods, allow}`, where resource
// and method may be the wildcard `*`. Nothing is permitted unless an entry allows it; an entry that denies
// wins over every entry that allows.
import { z } from 'zod';

export type Method = 'read' | 'create' | 'update' | 'delete';
export const METHODS: readonly Method[] = ['read', 'create', 'update', 'delete'];

export type PermissionEntry = { resource: string; methods: string[]; allow: boolean };

/** Every resource that a permission can name, in the order in which the console shows them. */
export const RESOURCES = [
  'accounts',
  'assistants',
  'auths',
  'email_templates',
  'event_subscriptions',
  'event_test_templates',
  'events',
  'flows',
  'function_runs',
  'function_values',
  'hosted_function_executions',
  'hosted_functions',
  'key_values',
  'operator',
  'payment_profiles',
  'queries',
  'run_contents',
  'settings',
  'smtp_profiles',
  'triggers',
  'users',
] as const;
export type Resource = (typeof RESOURCES)[number];

/**
 * What is a part of something else: an entry for the whole holds for the part, too; one that denies the part
 * wins.
 */
const PART_OF: Readonly<Record<string, Resource>> = { run_contents: 'function_runs' };

/** What is permitted in the end: resource -> method -> yes or no. */
export type EffectivePermissions = Record<Resource, Record<Method, boolean>>;

/** The entries of a token that may do everything. */
export const EVERYTHING: readonly PermissionEntry[] = [{ resource: '*', methods: ['*'], allow: true }];

/** The entries of a token that makes and closes accounts, and does nothing else. */
export const OPERATING: readonly PermissionEntry[] = [{ resource: 'operator', methods: ['*'], allow: true }];

const MAX_ENTRIES = 200;

/** Entries from outside. `allow` is true where it is absent. */
export const permissionEntries: z.ZodType<PermissionEntry[]> = z
  .array(
    z.strictObject({
      resource: z.enum(['*', ...RESOURCES], {
        error: `must name a resource: * or one of ${RESOURCES.join(', ')}`,
      }),
      methods: z
        .array(z.enum(['*', ...METHODS], { error: `must name a method: * or one of ${METHODS.join(', ')}` }))
        .min(1, 'must name at least one method')
        .max(METHODS.length + 1, 'must name each method once'),
      allow: z.boolean('must be true or false').default(true),
    }),
    'must be a list of {resource, methods, allow}',
  )
  .min(1, 'must hold at least one permission')
  .max(MAX_ENTRIES, `must hold at most ${MAX_ENTRIES} permissions`);

/** Works out what a token's entries permit. */
export function effectivePermissions(entries: readonly PermissionEntry[]): EffectivePermissions {
  return Object.fromEntries(
    RESOURCES.map((resource) => [
      resource,
      Object.fromEntries(METHODS.map((method) => [method, permits(entries, resource, method)])),
    ]),
  ) as EffectivePermissions;
}

/** Of a token of any account but the operator's: nothing that it holds reaches other accounts. */
export function withoutOperating(permissions: EffectivePermissions): EffectivePermissions {
  return { ...permissions, operator: { read: false, create: false, update: false, delete: false } };
}

function permits(entries: readonly PermissionEntry[], resource: string, method: Method): boolean {
  const about = entries.filter(
    (entry) =>
      ['*', resource, PART_OF[resource]].includes(entry.resource) &&
      (entry.methods.includes('*') || entry.methods.includes(method)),
  );
  return about.some((entry) => entry.allow) && about.every((entry) => entry.allow);
}

/** Stands for every resource that a later version may add: only a wildcard reaches it. */
const RESOURCE_TO_COME = '(to come)';

/** What `wanted` permits and `held` doesn't, e.g. `create hosted_functions`; null where it stays within. */
export function permissionBeyond(
  held: readonly PermissionEntry[],
  wanted: readonly PermissionEntry[],
): string | null {
  for (const resource of [...RESOURCES, RESOURCE_TO_COME]) {
    for (const method of METHODS) {
      if (permits(wanted, resource, method) && !permits(held, resource, method)) {
        return resource === RESOURCE_TO_COME ? `${method} *` : `${method} ${resource}`;
      }
    }
  }
  return null;
}
