import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InHand } from './in-hand.ts';

const work = Promise.resolve();
const owner = (id: string, subscriptionId: string, accountId: string) => ({
  id,
  claims: 1,
  subscriptionId,
  accountId,
});

test('one subscription gets an eighth of the room, one account half of it', () => {
  const inHand = new InHand(16);
  for (const id of ['a', 'b']) inHand.add(owner(id, 's1', 'A'), work);
  assert.deepEqual(inHand.claimable(), {
    busySubscriptions: ['s1'],
    busyAccounts: [],
    mostPerSubscription: 2,
    ofAccounts: { A: 2 },
  });
  for (const id of ['c', 'd', 'e', 'f', 'g', 'h']) inHand.add(owner(id, `s-${id}`, 'A'), work);
  assert.deepEqual(inHand.claimable().busyAccounts, ['A']);
  assert.equal(inHand.room(), 8);
  inHand.remove(owner('a', 's1', 'A'));
  inHand.remove(owner('a', 's1', 'A'));
  assert.deepEqual(inHand.claimable(), {
    busySubscriptions: [],
    busyAccounts: [],
    mostPerSubscription: 2,
    ofAccounts: { A: 7 },
  });
});

test('even the smallest room lets one through', () => {
  assert.deepEqual(new InHand(1).claimable(), {
    busySubscriptions: [],
    busyAccounts: [],
    mostPerSubscription: 1,
    ofAccounts: {},
  });
});
