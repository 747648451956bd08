// Opens an account's own key, which seals everything of that account, with the master key, and keeps the last
// few opened ones in memory. Asked by what seals or opens variables.
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { LatelyUsed } from '../memory/lately-used.ts';
import { KEY_BYTES, type SealContext, seal, unseal } from './seal.ts';

/** Reads an account's sealed key; null where there is no such account. */
export type LoadSealedKey = (accountId: string) => Promise<Buffer | null>;

const CAPACITY = 1_000;

/** @returns a new account's key, sealed, for the accounts table */
export function makeSealedKey(masterKey: Buffer, accountId: string): Buffer {
  return seal(masterKey, randomBytes(KEY_BYTES), keyContext(accountId));
}

function keyContext(accountId: string): SealContext {
  return { accountId, purpose: 'account key' };
}

export class AccountKeys {
  readonly #masterKey: Buffer;
  readonly #load: LoadSealedKey;
  /** Prepared for use: that costs 25 µs, more than sealing a small thing. */
  readonly #opened = new LatelyUsed<KeyObject>(CAPACITY);

  constructor(masterKey: Buffer, load: LoadSealedKey) {
    this.#masterKey = masterKey;
    this.#load = load;
  }

  /** @returns a new account's key, sealed, for the accounts table */
  newSealedKey(accountId: string): Buffer {
    return makeSealedKey(this.#masterKey, accountId);
  }

  /** The account's key is gone, or may be. */
  forget(accountId: string): void {
    this.#opened.delete(accountId);
  }

  /** Seals bytes of an account. */
  async seal(plain: Buffer, context: SealContext): Promise<Buffer> {
    return seal(await this.#keyOf(context.accountId), plain, context);
  }

  /**
   * Opens bytes of an account.
   * @throws SealError when they were sealed for something else, or with another master key
   */
  async unseal(sealed: Buffer, context: SealContext): Promise<Buffer> {
    return unseal(await this.#keyOf(context.accountId), sealed, context);
  }

  /**
   * Called at the start with an account that exists: finds out then that the master key is another one.
   * @throws SealError
   */
  async check(accountId: string): Promise<void> {
    await this.#keyOf(accountId);
  }

  async #keyOf(accountId: string): Promise<KeyObject> {
    const opened = this.#opened.get(accountId);
    if (opened !== undefined) return opened;
    const sealed = await this.#load(accountId);
    if (sealed === null || sealed.length === 0)
      throw new Error(`there is no account ${accountId} whose key could be opened`);
    const key = createSecretKey(unseal(this.#masterKey, sealed, keyContext(accountId)));
    this.#opened.set(accountId, key);
    return key;
  }
}
