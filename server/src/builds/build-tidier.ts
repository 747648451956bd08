// Removes what builds leave and nobody needs any more: settled builds, their logs, layers that no version
// has. A background service.
import type { Logger } from 'pino';
import { type Rounds, startRounds } from '../clock/rounds.ts';
import type { Database } from '../postgres/database.ts';
import { deleteOldBuilds } from './build-store.ts';
import { dropUnusedLayer } from './layer-store.ts';
import { deleteOldSets } from './package-set-store.ts';

const EVERY_MS = 10 * 60_000;

export type BuildTidierParts = {
  database: Database;
  limits: { runRetentionDays: number; layerUnusedDays: number };
  log: Logger;
};

/** One round. */
async function tidyBuilds({ database, limits }: Omit<BuildTidierParts, 'log'>): Promise<void> {
  await deleteOldBuilds(database, limits.runRetentionDays);
  await deleteOldSets(database);
  for (let dropped = true; dropped; ) {
    dropped = await database.transaction((sql) => dropUnusedLayer(sql, limits.layerUnusedDays));
  }
}

export function startBuildTidier(parts: BuildTidierParts): Rounds {
  return startRounds({
    everyMs: EVERY_MS,
    round: () => tidyBuilds(parts),
    onError: (error) => parts.log.error({ err: error }, 'files of earlier builds could not be removed'),
  });
}
