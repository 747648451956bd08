// Forgets what uploads leave behind: endpoints that were retired so long ago that their logs are gone,
// versions that nobody goes back to (every upload makes one), and builds that are long over. Once an hour, on
// every node: what is gone is gone.
import type { Logger } from 'pino';
import { HOURLY_MS, type Rounds, startRounds } from '../../../clock/rounds.ts';
import type { Database } from '../../../postgres/database.ts';
import { dropUnusedBundle } from '../../../versions/bundle-store.ts';
import { deleteOldVersions, type VersionsKept } from '../../../versions/version-store.ts';
import { deleteOldBuilds } from './build-store.ts';
import { deleteRetiredEndpoints, listCrowdedEndpoints } from './endpoint-store.ts';

export type EndpointTidierParts = {
  database: Database;
  runRetentionDays: number;
  log: Logger;
};

const VERSIONS: VersionsKept = { newest: 20, youngerThanDays: 1 };

export function startEndpointTidier({ database, runRetentionDays, log }: EndpointTidierParts): Rounds {
  return startRounds({
    everyMs: HOURLY_MS,
    round: (stopping) => tidyEndpoints(database, runRetentionDays, stopping),
    onError: (error) => log.error({ err: error }, 'old endpoints and versions could not be deleted'),
  });
}

export async function tidyEndpoints(
  database: Database,
  retentionDays: number,
  stopping: AbortSignal,
): Promise<void> {
  await deleteRetiredEndpoints(database, retentionDays);
  await deleteOldBuilds(database, retentionDays);
  for (const at of await listCrowdedEndpoints(database, VERSIONS.newest)) {
    if (stopping.aborted) return;
    await database.transaction(async (sql) => {
      for (const hash of await deleteOldVersions(sql, at, VERSIONS)) await dropUnusedBundle(sql, hash);
    });
  }
}
