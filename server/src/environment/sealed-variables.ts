// Seals a function's variables for the database and opens them for a run: one JSON document per function,
// bound to it. Called when a function is saved, read by its owner, or started.
import type { AccountKeys } from './account-keys.ts';
import type { SealContext } from './seal.ts';
import type { Variables } from './variables.ts';

type Keys = Pick<AccountKeys, 'seal' | 'unseal'>;
type Owner = { accountId: string; functionId: string };

/** @returns null where there are no variables */
export async function sealVariables(keys: Keys, owner: Owner, variables: Variables): Promise<Buffer | null> {
  if (Object.keys(variables).length === 0) return null;
  return await keys.seal(Buffer.from(JSON.stringify(variables)), contextOf(owner));
}

/** @throws SealError */
export async function openVariables(keys: Keys, owner: Owner, sealed: Buffer | null): Promise<Variables> {
  if (sealed === null) return {};
  return JSON.parse((await keys.unseal(sealed, contextOf(owner))).toString()) as Variables;
}

function contextOf(owner: Owner): SealContext {
  return { accountId: owner.accountId, purpose: `variables of function ${owner.functionId}` };
}
