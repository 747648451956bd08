// Holds supervisor and server while they run: ends both when one ends for good or the request to end comes,
// the server first. Called by the launchers.
import { once } from 'node:events';
import { StartError } from '../process/start-error.ts';
import type { Kept } from './keep-running.ts';

/** @param supervisor null: there are no jails. @throws StartError when one of them could not be started */
export async function runTogether(
  server: Kept,
  supervisor: Kept | null,
  stopping: AbortController,
): Promise<void> {
  // Whichever ends first for good takes the other along: it has said why.
  await Promise.race([server.ended, supervisor?.ended ?? server.ended, aborted(stopping.signal)]);
  stopping.abort();
  await server.stop();
  await supervisor?.stop();
}

/** @throws StartError */
export function refuseFailed(server: Kept, supervisor: Kept | null): void {
  if (server.failed || supervisor?.failed) {
    throw new StartError('it could not be started; the reason is above');
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
