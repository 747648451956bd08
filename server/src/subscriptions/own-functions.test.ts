import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunnableFunction } from '../functions/function.ts';
import { ownFunctions } from './own-functions.ts';

const fn = (id: string, mode: 'live' | 'test') => ({ id, accountId: 'owner', mode }) as RunnableFunction;
const kept = new Map(
  [fn('private', 'live'), fn('public', 'live'), fn('test', 'test')].map((one) => [one.id, one]),
);
const functions = ownFunctions({ peek: () => undefined, find: async (id) => kept.get(id) ?? null }, [
  'public',
]);
const found = async (accountId: string, mode: 'live' | 'test', id: string): Promise<boolean> =>
  (await functions.find({ accountId, mode }, id)) !== null;

test('a subscription reaches the functions of its own account and mode', async () => {
  assert.equal(await found('owner', 'live', 'private'), true);
  assert.equal(await found('owner', 'test', 'private'), false);
  assert.equal(await found('owner', 'live', 'test'), false);
  assert.equal(await found('owner', 'live', 'nothing'), false);
});

test('those of another account only where the operator marked them public, in the same mode', async () => {
  assert.equal(await found('other', 'live', 'private'), false);
  assert.equal(await found('other', 'live', 'public'), true);
  assert.equal(await found('other', 'test', 'public'), false);
});
