import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { AccountKeys, makeSealedKey, resealKey } from './account-keys.ts';
import { sealRotation } from './master-keys.ts';
import { SealError } from './seal.ts';
import { openVariables, sealVariables } from './sealed-variables.ts';

const masterKey = randomBytes(32);
const sealedKeys = new Map(['AA0001', 'BB0002'].map((id) => [id, makeSealedKey(masterKey, id)]));
const load = async (id: string) => sealedKeys.get(id) ?? null;

describe('account keys', () => {
  test("variables open for the function they were sealed for, and for no other account's or function", async () => {
    const keys = new AccountKeys(masterKey, load);
    const owner = { accountId: 'AA0001', functionId: 'f1' };
    const sealed = await sealVariables(keys, owner, { api_key: 's3cr3t', empty: '' });
    assert.deepEqual(await openVariables(keys, owner, sealed), { api_key: 's3cr3t', empty: '' });
    await assert.rejects(openVariables(keys, { ...owner, functionId: 'f2' }, sealed), SealError);
    await assert.rejects(openVariables(keys, { ...owner, accountId: 'BB0002' }, sealed), SealError);
  });

  test('no variables are sealed as nothing', async () => {
    const keys = new AccountKeys(masterKey, load);
    const owner = { accountId: 'AA0001', functionId: 'f1' };
    assert.equal(await sealVariables(keys, owner, {}), null);
    assert.deepEqual(await openVariables(keys, owner, null), {});
  });

  test('a check at the start tells that the master key is another one', async () => {
    await new AccountKeys(masterKey, load).check('AA0001');
    await assert.rejects(new AccountKeys(randomBytes(32), load).check('AA0001'), SealError);
  });

  test('open by either master key while one takes the place of the other, and by no third', async () => {
    const newest = randomBytes(32);
    const stored = {
      ...sealRotation({ newest, older: masterKey }),
      ...{ begunAt: new Date(0), resealedTo: '', resealedAt: null },
    };
    const rotation = async () => stored;
    const resealed = resealKey({ newest, older: masterKey }, 'BB0002', sealedKeys.get('BB0002') as Buffer);
    const both = async (id: string) => (id === 'BB0002' ? resealed : await load(id));
    for (const own of [masterKey, newest]) {
      const keys = new AccountKeys(own, both, rotation);
      await keys.check('AA0001');
      await keys.check('BB0002');
    }
    assert.deepEqual(resealKey({ newest, older: masterKey }, 'BB0002', resealed), resealed, 'once');
    await assert.rejects(new AccountKeys(randomBytes(32), both, rotation).check('AA0001'), SealError);
    await assert.rejects(new AccountKeys(newest, both).check('AA0001'), SealError);
  });

  test("an account's key sealed for another account doesn't open", async () => {
    const swapped = new AccountKeys(masterKey, async () => sealedKeys.get('BB0002') ?? null);
    await assert.rejects(swapped.check('AA0001'), SealError);
  });
});
