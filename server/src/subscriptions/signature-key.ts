// Which key signs what a subscription sends: its own, else the one that the account has set for all, else
// none, and then nothing is signed. Asked anew for every attempt, so that a key that was changed counts from
// the next one on.
import type { World } from '../accounts/account.ts';
import { findAccountSettings } from '../accounts/account-settings-store.ts';
import type { SealContext } from '../environment/seal.ts';
import type { Sql } from '../postgres/database.ts';
import type { SealedSubscription, Subscription } from './event-subscription.ts';
import { type Keys, openSubscription } from './subscription-secrets.ts';

/** A subscription as it sends. @throws SealError */
export async function openForSending(
  sql: Sql,
  keys: Keys,
  sealed: SealedSubscription,
): Promise<Subscription> {
  const subscription = await openSubscription(keys, sealed);
  if (subscription.signatureKey !== null) return subscription;
  const { sealedSignatureKey } = await findAccountSettings(sql, sealed);
  return { ...subscription, signatureKey: await openAccountKey(keys, sealed, sealedSignatureKey) };
}

export async function sealAccountKey(keys: Keys, world: World, key: string | null): Promise<Buffer | null> {
  return key === null ? null : await keys.seal(Buffer.from(key), contextOf(world));
}

/** @throws SealError */
export async function openAccountKey(
  keys: Keys,
  world: World,
  sealed: Buffer | null,
): Promise<string | null> {
  return sealed === null ? null : (await keys.unseal(sealed, contextOf(world))).toString();
}

function contextOf({ accountId, mode }: World): SealContext {
  return { accountId, purpose: `signature key of ${mode}` };
}
