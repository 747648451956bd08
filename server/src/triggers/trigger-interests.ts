// Event triggers as interests: what a node keeps of them in memory to match events by.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { Interest } from './event-matcher.ts';
import { type InterestDirectory, openInterestDirectory } from './interest-directory.ts';
import { listEventTriggers } from './interest-store.ts';

/** `recipient` is its function. */
export type TriggerInterest = Interest & { delayMs: number };
export type TriggerDirectory = InterestDirectory<TriggerInterest>;

/** Worlds whose triggers are kept in memory. */
const CAPACITY = 2_000;

export function openTriggerDirectory(): TriggerDirectory {
  return openInterestDirectory({ load: loadInterests, capacity: CAPACITY });
}

async function loadInterests(sql: Sql, world: World): Promise<TriggerInterest[]> {
  const rows = await listEventTriggers(sql, world);
  return rows.map(({ id, functionId, delayMs, settings }) => ({
    id,
    recipient: functionId,
    delayMs,
    ...settings,
  }));
}
