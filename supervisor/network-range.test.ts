import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimName, claimRange, FIRST_SLOT, LAST_SLOT, rangeAt, slotAt } from './network-range.ts';

test('ranges of one network follow each other without overlap', () => {
  assert.deepEqual(rangeAt('100.96.0.0', 0), { cidr: '100.96.0.0/21', gateway: '100.96.0.0', index: 0 });
  assert.equal(rangeAt('100.96.0.0', 1).cidr, '100.96.8.0/21');
  assert.equal(rangeAt('100.96.0.0', 31).cidr, '100.96.248.0/21');
});

test('each slot has two addresses and a user of its own, all within the range', () => {
  const range = rangeAt('100.96.0.0', 1);
  assert.deepEqual(slotAt(range, FIRST_SLOT), {
    hostAddress: '100.96.8.2',
    sandboxAddress: '100.96.8.3',
    uid: 2_000_001_025,
  });
  assert.equal(slotAt(range, LAST_SLOT).sandboxAddress, '100.96.15.255');
  assert.ok(slotAt(rangeAt('100.96.0.0', 31), LAST_SLOT).uid < 2 ** 31);
});

test('a name is held by one at a time', async () => {
  const name = `millrace-test-${process.pid}`;
  const claim = await claimName(name);
  assert.notEqual(claim, null);
  assert.equal(await claimName(name), null);
  await claim?.release();
  const again = await claimName(name);
  assert.notEqual(again, null);
  await again?.release();
});

test('a range in which this machine has an address already is passed over', async () => {
  const network = '10.233.0.0';
  const first = await claimRange(network, ['127.0.0.1', 'fd00::2']);
  const second = await claimRange(network, ['10.233.8.2']);
  assert.deepEqual([first.cidr, second.cidr], ['10.233.0.0/21', '10.233.16.0/21']);
  await Promise.all([first.release(), second.release()]);
});
