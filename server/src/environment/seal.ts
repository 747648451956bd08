// Seals and opens small secrets with AES-256-GCM. The sealed bytes are bound to the account and the purpose
// that they were sealed for, so that a row copied elsewhere doesn't open. Keeps no key.
//
//   offset  size  what
//   0       1     version of this layout, 1
//   1       12    nonce, random
//   13      16    authentication tag
//   29      n     ciphertext, as long as the plaintext
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { drawRandomBytes } from '../ids/random-bytes.ts';

export const KEY_BYTES = 32;

const LAYOUT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
const OPTIONS = { authTagLength: TAG_BYTES } as const;

/** What sealed bytes belong to. */
export type SealContext = {
  accountId: string;
  /** What they are, down to the row: `account-key`, `variables of function <id>`. */
  purpose: string;
};

/** Sealed bytes that don't open: another key, another context, or bytes that were changed. */
export class SealError extends Error {
  constructor(context: SealContext, cause?: unknown) {
    super(`the ${context.purpose} of account ${context.accountId} can't be opened with this key`, { cause });
    this.name = 'SealError';
  }
}

/** @param key 32 bytes */
export function seal(key: Buffer | KeyObject, plain: Buffer, context: SealContext): Buffer {
  const nonce = drawRandomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, OPTIONS);
  cipher.setAAD(bindingOf(context));
  // Every run is sealed: written into one buffer, and GCM has nothing left at its end.
  const sealed = Buffer.allocUnsafe(HEAD_BYTES + plain.length);
  sealed[0] = LAYOUT;
  sealed.set(nonce, 1);
  sealed.set(cipher.update(plain), HEAD_BYTES);
  cipher.final();
  sealed.set(cipher.getAuthTag(), 1 + NONCE_BYTES);
  return sealed;
}

/**
 * @param key 32 bytes
 * @throws SealError
 */
export function unseal(key: Buffer | KeyObject, sealed: Buffer, context: SealContext): Buffer {
  if (sealed.length < HEAD_BYTES || sealed[0] !== LAYOUT) throw new SealError(context);
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bindingOf(context));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new SealError(context, cause);
  }
}

/** JSON keeps the two parts apart whatever is in them. */
function bindingOf(context: SealContext): Buffer {
  return Buffer.from(JSON.stringify(['millrace', LAYOUT, context.accountId, context.purpose]));
}
