// What is typed, kept on this device until it is deployed or thrown away. A draft knows the version that it
// was made of. Called by the editor.
import type { Files } from '../function-requests.ts';

/** Version and tag are those of the code that it was made of. */
export type Draft = { version: number; tag: string | null; files: Files; at: string };

const MOST_BYTES = 1_000_000;

function keyOf(account: string, mode: string, id: string): string {
  return `millrace.draft.${account}.${mode}.${id}`;
}

export function loadDraft(account: string, mode: string, id: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(account, mode, id)) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

/** @returns whether it is kept: a device has room for so much only */
export function keepDraft(account: string, mode: string, id: string, draft: Draft): boolean {
  const text = JSON.stringify(draft);
  if (text.length > MOST_BYTES) return false;
  try {
    localStorage.setItem(keyOf(account, mode, id), text);
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(account: string, mode: string, id: string): void {
  localStorage.removeItem(keyOf(account, mode, id));
}
