// Composes builds of packages: who asks for them, who makes them, who clears away after them.

import { API_BUILDS } from '../api/build-endpoints.ts';
import { activateBuilt } from '../builds/activate-built.ts';
import { buildSet } from '../builds/build-set.ts';
import { startBuildTidier } from '../builds/build-tidier.ts';
import { BuildWorker } from '../builds/build-worker.ts';
import { BUILD_CHANNEL, type Builder, openBuilder } from '../builds/builder.ts';
import { releaseFormerLives } from '../builds/package-set-store.ts';
import { settleBuilds, settleOne } from '../builds/settle-builds.ts';
import { systemClock } from '../clock/clock.ts';
import type { SandboxDriver } from '../sandbox/sandbox-driver.ts';
import type { BundleCache } from '../versions/bundle-cache.ts';
import type { Offer, Offered } from './area.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'database' | 'node' | 'hearing' | 'log' | 'monitoring'> & {
  buildFollowers: Offered['buildFollowers'];
  driver: SandboxDriver;
  bundles: BundleCache;
};

export type Builds = { builder: Builder; start(endings: Platform['endings']): Promise<void> };

export function offerBuilds({ deployment }: Pick<Platform, 'deployment'>): Offer {
  return { buildFollowers: { [API_BUILDS]: activateBuilt(deployment) } };
}

export function openBuilds(parts: Parts): Builds {
  const { config, database, node, hearing, log, driver, bundles } = parts;
  const { limits, buildScripts: scripts } = config;
  const platform = `${process.platform}-${process.arch}`;
  const followers = new Map(
    Object.entries(parts.buildFollowers).map(([purpose, one]) => [
      purpose,
      parts.monitoring?.builds(one) ?? one,
    ]),
  );
  const settling = { database, followers, log };
  const builder = openBuilder({
    ...{ database, bundles, platform, scripts, followers },
    freshS: limits.buildFreshS,
    buildsPerAccount: limits.buildsPerAccount,
    settle: (build) => settleOne(settling, build),
    clock: systemClock,
  });
  const building = { database, driver, bundles, limits, scripts, platform, log };
  const start: Builds['start'] = async (endings) => {
    if (!config.roles.includes('worker')) return;
    const place = node.id.slice(0, node.id.lastIndexOf('/') + 1);
    const left = await releaseFormerLives(database, { place, node: node.id });
    if (left > 0) log.warn({ sets: left }, 'builds of an earlier start begin again');
    const worker = new BuildWorker({
      ...{ database, platform, log },
      node: () => node.id,
      atOnce: limits.buildsAtOnce,
      build: (set, stopping) =>
        buildSet(
          { ...building, registry: config.npmRegistry, index: config.pypiIndex, clock: systemClock },
          set,
          stopping,
        ),
      settle: () => settleBuilds(settling),
    });
    endings.push(() => worker.stop());
    const wake = (): void => worker.wake();
    hearing.on(BUILD_CHANNEL, wake, wake);
    const tidier = startBuildTidier({ database, limits, log });
    endings.push(() => tidier.stop());
  };
  return { builder, start };
}
