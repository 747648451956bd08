// Why the platform disables a function, in words for its owner. Pure.
import type { FaultyFunction } from './fault-store.ts';

export function disabledReason({ faultsInARow, how, loadError }: Omit<FaultyFunction, 'mode'>): string {
  if (loadError !== null) return `its code can not be loaded: ${loadError}`;
  if (faultsInARow === 1) return `a run ${how}`;
  return `${faultsInARow} runs in a row failed; the last one ${how === 'failed' ? 'threw' : how}`;
}
