// Whether a folder's packages are those that its package.json asks for. Pure.
import { createHash } from 'node:crypto';
import type { FolderPackages } from '../catalog/folder-store.ts';
import { readUsersJson } from '../catalog/users-json.ts';

/** The same for the same packages, whatever their order. */
export function dependenciesHash(dependencies: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

/** Until then the code runs with what it had: the preloaded packages, or those of the last deploy. */
export function needsDeploy(packageJson: Buffer | undefined, packages: FolderPackages): boolean {
  const asked = packageJson === undefined ? {} : declaredPackages(packageJson);
  if (packages.kind === 'preloaded') return Object.keys(asked).length > 0;
  return packages.builtFor !== null && packages.builtFor !== dependenciesHash(asked);
}

/** What can't be read asks for nothing: a deploy would be refused. */
function declaredPackages(packageJson: Buffer): Record<string, unknown> {
  try {
    const { dependencies } = readUsersJson(packageJson) as { dependencies?: unknown };
    return typeof dependencies === 'object' && dependencies !== null ? { ...dependencies } : {};
  } catch {
    return {};
  }
}
