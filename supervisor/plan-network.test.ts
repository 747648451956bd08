import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StartError } from '../process/start-error.ts';
import type { NetworkFacts } from './network-facts.ts';
import { planNetwork } from './plan-network.ts';

const settings = {
  ...{ dnsServers: [], egressAllow: [], egressSource: null, egressUdp: ['443'], database: null },
  ...{ host: '0.0.0.0', port: 8700, publicUrl: 'http://localhost:8700' },
  npmRegistry: 'https://registry.example',
  pypiIndex: 'https://index.example/simple',
};
const range = { cidr: '100.96.8.0/21', gateway: '100.96.8.0' };
const facts: NetworkFacts = {
  ...{ hostAddresses: ['192.0.2.7'], resolvConf: 'nameserver 127.0.0.53\nsearch example', isRouter: true },
  ...{ loopbackStandIn: '100.96.8.0', publicAddress: '127.0.0.1' },
  ...{ registryAddresses: ['198.51.100.1'], indexAddresses: ['198.51.100.2'], databaseAddresses: [] },
};

test('a resolver on the loopback is asked by the address that stands for the host', () => {
  const plan = planNetwork(settings, range, facts);
  assert.equal(plan.resolvConf, 'nameserver 100.96.8.0\nsearch example\n');
  assert.equal(plan.egress.loopbackResolver, '127.0.0.53');
  assert.deepEqual(plan.warnings, []);
});

test('where pasta is the way out, it translates: no rule of ours does', () => {
  const { egress } = planNetwork(settings, range, { ...facts, isRouter: false });
  assert.equal(egress.loopbackResolver, null);
  assert.equal(egress.source, null);
});

test('the database is closed to functions at every address that it has', () => {
  const database = { hostname: 'db.example', port: 5433 };
  const found = { ...facts, databaseAddresses: ['10.0.0.5', '10.0.0.6'] };
  const { egress } = planNetwork({ ...settings, database }, range, found);
  assert.deepEqual(egress.database, { addresses: ['10.0.0.5', '10.0.0.6'], port: 5433 });
});

test('what sandboxes will lack is a warning, an address that is not this machine’s keeps it from starting', () => {
  const bare = { ...facts, publicAddress: null, resolvConf: '' };
  const { warnings } = planNetwork({ ...settings, egressAllow: ['127.0.0.1/32'] }, range, bare);
  assert.deepEqual(
    warnings.map(({ message }) => message),
    [
      'MILLRACE_EGRESS_ALLOW names a network that it does not open',
      "functions can't reach the public URL: no address",
      'functions have no resolver: set MILLRACE_DNS',
    ],
  );
  assert.throws(() => planNetwork({ ...settings, egressSource: '192.0.2.8' }, range, facts), StartError);
});
