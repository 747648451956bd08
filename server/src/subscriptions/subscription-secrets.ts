// Seals what a subscription must not show to anyone who reads the database: keys, passwords and variables,
// one document bound to its subscription. Called when one is saved, read by its owner, or delivered to.
import type { AccountKeys } from '../environment/account-keys.ts';
import type { SealContext } from '../environment/seal.ts';
import type { SealedSubscription, Subscription, SubscriptionSecrets } from './event-subscription.ts';

export type Keys = Pick<AccountKeys, 'seal' | 'unseal'>;
type Owner = { accountId: string; id: string };

const NO_SECRETS: SubscriptionSecrets = {
  signatureKey: null,
  formerSignatureKey: null,
  authorizationPassword: null,
  customHeaderValue: null,
  variables: {},
};

export async function sealSecrets(keys: Keys, owner: Owner, secrets: SubscriptionSecrets): Promise<Buffer> {
  const { signatureKey, formerSignatureKey, authorizationPassword, customHeaderValue, variables } = secrets;
  const plain = JSON.stringify({
    ...{ signatureKey, formerSignatureKey, authorizationPassword, customHeaderValue, variables },
  });
  return await keys.seal(Buffer.from(plain), contextOf(owner));
}

/** @throws SealError */
export async function openSubscription(keys: Keys, sealed: SealedSubscription): Promise<Subscription> {
  const plain = await keys.unseal(sealed.sealedSecrets, contextOf(sealed));
  // Some were sealed before there was a former key.
  return { ...sealed, ...NO_SECRETS, ...(JSON.parse(plain.toString()) as SubscriptionSecrets) };
}

function contextOf({ accountId, id }: Owner): SealContext {
  return { accountId, purpose: `secrets of event subscription ${id}` };
}
