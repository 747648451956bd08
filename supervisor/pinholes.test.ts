import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsFile, type PlatformFacts, planPlatformPinhole, planResolvers } from './pinholes.ts';

const facts: PlatformFacts = {
  publicUrl: 'http://localhost:8700',
  publicAddress: '127.0.0.1',
  listenHost: '0.0.0.0',
  listenPort: 8700,
};

test('a public URL on loopback leads to the loopback of the host', () => {
  assert.deepEqual(planPlatformPinhole(facts), { address: '127.0.0.1', port: 8700, hostTarget: '127.0.0.1' });
});

test('a public URL on loopback leads to the one address that the server listens on', () => {
  assert.equal(planPlatformPinhole({ ...facts, listenHost: '192.168.7.1' })?.hostTarget, '192.168.7.1');
  const behindProxy = { ...facts, listenHost: '192.168.7.1', publicUrl: 'http://localhost' };
  assert.equal(planPlatformPinhole(behindProxy)?.hostTarget, '127.0.0.1');
});

test('a public URL elsewhere is reached where it is, on its own port', () => {
  const proxy = { ...facts, publicUrl: 'https://functions.example', publicAddress: '10.3.0.9' };
  assert.deepEqual(planPlatformPinhole(proxy), { address: '10.3.0.9', port: 443, hostTarget: null });
});

test('there is no pinhole to a name without an address, or to port 0', () => {
  assert.equal(planPlatformPinhole({ ...facts, publicAddress: null }), null);
  assert.equal(planPlatformPinhole({ ...facts, publicUrl: 'http://localhost:0' }), null);
});

test("the sandbox's hosts file has the public name only where the host alone may know it", () => {
  assert.equal(hostsFile(facts, []), '127.0.0.1 localhost\n');
  const named = { ...facts, publicUrl: 'http://shop.internal:8700' };
  assert.equal(
    hostsFile({ ...named, publicAddress: '127.0.1.1' }, []),
    '127.0.0.1 localhost\n127.0.0.1 shop.internal\n',
  );
  const own = { ...named, publicAddress: '192.168.7.1' };
  assert.equal(hostsFile(own, ['192.168.7.1']), '127.0.0.1 localhost\n192.168.7.1 shop.internal\n');
  assert.equal(hostsFile(own, []), '127.0.0.1 localhost\n');
});

test("configured resolvers replace the host's own with its search domains", () => {
  const resolvConf = 'nameserver 10.0.0.2\nsearch corp.example\noptions ndots:2\n# nameserver 10.0.0.9\n';
  assert.deepEqual(planResolvers([], resolvConf, '100.96.0.0'), {
    nameservers: ['10.0.0.2'],
    otherLines: ['search corp.example', 'options ndots:2'],
    loopbackResolver: null,
  });
  assert.deepEqual(planResolvers(['198.51.100.53'], resolvConf, '100.96.0.0').nameservers, ['198.51.100.53']);
  assert.deepEqual(planResolvers(['198.51.100.53'], resolvConf, '100.96.0.0').otherLines, []);
});

test('a resolver on loopback is asked through the gateway', () => {
  assert.deepEqual(planResolvers([], 'nameserver 127.0.0.1\n', '100.96.0.0'), {
    nameservers: ['100.96.0.0'],
    otherLines: [],
    loopbackResolver: '127.0.0.1',
  });
});
