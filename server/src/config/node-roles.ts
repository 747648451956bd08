// What a node of an installation does: MILLRACE_ROLES. Pure.

const NODE_ROLES = ['gateway', 'worker', 'scheduler'] as const;
/** `gateway`: answers at its port. `worker`: executes queued runs. `scheduler`: ticks. */
export type NodeRole = (typeof NODE_ROLES)[number];

/** @param names none: all roles */
export function parseRoles(names: readonly string[], problems: string[]): NodeRole[] {
  if (names.length === 0) return [...NODE_ROLES];
  const unknown = names.filter((name) => !NODE_ROLES.includes(name as NodeRole));
  for (const name of unknown) {
    problems.push(`MILLRACE_ROLES may name ${NODE_ROLES.join(', ')}, not ${JSON.stringify(name)}`);
  }
  return NODE_ROLES.filter((role) => names.includes(role));
}
