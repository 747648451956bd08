import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAddressIn, isPrivateAddress } from './private-networks.ts';

test('an address of a private or special network is private, however it is written', () => {
  const addresses = [
    ...['127.0.0.1', '10.1.2.3', '169.254.169.254', '0.0.0.0', '100.100.1.1', '255.255.255.255', '224.0.0.1'],
    ...['::1', '::', 'fe80::1%eth0', 'fd00::1', 'ff02::1', '64:ff9b::a00:1', '2002:a00:1::', '2001:0:1::'],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '0:0:0:0:0:ffff:a9fe:a9fe',
      '::ffff:0:127.0.0.1',
      'nonsense',
      '',
    ],
  ];
  for (const address of addresses) assert.equal(isPrivateAddress(address), true, address);
});

test('an address of the public internet is not private', () => {
  for (const address of ['1.1.1.1', '93.184.215.14', '2606:4700::1111', '::ffff:1.1.1.1', '::ffff:101:101']) {
    assert.equal(isPrivateAddress(address), false, address);
  }
});

test('a network holds its addresses, those written as IPv6 too', () => {
  assert.equal(isAddressIn('127.0.0.9', ['127.0.0.0/8']), true);
  assert.equal(isAddressIn('::ffff:127.0.0.9', ['127.0.0.0/8']), true);
  assert.equal(isAddressIn('fd00::9', ['10.0.0.0/8', 'fd00::/8']), true);
  assert.equal(isAddressIn('10.0.0.9', ['10.0.0.9']), true);
  assert.equal(isAddressIn('10.0.0.8', ['10.0.0.9', 'fd00::/8']), false);
});
