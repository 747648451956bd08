// Reads and changes key values, for their owner and for functions: a function changes strings that are there,
// and nothing else. Values are sealed for the database. Called by the API, by dialects and by what functions
// ask (value-questions.ts).

import type { World } from '../accounts/account.ts';
import { boundOf } from '../accounts/account-bounds-store.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import type { SealContext } from '../environment/seal.ts';
import { fail } from '../errors/failure.ts';
import type { Database } from '../postgres/database.ts';
import { isKey, KEY_RULE, type KeyEntry, type KeyValue } from './key-value.ts';
import {
  deleteKeyValue,
  findKeyValue,
  insertKeyValue,
  type KeyPage,
  listKeyEntries,
  lockAndCountKeyValues,
  lockKeyEntry,
  type SealedText,
  updateKeyValue,
  updateStringValue,
} from './key-value-store.ts';

export type NewKey = Pick<KeyValue, 'key' | 'description' | 'keyType' | 'pointerType' | 'value'>;
export type KeyChange = Partial<Omit<NewKey, 'key'>>;

/** Whether an item of a type exists, by its id or name; for each type that a pointer may be of. */
export type PointerTypes = Readonly<Record<string, (world: World, value: string) => Promise<boolean>>>;

type Parts = {
  database: Database;
  keys: Pick<AccountKeys, 'seal' | 'unseal'>;
  limits: { keyValueBytes: number; keyValuesPerAccount: number };
  pointerTypes: PointerTypes;
};

export class KeyValues {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What a pointer may be of. */
  get pointerTypes(): string[] {
    return Object.keys(this.#parts.pointerTypes);
  }

  /** @throws Failure `invalid_input`, `conflict`, `payload_too_large` */
  async create(world: World, made: NewKey): Promise<KeyValue> {
    if (!isKey(made.key)) fail('invalid_input', { message: `key: ${KEY_RULE}`, field: 'key' });
    await this.#checkPointer(world, made);
    const text = await this.#sealed(world, made.key, made.value);
    await this.#parts.database.transaction(async (sql) => {
      const bound = { name: 'key_values', usual: this.#parts.limits.keyValuesPerAccount } as const;
      const most = await boundOf(sql, world.accountId, bound);
      if ((await lockAndCountKeyValues(sql, world)) >= most) {
        fail('invalid_state', { message: `there are ${most} key values already: delete one first` });
      }
      if (!(await insertKeyValue(sql, world, { ...made, ...text }))) {
        fail('conflict', { message: `there is a key value "${made.key}" already`, field: 'key' });
      }
    });
    return this.read(world, made.key);
  }

  /** @throws Failure `not_found` */
  async read(world: World, key: string): Promise<KeyValue> {
    const found = await findKeyValue(this.#parts.database, world, key);
    if (found === null) return missing(key);
    const { sealedValue, ...entry } = found;
    const value = await this.#parts.keys.unseal(sealedValue, contextOf(world, key));
    return { ...entry, value: value.toString() };
  }

  /** By key, without their values. */
  list(world: World, page: KeyPage): Promise<KeyEntry[]> {
    return listKeyEntries(this.#parts.database, world, page);
  }

  /** What the owner changes. @throws Failure `not_found`, `invalid_input`, `payload_too_large` */
  async change(world: World, key: string, { value, ...change }: KeyChange): Promise<KeyValue> {
    const text = value === undefined ? null : await this.#sealed(world, key, value);
    await this.#parts.database.transaction(async (sql) => {
      const before = (await lockKeyEntry(sql, world, key)) ?? missing(key);
      const state = { ...before, ...change };
      const isOtherKind = state.keyType !== before.keyType || state.pointerType !== before.pointerType;
      if (isOtherKind && value === undefined) {
        fail('invalid_input', { message: 'value: is needed where the type changes', field: 'value' });
      }
      if (value !== undefined) await this.#checkPointer(world, { ...state, value });
      await updateKeyValue(sql, world, key, { state, text });
    });
    return this.read(world, key);
  }

  /** @throws Failure `not_found` */
  async remove(world: World, key: string): Promise<void> {
    if (!(await deleteKeyValue(this.#parts.database, world, key))) missing(key);
  }

  /**
   * What a function changes. @throws Failure `not_found`, `invalid_state` for a pointer, `payload_too_large`
   */
  async updateByFunction(world: World, key: string, value: string): Promise<KeyValue> {
    const { database } = this.#parts;
    const text = await this.#sealed(world, key, value);
    const updated = await updateStringValue(database, world, key, text);
    if (updated !== null) return { ...updated, value };
    if ((await findKeyValue(database, world, key)) === null) return missing(key);
    return fail('invalid_state', {
      message: `the key value "${key}" is a pointer: a function can't change it`,
    });
  }

  async #checkPointer(world: World, { keyType, pointerType, value }: Omit<NewKey, 'key' | 'description'>) {
    if (keyType === 'string') {
      if (pointerType === null) return;
      fail('invalid_input', { message: 'pointer_type: is for pointers only', field: 'pointer_type' });
    }
    const exists = pointerType === null ? undefined : this.#parts.pointerTypes[pointerType];
    if (exists === undefined) {
      const message = `pointer_type: must be one of ${this.pointerTypes.join(', ')}`;
      return fail('invalid_input', { message, field: 'pointer_type' });
    }
    if (await exists(world, value)) return;
    fail('invalid_input', {
      message: `value: there is no ${pointerType} of that id or name`,
      field: 'value',
    });
  }

  async #sealed(world: World, key: string, value: string): Promise<SealedText> {
    const sizeBytes = Buffer.byteLength(value);
    const limitBytes = this.#parts.limits.keyValueBytes;
    if (sizeBytes > limitBytes) {
      const message = `value: holds ${sizeBytes} bytes, ${limitBytes} are allowed`;
      fail('payload_too_large', { message, field: 'value', facts: { limitBytes } });
    }
    return {
      sealedValue: await this.#parts.keys.seal(Buffer.from(value), contextOf(world, key)),
      sizeBytes,
    };
  }
}

function contextOf({ accountId, mode }: World, key: string): SealContext {
  return { accountId, purpose: `${mode} key value ${key}` };
}

function missing(key: string): never {
  return fail('not_found', { message: `there is no key value "${key.slice(0, 100)}"` });
}
