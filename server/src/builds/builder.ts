// Asks for packages: a build is written down, and a worker builds it. Called by dialects and the API; who
// makes the packages is build-worker.ts, on any node.

import { createHash } from 'node:crypto';
import type { World } from '../accounts/account.ts';
import { boundOf } from '../accounts/account-bounds-store.ts';
import { lockAdding } from '../accounts/world-table-store.ts';
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import { newRunId } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { BundleCache } from '../versions/bundle-cache.ts';
import { keepBundle } from '../versions/bundle-store.ts';
import type { Layer, StoredCode, UploadedCode } from '../versions/deployment.ts';
import { requireBuilt } from '../versions/unbuilt-sources.ts';
import type { Build, PackageRequest } from './build.ts';
import { countOpenBuilds, findBuild, insertBuild } from './build-store.ts';
import { findReadyLayer, takeSet } from './package-set-store.ts';
import type { BuildFollower } from './settle-builds.ts';

/** PostgreSQL channel: there is something to build. */
export const BUILD_CHANNEL = 'millrace_build';

export type BuildAsk = PackageRequest & {
  world: World;
  functionId: string;
  /** Whose follower acts when it is over, e.g. the dialect's name. */
  purpose: string;
  /** What the follower wants to know then. JSON. */
  note?: Record<string, unknown>;
  /** Code that becomes a version together with its packages. */
  code?: UploadedCode;
  /** The code's, where it may be of a language that is compiled. */
  runtime?: string;
  /** Whether versions found long ago will do: for sets that a dialect names once and all share. */
  anyAge?: true;
};

export type Builder = {
  /**
   * Asks for packages; committed when it resolves. Where they are there already, the build is over by then,
   * its follower called.
   * @throws Failure `invalid_input` for code that is refused, `too_many_requests` over the account's limit
   */
  requestBuild(ask: BuildAsk): Promise<Build>;
  /** The newest layer for a request, where there is one: needs no build. */
  readyLayer(sql: Sql, wanted: PackageRequest): Promise<Layer | null>;
};

export type BuilderParts = {
  database: Database;
  bundles: Pick<BundleCache, 'receive'>;
  /** <os>-<cpu> of this node. */
  platform: string;
  /** Names of the packages whose install scripts are run. */
  scripts: readonly string[];
  freshS: number;
  buildsPerAccount: number;
  followers: Map<string, BuildFollower>;
  /** Ends a build that needs no waiting. */
  settle(build: Build): Promise<void>;
  clock: Clock;
};

export function openBuilder(parts: BuilderParts): Builder {
  return {
    requestBuild: async (ask) => {
      const received = ask.code === undefined ? null : await parts.bundles.receive(ask.code.zip);
      try {
        if (received !== null && ask.runtime !== undefined) requireBuilt(ask.runtime, received.paths);
        const id = newRunId(parts.clock());
        await parts.database.transaction(async (sql) => {
          if (received !== null) await keepBundle(sql, received);
          const code =
            received === null || ask.code === undefined ? null : storedCode(ask.code, received.hash);
          await writeBuild(sql, parts, { ...ask, id, stored: code });
        });
        await received?.publish();
        return await settled(parts, ask.world, id);
      } finally {
        await received?.discard();
      }
    },
    readyLayer: (sql, wanted) => findReadyLayer(sql, requestHash(wanted, parts)),
  };
}

function storedCode({ zip, filename }: UploadedCode, bundleHash: string): StoredCode {
  return { bundleHash, filename, sizeBytes: zip.length };
}

type Asked = BuildAsk & { id: string; stored: StoredCode | null };

async function writeBuild(sql: Sql, parts: BuilderParts, ask: Asked): Promise<void> {
  const { world, functionId, dependencies, engineMajor, python, purpose, note = {} } = ask;
  const bound = { name: 'builds', usual: parts.buildsPerAccount } as const;
  const most = await boundOf(sql, world.accountId, bound);
  await lockAdding(sql, { accountId: world.accountId }, 'builds');
  if ((await countOpenBuilds(sql, world.accountId)) >= most) {
    fail('too_many_requests', {
      message: `${most} builds of packages are going on already: try again when one is over`,
    });
  }
  const wanted = {
    ...{ id: newRunId(parts.clock()), dependencies, engineMajor, python, platform: parts.platform },
    requestHash: requestHash(ask, parts),
  };
  const asksPackages = Object.keys(dependencies).length > 0;
  const setId = asksPackages ? await takeSet(sql, wanted, ask.anyAge === true ? null : parts.freshS) : null;
  const code = ask.stored;
  await insertBuild(sql, { ...world, id: ask.id, functionId, setId, dependencies, purpose, note, code });
  await sql.query('select pg_notify($1, $2)', [BUILD_CHANNEL, '']);
}

async function settled(parts: BuilderParts, world: World, id: string): Promise<Build> {
  const find = async (): Promise<Build> =>
    (await findBuild(parts.database, world, id)) ??
    fail('not_found', { message: 'The function was removed meanwhile.' });
  await parts.settle(await find());
  return find();
}

/** What makes two requests the same one. */
export function requestHash(
  { dependencies, engineMajor, python }: PackageRequest,
  { platform, scripts }: Pick<BuilderParts, 'platform' | 'scripts'>,
): string {
  const asked = Object.entries(dependencies).sort(([one], [other]) => (one < other ? -1 : 1));
  const given = python === undefined ? [engineMajor] : [python.engine, python.requirements];
  const text = JSON.stringify([asked, ...given, platform, [...scripts].sort()]);
  return createHash('sha256').update(text).digest('hex');
}
