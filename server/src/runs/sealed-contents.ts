// The input of a run and what it returned, as they lie in the database: JSON, sealed with the account's key
// and bound to the run, so that no row opens as another's. Called by what writes, executes or shows runs.
import type { AccountKeys } from '../environment/account-keys.ts';
import type { SealContext } from '../environment/seal.ts';
import type { RunInput } from './run-input.ts';

export type Seals = Pick<AccountKeys, 'seal' | 'unseal'>;
type Owner = { accountId: string; runId: string };

/** @param input JSON of a {@link RunInput} */
export function sealInput(keys: Seals, owner: Owner, input: Buffer): Buffer | Promise<Buffer> {
  return keys.seal(input, inputContext(owner));
}

/** @param result JSON */
export function sealResult(keys: Seals, owner: Owner, result: Buffer): Buffer | Promise<Buffer> {
  return keys.seal(result, resultContext(owner));
}

/** @throws SealError */
export async function openInput(keys: Seals, owner: Owner, sealed: Buffer): Promise<RunInput> {
  return JSON.parse((await keys.unseal(sealed, inputContext(owner))).toString()) as RunInput;
}

/** @returns JSON text. @throws SealError */
export async function openResult(keys: Seals, owner: Owner, sealed: Buffer): Promise<string> {
  return (await keys.unseal(sealed, resultContext(owner))).toString();
}

function inputContext({ accountId, runId }: Owner): SealContext {
  return { accountId, purpose: `input of run ${runId}` };
}

function resultContext({ accountId, runId }: Owner): SealContext {
  return { accountId, purpose: `result of run ${runId}` };
}
