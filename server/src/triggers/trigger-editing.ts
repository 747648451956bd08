// Makes, changes and ends triggers: one transaction each, secrets sealed on the way. Knows no HTTP. Called by
// the API and by the imports of dialects.

import { randomUUID } from 'node:crypto';
import type { World } from '../accounts/account.ts';
import { boundOf } from '../accounts/account-bounds-store.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import type { SealContext } from '../environment/seal.ts';
import { fail } from '../errors/failure.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { Trigger } from './trigger.ts';
import type { NewTriggerFields, TriggerChange } from './trigger-fields.ts';
import { cancelHeldRuns, pauseTrigger, resumeTrigger } from './trigger-pause-store.ts';
import {
  countTriggers,
  deleteTrigger,
  getTrigger,
  insertTrigger,
  lockTrigger,
  type StoredTrigger,
  updateTrigger,
} from './trigger-store.ts';

export type TriggerEditing = {
  /** @throws Failure `not_found` for the function, `conflict` where there are too many */
  create(world: World, fields: NewTriggerFields): Promise<StoredTrigger>;
  /**
   * As {@link TriggerEditing.create}, in the caller's transaction: for a dialect that makes function and
   * trigger together.
   */
  createIn(sql: Sql, world: World, fields: NewTriggerFields): Promise<StoredTrigger>;
  /** @param read makes the change of what is there. @throws Failure `not_found` */
  change(world: World, id: string, read: (before: StoredTrigger) => TriggerChange): Promise<StoredTrigger>;
  /** Runs that it has already caused stay, but for those that its pause holds: they are cancelled. */
  remove(world: World, id: string): Promise<void>;
  pause(world: World, id: string): Promise<StoredTrigger>;
  resume(world: World, id: string): Promise<StoredTrigger>;
};

export type EditingParts = {
  database: Database;
  keys: Pick<AccountKeys, 'seal'>;
  /** In one world. */
  mostTriggers: number;
  /** Called when runs may have been released. */
  wake(): void;
};

/** What seals the secrets of a trigger. */
export function secretsContext({ accountId, id }: Pick<Trigger, 'accountId' | 'id'>): SealContext {
  return { accountId, purpose: `secrets of trigger ${id}` };
}

export function createTriggerEditing(parts: EditingParts): TriggerEditing {
  const { database } = parts;
  /** One locked trigger, as it is after `act`. */
  const within = (world: World, id: string, act: (sql: Sql, before: StoredTrigger) => Promise<unknown>) =>
    database.transaction(async (sql) => {
      const before = (await lockTrigger(sql, world, id)) ?? refuseUnknown();
      await act(sql, before);
      return (await getTrigger(sql, world, id)) ?? before;
    });
  const createIn: TriggerEditing['createIn'] = (sql, world, fields) => create(parts, sql, { world, fields });
  return {
    createIn,
    create: (world, fields) => database.transaction((sql) => createIn(sql, world, fields)),
    change: (world, id, read) =>
      within(world, id, (sql, before) => write(parts, sql, { before, change: read(before) })),
    remove: async (world, id) => {
      await within(world, id, async (sql, { pausedAt }) => {
        if (pausedAt !== null) await cancelHeldRuns(sql, world, id);
        await deleteTrigger(sql, world, id);
      });
    },
    pause: (world, id) => within(world, id, (sql) => pauseTrigger(sql, world, id)),
    resume: async (world, id) => {
      const resumed = await within(world, id, (sql) => resumeTrigger(sql, world, id));
      parts.wake();
      return resumed;
    },
  };
}

type Making = { world: World; fields: NewTriggerFields };

async function create(
  { keys, mostTriggers }: EditingParts,
  sql: Sql,
  { world, fields }: Making,
): Promise<StoredTrigger> {
  const id = newResourceId();
  const most = await boundOf(sql, world.accountId, { name: 'triggers', usual: mostTriggers });
  if ((await countTriggers(sql, world)) >= most) {
    fail('conflict', {
      message: `there may be ${most} triggers: delete one first`,
      facts: { limit: most },
    });
  }
  const { secrets = null, nextTickAt = null } = fields;
  const isMade = await insertTrigger(sql, {
    ...{ accountId: world.accountId, mode: world.mode, id, nextTickAt },
    functionId: fields.functionId,
    kind: fields.kind,
    name: fields.name,
    enabled: fields.enabled,
    delayMs: fields.delayMs,
    settings: fields.settings,
    address: fields.kind === 'webhook' || fields.kind === 'function_url' ? randomUUID() : null,
    sealedSecrets: await sealSecrets(keys, { accountId: world.accountId, id }, secrets),
  });
  if (!isMade) {
    fail('not_found', { message: 'function_id: there is no such function', field: 'function_id' });
  }
  return (await getTrigger(sql, world, id)) ?? refuseUnknown();
}

type Changing = { before: StoredTrigger; change: TriggerChange };

async function write({ keys }: EditingParts, sql: Sql, { before, change }: Changing): Promise<void> {
  const { secrets } = change;
  await updateTrigger(sql, before, before.id, {
    name: change.name === undefined ? before.name : change.name,
    enabled: change.enabled ?? before.enabled,
    delayMs: change.delayMs ?? before.delayMs,
    settings: change.settings ?? before.settings,
    sealedSecrets: secrets === undefined ? before.sealedSecrets : await sealSecrets(keys, before, secrets),
    nextTickAt: change.nextTickAt === undefined ? tickOf(before) : change.nextTickAt,
  });
}

function tickOf(trigger: Trigger): Date | null {
  return trigger.kind === 'schedule' ? trigger.nextTickAt : null;
}

async function sealSecrets(
  keys: EditingParts['keys'],
  owner: Pick<Trigger, 'accountId' | 'id'>,
  secrets: Record<string, string> | null,
): Promise<Buffer | null> {
  if (secrets === null) return null;
  return await keys.seal(Buffer.from(JSON.stringify(secrets)), secretsContext(owner));
}

function refuseUnknown(): never {
  return fail('not_found', { message: 'there is no such trigger' });
}
