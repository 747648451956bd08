// Seals and opens the password of an SMTP profile, bound to it.
import type { AccountKeys } from '../environment/account-keys.ts';
import type { SealContext } from '../environment/seal.ts';

export type Keys = Pick<AccountKeys, 'seal' | 'unseal'>;
type Owner = { accountId: string; id: string };

export async function sealPassword(
  keys: Keys,
  owner: Owner,
  password: string | null,
): Promise<Buffer | null> {
  return password === null ? null : await keys.seal(Buffer.from(password), contextOf(owner));
}

/** @throws SealError */
export async function openPassword(
  keys: Keys,
  owner: Owner & { sealedPassword: Buffer | null },
): Promise<string | null> {
  const { sealedPassword } = owner;
  return sealedPassword === null ? null : (await keys.unseal(sealedPassword, contextOf(owner))).toString();
}

function contextOf({ accountId, id }: Owner): SealContext {
  return { accountId, purpose: `password of smtp profile ${id}` };
}
