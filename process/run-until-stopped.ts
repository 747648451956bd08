// Runs something long-lived until the request to end comes (SIGTERM, SIGINT or SIGHUP), or until it can't go
// on. A request during the start is heard too, and carried out once there is something to end in order.

import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

export type Running = {
  close(): Promise<void>;
  /** Resolves with the reason when it can't go on. */
  broken?: Promise<string>;
};

/** How long the end of what can't go on may take: what it still wants to write has no place left to go. ms */
const BROKEN_GRACE_MS = 3_000;

/** It had started and could not go on. */
export class Died extends Error {}

/**
 * @param start is called with a request to end that comes while it waits for others
 * @throws Died
 */
export async function runUntilStopped(start: (stopping: AbortSignal) => Promise<Running>): Promise<void> {
  const stopping = new AbortController();
  const stopped = once(stopping.signal, 'abort').then(() => null);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const running = await start(stopping.signal);
  const reason = await Promise.race([stopped, running.broken ?? stopped]);
  if (reason === null) return await running.close();
  await Promise.race([running.close(), setTimeout(BROKEN_GRACE_MS)]);
  throw new Died(reason);
}
