// What the searches for languages on this machine share: folders that may not be there, versions in order,
// and whether only root and this user can have put a thing there. Called by find-*.ts.
import { readdirSync, realpathSync, statSync } from 'node:fs';

/** By number, part for part: `9.0.1` before `10.0.0`. */
export function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

/** @returns names of what is in it; none where it isn't there */
export function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @returns where its links lead; itself where nothing is there */
export function canonical(place: string): string {
  try {
    return realpathSync(place);
  } catch {
    return place;
  }
}

/** Whether it is there, and nobody but root and this user can have put it there. */
export function isOwned(place: string): boolean {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) return false;
  return (found.uid === 0 || found.uid === process.getuid?.()) && (found.mode & 0o022) === 0;
}
