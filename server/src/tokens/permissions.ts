// The permission algebra of tokens, pure. A token holds entries `{resource, methods, allow}`, where resource and method
// may be the wildcard `*`. Nothing is permitted unless an entry allows it; an entry that denies wins over every entry
// that allows (specs/comecero.md section 5).

export type Method = 'read' | 'create' | 'update' | 'delete';
export const METHODS: readonly Method[] = ['read', 'create', 'update', 'delete'];

export type PermissionEntry = { resource: string; methods: string[]; allow: boolean };

/** Every resource that a permission can name, in the order in which the console shows them. */
export const RESOURCES = [
  'accounts',
  'auths',
  'function_runs',
  'hosted_function_executions',
  'hosted_functions',
  'users',
] as const;
export type Resource = (typeof RESOURCES)[number];

/** What is permitted in the end: resource -> method -> yes or no. */
export type EffectivePermissions = Record<Resource, Record<Method, boolean>>;

/** Works out what a token's entries permit. */
export function effectivePermissions(entries: readonly PermissionEntry[]): EffectivePermissions {
  const permitted = (resource: Resource, method: Method): boolean => {
    const about = entries.filter(
      (entry) =>
        (entry.resource === '*' || entry.resource === resource) &&
        (entry.methods.includes('*') || entry.methods.includes(method)),
    );
    return about.some((entry) => entry.allow) && about.every((entry) => entry.allow);
  };
  return Object.fromEntries(
    RESOURCES.map((resource) => [
      resource,
      Object.fromEntries(METHODS.map((method) => [method, permitted(resource, method)])),
    ]),
  ) as EffectivePermissions;
}
