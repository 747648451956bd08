// Keeps the triggers of a function as its settings say: one of the kind that is chosen, the others switched
// off. Runs in the transaction that writes the settings. Called by save-function.ts.
import { randomUUID } from 'node:crypto';
import type { World } from '../../accounts/account.ts';
import type { Sql } from '../../postgres/database.ts';
import { insertTrigger, lockTrigger, updateTrigger } from '../../triggers/trigger-store.ts';
import type { RevcentSettings } from './function-settings.ts';
import type { TriggerIds } from './function-settings-store.ts';
import { newRevcentId } from './revcent-ids.ts';
import { type FollowingTrigger, triggerOf } from './trigger-of.ts';

type Followed = { functionId: string; settings: RevcentSettings; triggerIds: TriggerIds; nowMs: number };

/** @returns the ids of all its triggers, the new one's among them */
export async function followSettings(sql: Sql, world: World, followed: Followed): Promise<TriggerIds> {
  const wanted = triggerOf(followed.settings, followed.nowMs);
  const kept: TriggerIds = {};
  for (const [kind, id] of Object.entries(followed.triggerIds)) {
    const isThere = await settle(sql, world, id, wanted?.kind === kind ? wanted : null);
    if (isThere) kept[kind as keyof TriggerIds] = id;
  }
  if (wanted === null || kept[wanted.kind] !== undefined) return kept;
  return { ...kept, [wanted.kind]: await add(sql, world, followed.functionId, wanted) };
}

/** @param wanted null: it is switched off @returns whether it was there */
async function settle(sql: Sql, world: World, id: string, wanted: FollowingTrigger | null): Promise<boolean> {
  const before = await lockTrigger(sql, world, id);
  if (before === null) return false;
  const nextTickAt = 'nextTickAt' in before ? before.nextTickAt : null;
  const { name, sealedSecrets } = before;
  const state = wanted ?? { settings: before.settings, delayMs: before.delayMs, nextTickAt };
  await updateTrigger(sql, world, id, { name, sealedSecrets, enabled: wanted !== null, ...state });
  return true;
}

async function add(sql: Sql, world: World, functionId: string, wanted: FollowingTrigger): Promise<string> {
  const id = newRevcentId();
  const hasAddress = wanted.kind === 'webhook' || wanted.kind === 'function_url';
  await insertTrigger(sql, {
    ...{ accountId: world.accountId, mode: world.mode, id, functionId, ...wanted },
    ...{ name: null, enabled: true, sealedSecrets: null, address: hasAddress ? randomUUID() : null },
  });
  return id;
}
