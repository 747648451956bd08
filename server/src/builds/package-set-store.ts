// Sets of packages in the database: found, taken in hand by one node at a time, finished by the claim that
// holds them; their logs. A set is nobody's: accounts that ask for the same share it. Called by builder.ts
// and the worker.

import type { EngineName } from '../../../contract/engine-name.ts';
import { isActive } from '../accounts/account-status-store.ts';
import type { ShownStream } from '../logs/log-lines.ts';
import { storableText } from '../logs/storable-text.ts';
import type { Sql } from '../postgres/database.ts';
import type { Layer } from '../versions/deployment.ts';
import type { BuildError, PackageRequest } from './build.ts';

export type NewSet = PackageRequest & { id: string; requestHash: string; platform: string };

/** A set in the hands of a node; `claim` is the fence. */
export type ClaimedSet = PackageRequest & { id: string; claim: number };

export type SetLine = { at: number; stream: ShownStream; text: string };
export type NumberedLine = SetLine & { number: number };

/**
 * The set that serves a request: one that is being built, one that was built lately, else the new one.
 * @param freshS how old one may be that was built before; null: of any age
 */
export async function takeSet(sql: Sql, wanted: NewSet, freshS: number | null): Promise<string> {
  const [ready] = await sql.query<{ id: string }>(
    `select s.id from package_sets s join layers l on l.key = s.layer_key
     where s.request_hash = $1 and s.status = 'ready'
       and ($2::double precision is null or s.ended_at > now() - make_interval(secs => $2))
     order by s.ended_at desc limit 1
     for key share of s, l`,
    [wanted.requestHash, freshS],
  );
  if (ready !== undefined) return ready.id;
  const [row] = await sql.query<{ id: string }>(
    `insert into package_sets (id, request_hash, dependencies, engine_major, platform, engine, requirements)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (request_hash) where status = 'building' do update set request_hash = excluded.request_hash
     returning id`,
    [
      ...[wanted.id, wanted.requestHash, JSON.stringify(wanted.dependencies), wanted.engineMajor],
      ...[wanted.platform, wanted.python?.engine ?? null, wanted.python?.requirements ?? null],
    ],
  );
  return (row as { id: string }).id;
}

/** The newest layer that a request led to, of whatever age. */
export async function findReadyLayer(sql: Sql, requestHash: string): Promise<Layer | null> {
  const [row] = await sql.query<{ hash: string; resolved: Record<string, string> }>(
    `select l.hash, s.resolved from package_sets s join layers l on l.key = s.layer_key
     where s.request_hash = $1 and s.status = 'ready' order by s.ended_at desc limit 1
     for key share of l`,
    [requestHash],
  );
  return row === undefined ? null : { hash: row.hash, dependencies: row.resolved };
}

export type SetClaim = {
  node: string;
  platform: string;
  leaseMs: number /** Those that this node has in hand. */;
  except: string[];
};

/** Of an account, among which the last is that was begun: more than may wait. */
const LATEST_BUILDS = 200;

/**
 * Takes the oldest set that nobody has in hand, or whose node is lost. One that is this node's own and not in
 * its hand is one whose claim was never answered.
 */
export async function claimSet(sql: Sql, claim: SetClaim): Promise<ClaimedSet | null> {
  const [row] = await sql.query<{
    id: string;
    dependencies: Record<string, string>;
    engine_major: number;
    engine: EngineName | null;
    requirements: string | null;
    claims: number;
  }>(
    `update package_sets set node = $1, claims = claims + 1, started_at = coalesce(started_at, now()),
       lease_until = now() + make_interval(secs => $3 / 1000.0)
     where id = (
       select id from package_sets s
       where status = 'building' and platform = $2 and (lease_until is null or lease_until < now() or node = $1)
         and not id = any ($4)
         -- As long as an account that asks for it is served; or none asks any more.
         and (not exists (select from builds b where b.set_id = s.id and b.status = 'building')
           or exists (select from builds b where b.set_id = s.id and b.status = 'building' and ${isActive('b.account_id')}))
       -- In turns over accounts: first whose packages were begun with longest ago.
       order by (
         select max(begun.started_at) from builds asked cross join lateral (
           select b.set_id from builds b where b.account_id = asked.account_id and b.mode in ('live', 'test')
           order by b.id desc limit ${LATEST_BUILDS}
         ) as latest join package_sets begun on begun.id = latest.set_id
         where asked.set_id = s.id
       ) nulls first, created_at for update of s skip locked limit 1
     )
     returning id, dependencies, engine_major, engine, requirements, claims`,
    [claim.node, claim.platform, claim.leaseMs, claim.except],
  );
  if (row === undefined) return null;
  const { engine, requirements } = row;
  return {
    ...{ id: row.id, dependencies: row.dependencies, engineMajor: row.engine_major, claim: row.claims },
    python: engine === null || requirements === null ? undefined : { engine, requirements },
  };
}

