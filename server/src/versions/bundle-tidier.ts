// Removes unpacked code that nothing needs any more from this node's disk, once a minute. A background service: one round at
// a time.
import type { Logger } from 'pino';
import type { BundleCache } from './bundle-cache.ts';

const EVERY_MS = 60_000;

export type BundleTidier = { stop(): Promise<unknown> };

export function startBundleTidier(parts: { bundles: Pick<BundleCache, 'tidy'>; log: Logger }): BundleTidier {
  let tidying: Promise<unknown> = Promise.resolve();
  const tidy = (): void => {
    tidying = tidying
      .then(() => parts.bundles.tidy())
      .catch((error: unknown) => parts.log.error({ err: error }, 'unpacked code could not be removed'));
  };
  const timer = setInterval(tidy, EVERY_MS);
  tidy();
  return {
    stop: () => {
      clearInterval(timer);
      return tidying;
    },
  };
}
