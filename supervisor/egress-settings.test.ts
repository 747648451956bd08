import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceProblem, uselessNetworks } from './egress-settings.ts';

const hostAddresses = ['127.0.0.1', '198.51.100.7', '10.0.0.2', 'fd00::2'];

test('the source is an address of this machine, or none at all', () => {
  assert.equal(sourceProblem('198.51.100.7', hostAddresses), null);
  assert.equal(sourceProblem('10.0.0.2', hostAddresses), null);
  assert.equal(sourceProblem(null, hostAddresses), null);
});

test('a source elsewhere or on loopback is refused with the addresses that there are', () => {
  for (const source of ['203.0.113.9', '127.0.0.1']) {
    const problem = sourceProblem(source, hostAddresses) ?? '';
    assert.match(problem, new RegExp(`${source} is not an address of this machine`));
    assert.match(problem, /it has 198\.51\.100\.7, 10\.0\.0\.2$/);
  }
});

test('loopback and IPv6 networks open nothing', () => {
  const useless = uselessNetworks(['10.0.0.0/8', '127.0.0.0/8', '127.0.0.53', 'fd00::/8', '192.168.0.9/32']);
  assert.deepEqual(
    useless.map(({ network }) => network),
    ['127.0.0.0/8', '127.0.0.53', 'fd00::/8'],
  );
});
