// A part that loads when it is first shown. A network that changes for a moment costs a second try, and not
// the page. Called by screens that have heavy parts.
import { type ComponentType, lazy } from 'react';

const TRIES = 4;
const PAUSE_MS = 300;

/** @param load resolves with the part itself */
export function loadLazily<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => ({ default: await tryTo(load, TRIES) }));
}

export async function tryTo<T>(load: () => Promise<T>, tries: number = TRIES): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (tries <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return await tryTo(load, tries - 1);
  }
}
