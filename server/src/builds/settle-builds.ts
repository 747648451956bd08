// Ends builds whose packages are made, or can't be: notifies the follower of their purpose, in the
// transaction that ends the build, so that a build is ready exactly when what it was for has happened. Called
// by the worker, and by builder.ts for what needs no waiting.
import type { Logger } from 'pino';
import { Failure } from '../errors/failure.ts';
import { lockFunction } from '../functions/function-store.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { Build } from './build.ts';
import {
  findSettleable,
  isOvertaken,
  lockSettleable,
  type SetFacts,
  type SettleableBuild,
  settleBuild,
} from './build-store.ts';
import { findLayer } from './layer-store.ts';

/**
 * Acts on a build that is over. It must wait for nothing but the database. The function's row is locked.
 * @throws Failure when what the build is for can't be done: the build has failed then, with the failure's
 * message
 */
export type BuildFollower = (sql: Sql, build: Build) => Promise<unknown>;
export type BuildFollowers = ReadonlyMap<string, BuildFollower>;

type Parts = { database: Database; followers: BuildFollowers; log: Logger };

const BATCH = 100;

/** @returns how many were ended */
export async function settleBuilds(parts: Parts): Promise<number> {
  const found = await findSettleable(parts.database, BATCH);
  let settled = 0;
  for (const one of found) {
    await settleOne(parts, one).then(
      () => {
        settled += 1;
      },
      (error: unknown) => parts.log.error({ err: error, build: one.id }, 'a build could not be ended'),
    );
  }
  return settled;
}

/** Does nothing where the packages are not made yet, or the build is over already. */
export async function settleOne({ database, followers }: Parts, one: SettleableBuild): Promise<void> {
  try {
    await database.transaction((sql) => settleWithin(sql, one, followers));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const reason = { step: 'activate', message: error.message } as const;
    await database.transaction(async (sql) => {
      const locked = await lockSettleable(sql, one);
      if (locked !== null) await settleBuild(sql, { ...locked.build, status: 'failed', error: reason });
    });
  }
}

async function settleWithin(sql: Sql, one: SettleableBuild, followers: BuildFollowers): Promise<void> {
  // The function before the build: removing the function locks them in the same order.
  await lockFunction(sql, one, one.functionId);
  const locked = await lockSettleable(sql, one);
  if (locked === null) return;
  const ended = await endOf(sql, locked.build, locked.set);
  const follow = followers.get(ended.purpose);
  if (follow === undefined) throw new Error(`nobody follows builds for ${ended.purpose}`);
  await follow(sql, ended);
  await settleBuild(sql, ended);
}

async function endOf(sql: Sql, build: Build, set: SetFacts | null): Promise<Build> {
  if (await isOvertaken(sql, build)) {
    const error = { step: 'activate', message: 'another build was asked for meanwhile' } as const;
    return { ...build, status: 'failed', error };
  }
  if (set === null) return { ...build, status: 'ready' };
  if (set.error !== null) return { ...build, status: 'failed', error: set.error };
  const hash = set.layerKey === null ? null : await findLayer(sql, set.layerKey);
  if (hash === null) {
    const error = { step: 'platform', message: 'the packages were removed meanwhile: build again' } as const;
    return { ...build, status: 'failed', error };
  }
  return { ...build, status: 'ready', layer: { hash, dependencies: set.resolved } };
}
