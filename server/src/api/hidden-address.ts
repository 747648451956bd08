// Addresses of webhooks and function URLs open what they name to everybody who knows them. They are shown to
// those who may change triggers, and left out of what others read. Pure. Called by the endpoints of triggers
// and runs.
import type { Caller } from '../tokens/caller.ts';

const ADDRESS = /^\/(fn|hook)\/[0-9a-fA-F-]{36}(?=$|\/)/;

export function seesAddresses({ permissions }: Pick<Caller, 'permissions'>): boolean {
  return permissions.triggers.update;
}

/** `/fn/0190...` -> `/fn/…`; any other path as it is. */
export function withoutAddress(path: string): string {
  return path.replace(ADDRESS, (_, door: string) => `/${door}/…`);
}
