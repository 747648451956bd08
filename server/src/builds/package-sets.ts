// Packages that no single function asks for: those that a dialect gives to all, or that a folder of functions
// shares. As builder.ts, but no one is notified when they are made: the caller looks again.

import type { Clock } from '../clock/clock.ts';
import { newRunId } from '../ids/ids.ts';
import type { Database } from '../postgres/database.ts';
import type { Layer } from '../versions/deployment.ts';
import type { BuildError, BuildStatus, PackageRequest } from './build.ts';
import { BUILD_CHANNEL, requestHash } from './builder.ts';
import { findReadyLayer, takeSet } from './package-set-store.ts';

export type PackageSetState =
  | { status: 'building' }
  | { status: 'ready'; layer: Layer }
  | { status: 'failed'; error: BuildError };

export type PackageSets = {
  /** Asks for packages. @returns the id of the set that will serve the request */
  ask(wanted: PackageRequest): Promise<string>;
  /** `failed` for a set that is gone, too. */
  stateOf(setId: string): Promise<PackageSetState>;
  /** What its build has printed so far. */
  logOf(setId: string): Promise<string>;
  /** The newest layer for a request, of whatever age; null where there is none. */
  readyLayer(wanted: PackageRequest): Promise<Layer | null>;
};

type Parts = {
  database: Database;
  /** <os>-<cpu> of this node. */
  platform: string;
  /** Names of the packages whose install scripts are run. */
  scripts: readonly string[];
  freshS: number;
  clock: Clock;
};

const MOST_LINES = 20_000;

export function openPackageSets(parts: Parts): PackageSets {
  const { database, platform, freshS, clock } = parts;
  return {
    ask: (wanted) =>
      database.transaction(async (sql) => {
        const id = newRunId(clock());
        const setId = await takeSet(
          sql,
          { ...wanted, id, platform, requestHash: requestHash(wanted, parts) },
          freshS,
        );
        await sql.query('select pg_notify($1, $2)', [BUILD_CHANNEL, '']);
        return setId;
      }),
    async stateOf(setId) {
      const [row] = await database.query<{
        status: BuildStatus;
        resolved: Record<string, string>;
        hash: string | null;
        error: BuildError | null;
      }>(
        `select s.status, s.resolved, l.hash, s.error from package_sets s left join layers l on l.key = s.layer_key
         where s.id = $1`,
        [setId],
      );
      if (row?.status === 'building') return { status: 'building' };
      if (row?.status === 'ready' && row.hash !== null) {
        return { status: 'ready', layer: { hash: row.hash, dependencies: row.resolved } };
      }
      const gone = { step: 'platform', message: 'the packages were removed meanwhile: build again' } as const;
      return { status: 'failed', error: row?.error ?? gone };
    },
    async logOf(setId) {
      const rows = await database.query<{ text: string }>(
        'select text from build_log_lines where set_id = $1 order by number limit $2',
        [setId, MOST_LINES],
      );
      return rows.map((row) => `${row.text}\n`).join('');
    },
    readyLayer: (wanted) => database.transaction((sql) => findReadyLayer(sql, requestHash(wanted, parts))),
  };
}
