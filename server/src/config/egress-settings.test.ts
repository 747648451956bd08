import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEgressSettings } from './egress-settings.ts';

function parse(settings: Record<string, string[]>): [ReturnType<typeof parseEgressSettings>, string[]] {
  const problems: string[] = [];
  return [parseEgressSettings({ list: (name) => settings[name] ?? [] }, problems), problems];
}

test('networks are gathered account by account', () => {
  const [settings, problems] = parse({
    MILLRACE_EGRESS_ALLOW_ACCOUNTS: ['AB1234=10.1.2.3/16', 'AB1234 = 10.9.0.1:5432', 'CD1=192.168.0.0/24'],
    MILLRACE_EGRESS_DENY_ACCOUNTS: ['*=198.51.100.0/24:25'],
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(Object.fromEntries(settings.egressAllowAccounts), {
    AB1234: ['10.1.0.0/16', '10.9.0.1/32:5432'],
    CD1: ['192.168.0.0/24'],
  });
  assert.deepEqual(Object.fromEntries(settings.egressDenyAccounts), { '*': ['198.51.100.0/24:25'] });
});

test('UDP is closed unless ports are named', () => {
  assert.deepEqual(parse({})[0].egressUdp, []);
  assert.deepEqual(parse({ MILLRACE_EGRESS_UDP: ['443', '4000-4100'] })[0].egressUdp, ['443', '4000-4100']);
  assert.deepEqual(parse({ MILLRACE_EGRESS_UDP: ['*'] })[0].egressUdp, ['1-65535']);
});

test('what is wrong is named with its setting', () => {
  const wrong: [string, string][] = [
    ['MILLRACE_EGRESS_ALLOW_ACCOUNTS', '*=10.0.0.0/8'],
    ['MILLRACE_EGRESS_ALLOW_ACCOUNTS', '10.0.0.0/8'],
    ['MILLRACE_EGRESS_DENY_ACCOUNTS', 'AB1234=fd00::/8'],
    ['MILLRACE_EGRESS_DENY_ACCOUNTS', 'AB1234=10.0.0.0/8=10.0.0.0/8'],
    ['MILLRACE_EGRESS_UDP', '0'],
    ['MILLRACE_EGRESS_UDP', '9-1'],
    ['MILLRACE_EGRESS_UDP', 'all'],
  ];
  for (const [name, item] of wrong) {
    const [, problems] = parse({ [name]: [item] });
    assert.match(problems.join(), new RegExp(`^${name}: `), item);
  }
});
