// Changes an account's function values, and opens them for functions. Every change reaches the functions that
// see them with their next run: their sandboxes give way, in the transaction that makes the change.

import type { World } from '../accounts/account.ts';
import { boundOf } from '../accounts/account-bounds-store.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import type { SealContext } from '../environment/seal.ts';
import { effectProblem } from '../environment/variables.ts';
import { fail } from '../errors/failure.ts';
import { renewSandboxes } from '../functions/function-store.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { type FunctionValue, valueNameProblem } from './function-value.ts';
import {
  deleteFunctionValue,
  findFunctionValue,
  insertFunctionValue,
  listFunctionValues,
  lockFunctionValues,
  type SealedFunctionValue,
  updateFunctionValue,
} from './function-value-store.ts';

export type NewFunctionValue = Pick<FunctionValue, 'name' | 'description' | 'isEncrypted' | 'value'>;

type Parts = {
  database: Database;
  keys: Pick<AccountKeys, 'seal' | 'unseal'>;
  limits: { functionValueBytes: number; functionValuesPerAccount: number };
  /** Dialects whose functions see them. */
  dialects: readonly string[];
  newId(): string;
};

export class FunctionValues {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws Failure `invalid_input`, `invalid_state`, `conflict` */
  async create(world: World, made: NewFunctionValue): Promise<FunctionValue> {
    const id = this.#parts.newId();
    const sealedValue = await this.#sealed(world, id, made.value);
    checkName(made.name);
    checkEffect(made.name, made.value);
    await this.#changing(world, async (sql, total) => {
      const bound = { name: 'function_values', usual: this.#parts.limits.functionValuesPerAccount } as const;
      const most = await boundOf(sql, world.accountId, bound);
      if (total >= most)
        fail('invalid_state', { message: `there are ${most} values already: delete one first` });
      if (!(await insertFunctionValue(sql, world, { ...made, id, sealedValue }))) nameTaken(made.name);
    });
    return this.read(world, id);
  }

  /** @throws Failure `not_found`, `invalid_input`, `invalid_state`, `conflict` */
  async change(world: World, id: string, change: Partial<NewFunctionValue>): Promise<FunctionValue> {
    const { value, ...state } = change;
    if (state.name !== undefined) checkName(state.name);
    const sealedValue = value === undefined ? null : await this.#sealed(world, id, value);
    await this.#changing(world, async (sql) => {
      const before = (await findFunctionValue(sql, world, id)) ?? missing();
      if (before.isEncrypted && state.isEncrypted === false && sealedValue === null) {
        fail('invalid_state', { message: 'an encrypted value can only be shown after a new one is given' });
      }
      const after = { ...before, ...state, sealedValue: sealedValue ?? before.sealedValue };
      if (value !== undefined) checkEffect(after.name, value);
      if (!(await updateFunctionValue(sql, world, id, after))) nameTaken(after.name);
    });
    return this.read(world, id);
  }

  /** @throws Failure `not_found` */
  async remove(world: World, id: string): Promise<void> {
    await this.#changing(world, async (sql) => {
      if (!(await deleteFunctionValue(sql, world, id))) missing();
    });
  }

  /** @throws Failure `not_found` */
  async read(world: World, id: string): Promise<FunctionValue> {
    return this.#opened(world, (await findFunctionValue(this.#parts.database, world, id)) ?? missing());
  }

  /** All of a world, opened: for functions, and for what shows them and leaves out the encrypted ones. */
  async list(world: World): Promise<FunctionValue[]> {
    const sealed = await listFunctionValues(this.#parts.database, world);
    return Promise.all(sealed.map((value) => this.#opened(world, value)));
  }

  #changing(world: World, work: (sql: Sql, total: number) => Promise<void>): Promise<void> {
    return this.#parts.database.transaction(async (sql) => {
      await work(sql, await lockFunctionValues(sql, world));
      await renewSandboxes(sql, world, this.#parts.dialects);
    });
  }

  async #sealed(world: World, id: string, value: string): Promise<Buffer> {
    const limitBytes = this.#parts.limits.functionValueBytes;
    const sizeBytes = Buffer.byteLength(value);
    if (sizeBytes > limitBytes) {
      const message = `value: holds ${sizeBytes} bytes, ${limitBytes} are allowed`;
      fail('invalid_input', { message, field: 'value', facts: { limitBytes } });
    }
    return this.#parts.keys.seal(Buffer.from(value), contextOf(world, id));
  }

  async #opened(world: World, { sealedValue, ...rest }: SealedFunctionValue): Promise<FunctionValue> {
    const value = await this.#parts.keys.unseal(sealedValue, contextOf(world, rest.id));
    return { ...rest, value: value.toString() };
  }
}

function contextOf({ accountId, mode }: World, id: string): SealContext {
  return { accountId, purpose: `${mode} function value ${id}` };
}

function checkName(name: string): void {
  const problem = valueNameProblem(name);
  if (problem !== null) fail('invalid_input', { message: `name: ${problem}`, field: 'name' });
}

function checkEffect(name: string, value: string): void {
  const problem = effectProblem(name, value);
  if (problem !== null)
    fail('invalid_input', { message: `value: ${name} can't have ${problem}`, field: 'value' });
}

function nameTaken(name: string): never {
  return fail('conflict', { message: `there is a function value "${name}" already`, field: 'name' });
}

function missing(): never {
  return fail('not_found', { message: 'there is no such function value' });
}
