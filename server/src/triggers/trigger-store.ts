// SQL of triggers. Every change bumps the world's revision and notifies TRIGGER_CHANNEL, by the database
// itself (server/sql/0003_triggers.sql). Called by the API, by imports and by what fires triggers.
import type { World } from '../accounts/account.ts';
import { lockAndCount } from '../accounts/world-table-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { Trigger } from './trigger.ts';

/** Called with the id of every trigger that has changed. */
export const TRIGGER_CHANNEL = 'millrace_triggers';

/** Secrets stay sealed. */
export type StoredTrigger = Trigger & { sealedSecrets: Buffer | null };

export type NewTrigger = World & {
  id: string;
  functionId: string;
  kind: Trigger['kind'];
  name: string | null;
  enabled: boolean;
  delayMs: number;
  settings: Trigger['settings'];
  address: string | null;
  sealedSecrets: Buffer | null;
  nextTickAt: Date | null;
};

type TriggerRow = {
  id: string;
  account_id: string;
  mode: Trigger['mode'];
  function_id: string;
  kind: Trigger['kind'];
  name: string | null;
  enabled: boolean;
  paused_at: Date | null;
  delay_ms: number;
  settings: Trigger['settings'];
  address: string | null;
  sealed_secrets: Buffer | null;
  next_tick_at: Date | null;
  created_at: Date;
  modified_at: Date;
};

const COLUMNS = `t.id, t.account_id, t.mode, t.function_id, t.kind, t.name, t.enabled, t.paused_at, t.delay_ms, t.settings,
  t.address, t.sealed_secrets, t.next_tick_at, t.created_at, t.modified_at`;

/** @returns whether its function is in that world: else nothing is written */
export async function insertTrigger(sql: Sql, made: NewTrigger): Promise<boolean> {
  const rows = await sql.query(
    `insert into triggers (id, account_id, mode, function_id, kind, name, enabled, delay_ms, settings, address,
       sealed_secrets, next_tick_at)
     select $1, f.account_id, f.mode, f.id, $5, $6, $7, $8, $9, $10, $11, $12
     from functions f where f.id = $4 and f.account_id = $2 and f.mode = $3
     returning id`,
    [
      made.id,
      made.accountId,
      made.mode,
      made.functionId,
      made.kind,
      made.name,
      made.enabled,
      made.delayMs,
      JSON.stringify(made.settings),
      made.address,
      made.sealedSecrets,
      made.nextTickAt,
    ],
  );
  return rows.length > 0;
}

export async function getTrigger(sql: Sql, world: World, id: string): Promise<StoredTrigger | null> {
  const [row] = await sql.query<TriggerRow>(
    `select ${COLUMNS} from triggers t where t.id = $1 and t.account_id = $2 and t.mode = $3`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

/** As {@link getTrigger}, and keeps others from changing it until the transaction ends. */
export async function lockTrigger(sql: Sql, world: World, id: string): Promise<StoredTrigger | null> {
  const [row] = await sql.query<TriggerRow>(
    `select ${COLUMNS} from triggers t where t.id = $1 and t.account_id = $2 and t.mode = $3 for update`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

export type TriggerState = Pick<
  NewTrigger,
  'name' | 'enabled' | 'delayMs' | 'settings' | 'sealedSecrets' | 'nextTickAt'
>;

/** Writes what of a locked trigger can change. */
export async function updateTrigger(sql: Sql, world: World, id: string, state: TriggerState): Promise<void> {
  await sql.query(
    `update triggers set name = $4, enabled = $5, delay_ms = $6, settings = $7, sealed_secrets = $8, next_tick_at = $9,
       modified_at = now()
     where id = $1 and account_id = $2 and mode = $3`,
    [
      id,
      world.accountId,
      world.mode,
      state.name,
      state.enabled,
      state.delayMs,
      JSON.stringify(state.settings),
      state.sealedSecrets,
      state.nextTickAt,
    ],
  );
}

/** @returns whether it was there */
export async function deleteTrigger(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    'delete from triggers where id = $1 and account_id = $2 and mode = $3 returning id',
    [id, world.accountId, world.mode],
  );
  return rows.length > 0;
}

export type TriggerQuery = {
  functionId: string | null;
  kind: Trigger['kind'] | null;
  limit: number;
  /** Id of the last trigger of the page before. */
  after: string | null;
};

/** Newest first. */
export async function listTriggers(sql: Sql, world: World, query: TriggerQuery): Promise<StoredTrigger[]> {
  const rows = await sql.query<TriggerRow>(
    `select ${COLUMNS} from triggers t
     where t.account_id = $1 and t.mode = $2
       and ($3::text is null or t.function_id = $3)
       and ($4::text is null or t.kind = $4)
       and ($5::text is null or (t.created_at, t.id) < (
         select l.created_at, l.id from triggers l where l.id = $5 and l.account_id = $1 and l.mode = $2))
     order by t.created_at desc, t.id desc limit $6`,
    [world.accountId, world.mode, query.functionId, query.kind, query.after, query.limit],
  );
  return rows.map(fromRow);
}

/** Keeps others from adding to them until the transaction ends. */
export function countTriggers(sql: Sql, world: World): Promise<number> {
  return lockAndCount(sql, world, 'triggers');
}

/** Who asks knows an address alone: the one question without a world. */
export async function findTriggerByAddress(sql: Sql, address: string): Promise<StoredTrigger | null> {
  const [row] = await sql.query<TriggerRow>(`select ${COLUMNS} from triggers t where t.address = $1::uuid`, [
    address,
  ]);
  return row === undefined ? null : fromRow(row);
}

export function fromRow(row: TriggerRow): StoredTrigger {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    functionId: row.function_id,
    kind: row.kind,
    name: row.name,
    enabled: row.enabled,
    pausedAt: row.paused_at,
    delayMs: row.delay_ms,
    settings: row.settings,
    address: row.address,
    nextTickAt: row.next_tick_at,
    sealedSecrets: row.sealed_secrets,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    // A row is one of the kinds, each with the members of its own.
  } as StoredTrigger;
}
