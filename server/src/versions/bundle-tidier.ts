// Removes unpacked code that nothing needs any more from this node's disk, once a minute. A background
// service.
import type { Logger } from 'pino';
import { type Rounds, startRounds } from '../clock/rounds.ts';
import type { BundleCache } from './bundle-cache.ts';

const EVERY_MS = 60_000;

export function startBundleTidier(parts: { bundles: Pick<BundleCache, 'tidy'>; log: Logger }): Rounds {
  return startRounds({
    everyMs: EVERY_MS,
    round: () => parts.bundles.tidy(),
    onError: (error) => parts.log.error({ err: error }, 'unpacked code could not be removed'),
  });
}
