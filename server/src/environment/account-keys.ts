// Opens an account's own key, which seals everything of that account, with the master key, and keeps the last
// few opened ones in memory. Asked by what seals or opens variables.
import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { findRotation, holdRotation, type StoredRotation } from '../accounts/master-key-store.ts';
import { LatelyUsed } from '../memory/lately-used.ts';
import type { Sql } from '../postgres/database.ts';
import { openRotation, type RotatedKeys } from './master-keys.ts';
import { KEY_BYTES, type SealContext, SealError, seal, unseal } from './seal.ts';

/** Reads an account's sealed key; null where there is no such account. */
export type LoadSealedKey = (accountId: string) => Promise<Buffer | null>;
/** null: no master key takes the place of another. */
export type FindRotation = () => Promise<StoredRotation | null>;

const CAPACITY = 1_000;

/** @returns a new account's key, sealed, for the accounts table */
export function makeSealedKey(masterKey: Buffer, accountId: string): Buffer {
  return seal(masterKey, randomBytes(KEY_BYTES), keyContext(accountId));
}

/** @returns the account's key, sealed by the newest; what that has sealed already stays as it is */
export function resealKey({ newest, older }: RotatedKeys, accountId: string, sealed: Buffer): Buffer {
  const context = keyContext(accountId);
  try {
    unseal(newest, sealed, context);
    return sealed;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return seal(newest, unseal(older, sealed, context), context);
  }
}

function keyContext(accountId: string): SealContext {
  return { accountId, purpose: 'account key' };
}

/** Of a master key, which has 32 random bytes: nobody finds it by this. */
export function markOfKey(masterKey: Buffer): string {
  return createHmac('sha256', masterKey).update('master key').digest('hex').slice(0, 16);
}

export class AccountKeys {
  readonly #masterKey: Buffer;
  readonly #load: LoadSealedKey;
  readonly #rotation: FindRotation;
  /** Prepared for use: that costs 25 µs, more than sealing a small thing. */
  readonly #opened = new LatelyUsed<KeyObject>(CAPACITY);

  /** @param rotation asked where the node's own master key isn't the only one */
  constructor(masterKey: Buffer, load: LoadSealedKey, rotation: FindRotation = async () => null) {
    this.#masterKey = masterKey;
    this.#load = load;
    this.#rotation = rotation;
  }

  /**
   * @returns a new account's key, sealed, for the accounts table: in the transaction that writes it, in
   * which no other master key takes the place of this one
   */
  async newSealedKey(sql: Sql, accountId: string): Promise<Buffer> {
    await holdRotation(sql);
    const rotated = this.#other(await findRotation(sql));
    return makeSealedKey(rotated?.newest ?? this.#masterKey, accountId);
  }

  /** Of this node's master key: says which it is, and nothing of it. */
  get masterMark(): string {
    return markOfKey(this.#masterKey);
  }

  /** The account's key is gone, or may be. */
  forget(accountId: string): void {
    this.#opened.delete(accountId);
  }

  /** Seals bytes of an account: at once where its key is in memory, since every run is sealed. */
  seal(plain: Buffer, context: SealContext): Buffer | Promise<Buffer> {
    const opened = this.#opened.get(context.accountId);
    if (opened !== undefined) return seal(opened, plain, context);
    return this.#keyOf(context.accountId).then((key) => seal(key, plain, context));
  }

  /**
   * Opens bytes of an account.
   * @throws SealError when they were sealed for something else, or with another master key
   */
  async unseal(sealed: Buffer, context: SealContext): Promise<Buffer> {
    return unseal(await this.#keyOf(context.accountId), sealed, context);
  }

  /** The same for the same text of the account, and of no use without its key. 16 hexadecimal digits */
  async marker(accountId: string): Promise<(text: string) => string> {
    const key = await this.#keyOf(accountId);
    return (text) => createHmac('sha256', key).update(`mark ${text}`).digest('hex').slice(0, 16);
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
    const key = createSecretKey(await this.#open(accountId, sealed));
    this.#opened.set(accountId, key);
    return key;
  }

  /** By this node's master key, or by the one that takes its place, or the one whose place it takes. */
  async #open(accountId: string, sealed: Buffer): Promise<Buffer> {
    const context = keyContext(accountId);
    try {
      return unseal(this.#masterKey, sealed, context);
    } catch (error) {
      const rotated = this.#other(await this.#rotation());
      if (!(error instanceof SealError) || rotated === null) throw error;
      const other = rotated.newest === this.#masterKey ? rotated.older : rotated.newest;
      return unseal(other, sealed, context);
    }
  }

  #other(stored: StoredRotation | null): RotatedKeys | null {
    return stored === null ? null : openRotation(this.#masterKey, stored);
  }
}