/** @returns false when another node has it by now */
export async function renewLease(sql: Sql, set: ClaimedSet, leaseMs: number): Promise<boolean> {
  const rows = await sql.query(
    `update package_sets set lease_until = now() + make_interval(secs => $3 / 1000.0)
     where id = $1 and claims = $2 and status = 'building' returning id`,
    [set.id, set.claim, leaseMs],
  );
  return rows.length > 0;
}

/** Lets another node, or a later life of this one, take it at once. */
export async function releaseSet(sql: Sql, set: ClaimedSet): Promise<void> {
  await sql.query(
    "update package_sets set lease_until = null, node = null, claims = claims - 1 where id = $1 and claims = $2 and status = 'building'",
    [set.id, set.claim],
  );
}

/**
 * Lets go of what former lives of this node had in hand: `place` is what their ids begin with. @returns how
 * many
 */
export async function releaseFormerLives(sql: Sql, life: { place: string; node: string }): Promise<number> {
  const rows = await sql.query(
    `update package_sets set lease_until = null
     where status = 'building' and starts_with(node, $1) and node <> $2 returning id`,
    [life.place, life.node],
  );
  return rows.length;
}

/** A new claim begins the log anew. */
export async function clearLog(sql: Sql, set: ClaimedSet): Promise<void> {
  await sql.query('delete from build_log_lines where set_id = $1', [set.id]);
}

export async function appendLog(
  sql: Sql,
  set: ClaimedSet,
  from: number,
  lines: readonly SetLine[],
): Promise<void> {
  const rows = lines.map(({ at, stream, text }, index) => ({
    ...{ number: from + index, stream, text: storableText(text) },
    at: new Date(at).toISOString(),
  }));
  await sql.query(
    `insert into build_log_lines (set_id, number, at, stream, text)
     select s.id, l.number, l.at, l.stream, l.text
     from package_sets s, jsonb_to_recordset($3::jsonb) as l (number integer, at timestamptz, stream text, text text)
     where s.id = $1 and s.claims = $2
     on conflict do nothing`,
    [set.id, set.claim, JSON.stringify(rows)],
  );
}

export type SetEnd =
  | { status: 'ready'; resolved: Record<string, string>; lock: string; layerKey: string }
  | { status: 'failed'; error: BuildError; lock: string | null };

/** @returns false when another claim has it by now: then nothing is written */
export async function finishSet(sql: Sql, set: ClaimedSet, end: SetEnd): Promise<boolean> {
  const error = end.status === 'failed' ? { ...end.error, message: storableText(end.error.message) } : null;
  const rows = await sql.query(
    `update package_sets set status = $3, resolved = $4, lock = $5, layer_key = $6, error = $7, ended_at = now(),
       lease_until = null
     where id = $1 and claims = $2 and status = 'building' returning id`,
    [
      set.id,
      set.claim,
      end.status,
      JSON.stringify(end.status === 'ready' ? end.resolved : {}),
      end.lock === null ? null : storableText(end.lock),
      end.status === 'ready' ? end.layerKey : null,
      error === null ? null : JSON.stringify(error),
    ],
  );
  return rows.length > 0;
}

/**
 * Removes sets that no build names over for a day, whose packages are gone or were found anew by a later one.
 * @returns how many
 */
export async function deleteOldSets(sql: Sql): Promise<number> {
  const rows = await sql.query(
    `delete from package_sets s where s.status <> 'building' and s.ended_at < now() - interval '1 day'
       and not exists (select from builds where builds.set_id = s.id)
       and (not exists (select from layers where layers.key = s.layer_key)
         or exists (select from package_sets later
                    where later.request_hash = s.request_hash and later.status = 'ready' and later.ended_at > s.ended_at))
     returning id`,
  );
  return rows.length;
}
