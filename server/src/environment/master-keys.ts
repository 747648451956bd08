// The master keys that a node can open: its own, and while one takes the place of another, both, whichever of
// them is its own. Pure. Called by account-keys.ts and key-rotation.ts.
import type { StoredRotation } from '../accounts/master-key-store.ts';
import { type SealContext, SealError, seal, unseal } from './seal.ts';

export type RotatedKeys = { newest: Buffer; older: Buffer };

const CONTEXT: SealContext = { accountId: '', purpose: 'master key' };

/** @returns null: the node's own is neither of them */
export function openRotation(
  own: Buffer,
  { newByOld, oldByNew }: Pick<StoredRotation, 'newByOld' | 'oldByNew'>,
): RotatedKeys | null {
  const newest = openedBy(own, newByOld);
  if (newest !== null) return { newest, older: own };
  const older = openedBy(own, oldByNew);
  return older === null ? null : { newest: own, older };
}

export function sealRotation({ newest, older }: RotatedKeys): Pick<StoredRotation, 'newByOld' | 'oldByNew'> {
  return { newByOld: seal(older, newest, CONTEXT), oldByNew: seal(newest, older, CONTEXT) };
}

function openedBy(key: Buffer, sealed: Buffer): Buffer | null {
  try {
    return unseal(key, sealed, CONTEXT);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
