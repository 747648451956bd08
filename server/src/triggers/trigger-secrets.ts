// Opens the secrets of a trigger for its door: sealed by trigger-editing.ts as one JSON document, bound to
// the trigger. Called by doors/ when an address is first called.
import type { AccountKeys } from '../environment/account-keys.ts';
import { secretsContext } from './trigger-editing.ts';
import type { StoredTrigger } from './trigger-store.ts';

/** @returns them by the names that the kind of trigger gives them. @throws SealError */
export async function openTriggerSecrets(
  keys: Pick<AccountKeys, 'unseal'>,
  trigger: Pick<StoredTrigger, 'accountId' | 'id' | 'sealedSecrets'>,
): Promise<Record<string, string>> {
  if (trigger.sealedSecrets === null) return {};
  const plain = await keys.unseal(trigger.sealedSecrets, secretsContext(trigger));
  return JSON.parse(plain.toString()) as Record<string, string>;
}
