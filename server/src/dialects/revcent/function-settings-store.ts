// SQL of what this dialect keeps of its functions besides what the engine does. Written in the transaction
// that makes or changes the function. Called by save-function.ts and the API.

import type { World } from '../../accounts/account.ts';
import { foldName } from '../../accounts/fold-name.ts';
import { lockNamed } from '../../postgres/advisory-locks.ts';
import type { Sql } from '../../postgres/database.ts';
import type { Trigger } from '../../triggers/trigger.ts';
import type { RevcentSettings } from './function-settings.ts';

export type KeptSettings = {
  functionId: string;
  name: string;
  settings: RevcentSettings;
  /** As the owner saved it last; what runs is the active version's. */
  code: string;
  /** The last build of its packages; null: none was asked for, or not yet. */
  buildId: string | null;
  /** The triggers that follow from the settings, by kind. */
  triggerIds: TriggerIds;
  /**
   * Another one with every change: a caller that changes what it has read finds out that another did
   * meanwhile.
   */
  stamp: string;
};
export type NewSettings = Omit<KeptSettings, 'stamp'>;
export type TriggerIds = Partial<Record<Trigger['kind'], string>>;

type Row = {
  function_id: string;
  name: string;
  settings: RevcentSettings;
  code: string;
  build_id: string | null;
  trigger_ids: TriggerIds;
  stamp: string;
};

const COLUMNS =
  'function_id, name, settings, code, build_id, trigger_ids, extract(epoch from modified_at)::text as stamp';

/** The name is claimed before: one that is taken violates `inline_functions_name`. */
export async function insertSettings(sql: Sql, world: World, made: NewSettings): Promise<void> {
  await sql.query(
    `insert into inline_functions (function_id, account_id, mode, name, settings, build_id, trigger_ids, code, folded_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    valuesOf(world, made),
  );
}

/**
 * As {@link insertSettings}. @returns false where another caller has changed them since they were read:
 * nothing is written then
 */
export async function replaceSettings(sql: Sql, world: World, kept: KeptSettings): Promise<boolean> {
  const rows = await sql.query(
    `update inline_functions set name = $4, settings = $5, build_id = $6, trigger_ids = $7, code = $8, folded_name = $9,
       modified_at = clock_timestamp()
     where function_id = $1 and account_id = $2 and mode = $3 and extract(epoch from modified_at)::text = $10
     returning function_id`,
    [...valuesOf(world, kept), kept.stamp],
  );
  return rows.length > 0;
}

function valuesOf(world: World, { settings, triggerIds, ...kept }: NewSettings): (string | null)[] {
  return [
    ...[kept.functionId, world.accountId, world.mode, kept.name, JSON.stringify(settings)],
    ...[kept.buildId, JSON.stringify(triggerIds), kept.code, foldName(kept.name)],
  ];
}

export async function getSettings(sql: Sql, world: World, functionId: string): Promise<KeptSettings | null> {
  const [row] = await sql.query<Row>(
    `select ${COLUMNS} from inline_functions where function_id = $1 and account_id = $2 and mode = $3`,
    [functionId, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

export async function settingsOf(
  sql: Sql,
  world: World,
  functionIds: readonly string[],
): Promise<Map<string, KeptSettings>> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from inline_functions where function_id = any ($1) and account_id = $2 and mode = $3`,
    [functionIds, world.accountId, world.mode],
  );
  return new Map(rows.map((row) => [row.function_id, fromRow(row)]));
}

/**
 * Keeps others from taking a name of the world until the transaction ends.
 * @returns the id of another function of this name, in whatever case; null: the name is free
 */
export async function claimName(
  sql: Sql,
  world: World,
  wanted: { name: string; exceptId: string | null },
): Promise<string | null> {
  await lockNamed(sql, 'adding', `names of inline functions ${world.accountId} ${world.mode}`);
  const [row] = await sql.query<{ function_id: string }>(
    `select function_id from inline_functions
     where account_id = $1 and mode = $2 and folded_name = $3 and ($4::text is null or function_id <> $4)`,
    [world.accountId, world.mode, foldName(wanted.name), wanted.exceptId],
  );
  return row?.function_id ?? null;
}

function fromRow(row: Row): KeptSettings {
  return {
    functionId: row.function_id,
    name: row.name,
    settings: row.settings,
    code: row.code,
    buildId: row.build_id,
    triggerIds: row.trigger_ids,
    stamp: row.stamp,
  };
}

/** Says which build is to make a function's packages; of two that were asked for at a time, the later. */
export async function noteBuild(sql: Sql, world: World, functionId: string, buildId: string): Promise<void> {
  await sql.query(
    `update inline_functions set build_id = $4, modified_at = clock_timestamp()
     where function_id = $1 and account_id = $2 and mode = $3 and (build_id is null or build_id < $4)`,
    [functionId, world.accountId, world.mode, buildId],
  );
}

/**
 * Those whose packages were never asked for, or never given back: a server died between two lines. Over all
 * accounts: it is the platform's own work.
 */
export async function findUnbuilt(sql: Sql): Promise<(World & { functionId: string })[]> {
  const rows = await sql.query<{ account_id: string; mode: World['mode']; function_id: string }>(
    `select i.account_id, i.mode, i.function_id
     from inline_functions i join functions f on f.id = i.function_id
     join versions v on v.function_id = f.id and v.number = f.active_version
     where i.build_id is null and (i.settings -> 'dependencies' <> '{}' or v.layer_hash is not null) order by i.function_id`,
  );
  return rows.map((row) => ({ accountId: row.account_id, mode: row.mode, functionId: row.function_id }));
}
