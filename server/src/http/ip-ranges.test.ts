import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ipRangeProblem, ipRanges } from './ip-ranges.ts';

describe('ranges of addresses', () => {
  const ranges = ipRanges([
    '198.51.100.7',
    '10.0.0.0/8',
    '2001:db8::/32',
    'fe80::1',
    '::ffff:198.51.100.128/121',
  ]);
  for (const ip of [
    '198.51.100.7',
    '10.255.0.1',
    '::ffff:10.1.2.3',
    '2001:db8:1::9',
    'fe80::1%eth0',
    '198.51.100.200',
  ]) {
    test(`hold ${ip}`, () => assert.equal(ranges.holds(ip), true));
  }
  for (const ip of [
    '198.51.100.8',
    '11.0.0.1',
    '::ffff:11.0.0.1',
    '2001:db9::1',
    '',
    'unknown',
    '10.0.0.0/8',
  ]) {
    test(`don't hold ${JSON.stringify(ip)}`, () => assert.equal(ranges.holds(ip), false));
  }

  for (const entry of ['198.51.100.7', '10.0.0.0/8', '0.0.0.0/0', '::1', '2001:db8::/128']) {
    test(`may be made of ${entry}`, () => assert.equal(ipRangeProblem(entry), null));
  }
  for (const entry of [
    '',
    'example.com',
    '10.0.0.1/33',
    '10.0.0.1/',
    '10.0.0.1/08',
    '::/129',
    '1.2.3',
    '1.2.3.4/8/8',
    'fe80::1%a',
  ]) {
    test(`can't be made of ${JSON.stringify(entry)}`, () => assert.notEqual(ipRangeProblem(entry), null));
  }
});
