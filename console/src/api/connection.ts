// Whether the server answers, as far as the last request could see. Set by steady-fetch.ts, shown by the
// shell.
import { useSyncExternalStore } from 'react';

let isThere = true;
const listeners = new Set<() => void>();

export function noteConnection(works: boolean): void {
  if (works === isThere) return;
  isThere = works;
  for (const listener of listeners) listener();
}

export function useConnection(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isThere,
  );
}
