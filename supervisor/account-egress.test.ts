import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rulesOfAccounts } from './account-egress.ts';
import type { EgressPlan } from './egress-rules.ts';

const plan: EgressPlan = {
  ...{ range: { cidr: '100.96.8.0/21', gateway: '100.96.8.0' }, allow: [], resolvers: [], udpPorts: [] },
  ...{
    loopbackResolver: null,
    hostAddresses: [],
    database: null,
    platform: null,
    registry: null,
    pythonIndex: null,
    source: null,
  },
};
const lists = {
  egressAllowAccounts: { AB1234: ['10.1.0.0/16'] },
  egressDenyAccounts: { CD5678: ['198.51.100.0/24'] },
};

test('an account of which nothing is said has the usual rules', () => {
  assert.equal(rulesOfAccounts(plan, lists)({ accountId: 'EF9012', egressDeny: [] }), null);
});

test('an account has its own networks and no other one’s', () => {
  const rulesOf = rulesOfAccounts(plan, lists);
  assert.match(
    rulesOf({ accountId: 'AB1234', egressDeny: [] }) ?? '',
    /set allowed_account \{.*10\.1\.0\.0\/16/,
  );
  const denying = rulesOf({ accountId: 'CD5678', egressDeny: ['203.0.113.0/24'] }) ?? '';
  assert.match(denying, /set denied \{.*198\.51\.100\.0\/24, 203\.0\.113\.0\/24/);
  assert.doesNotMatch(denying, /10\.1\.0\.0/);
});

test('what is denied to every account is denied to those of which nothing else is said', () => {
  const forAll = { ...lists, egressDenyAccounts: { '*': ['198.51.100.9/32'] } };
  assert.match(
    rulesOfAccounts(plan, forAll)({ accountId: 'x', egressDeny: [] }) ?? '',
    /198\.51\.100\.9\/32/,
  );
});

test('what is no network never becomes part of a rule', () => {
  const rulesOf = rulesOfAccounts(plan, lists);
  assert.throws(() => rulesOf({ accountId: 'x', egressDeny: ['10.0.0.0/8 } accept #'] }), /is no network/);
});
