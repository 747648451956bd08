import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EgressNetwork, parseEgressNetwork } from '../contract/egress-network.ts';
import { PRIVATE_NETWORKS } from '../contract/private-networks.ts';
import { type EgressPlan, hostRules, sandboxRules } from './egress-rules.ts';

const plan: EgressPlan = {
  range: { cidr: '100.96.8.0/21', gateway: '100.96.8.0' },
  allow: ['10.1.0.0/16', 'fd12::/64'],
  resolvers: ['198.51.100.53'],
  loopbackResolver: null,
  hostAddresses: ['192.0.2.2', 'fd00::2'],
  database: null,
  platform: null,
  registry: null,
  pythonIndex: null,
  source: null,
  udpPorts: [],
};

/** Where in the output chain a rule stands. */
function position(rules: string, text: string): number {
  const at = rules.indexOf(text);
  assert.notEqual(at, -1, `${text} in ${rules}`);
  return at;
}

test('a sandbox is forbidden every private network, its neighbours and the host', () => {
  const forbidden =
    /set forbidden \{.*elements = \{ (.*?) \}/.exec(sandboxRules(plan))?.[1]?.split(', ') ?? [];
  assert.deepEqual(forbidden, [...PRIVATE_NETWORKS, '100.96.8.0/21', '192.0.2.2']);
});

test('IPv6 is dropped before anything is accepted, and an allowed IPv6 network changes nothing', () => {
  const rules = sandboxRules(plan);
  assert.ok(position(rules, 'meta nfproto ipv6 drop') < position(rules, 'ct state established'));
  assert.ok(!rules.includes('fd12'));
});

test('allowed networks come before forbidden ones and after the rule for port 53', () => {
  const rules = sandboxRules(plan);
  assert.ok(position(rules, 'th dport 53 goto refuse_at_once') < position(rules, 'ip daddr @allowed accept'));
  assert.ok(position(rules, 'ip daddr @allowed accept') < position(rules, 'ip daddr @forbidden goto refuse'));
});

test('a database elsewhere is closed on its port', () => {
  const rules = sandboxRules({ ...plan, database: { addresses: ['203.0.113.5'], port: 5433 } });
  assert.match(rules, /ip daddr \{ 203\.0\.113\.5 \} tcp dport 5433 goto refuse/);
});

test('a pinhole to loopback is translated twice, one to elsewhere not at all', () => {
  const local = { ...plan, platform: { address: '127.0.0.1', port: 8700, hostTarget: '127.0.0.1' } };
  assert.match(sandboxRules(local), /ip daddr 127\.0\.0\.1 tcp dport 8700 dnat ip to 100\.96\.8\.0/);
  assert.match(hostRules('t', 'mr', local), /ip daddr 100\.96\.8\.0 tcp dport 8700 dnat ip to 127\.0\.0\.1/);
  const remote = { ...plan, platform: { address: '10.3.0.9', port: 443, hostTarget: null } };
  assert.ok(!sandboxRules(remote).includes('dnat'));
  assert.match(sandboxRules(remote), /ip daddr 10\.3\.0\.9 tcp dport 443 accept/);
});

test('without a source functions are seen from whichever address the route has', () => {
  const rules = hostRules('t', 'mr-', plan);
  assert.match(rules, /ip saddr 100\.96\.8\.0\/21 oifname != "mr-\*" masquerade/);
  assert.ok(!rules.includes('snat'));
});

test('a source is what the outside and the machine itself see', () => {
  const rules = hostRules('t', 'mr-', { ...plan, source: '192.0.2.2' });
  assert.match(rules, /ip saddr 100\.96\.8\.0\/21 oifname != "mr-\*" snat ip to 192\.0\.2\.2/);
  assert.match(rules, /hook input priority 100; policy accept;\s+iifname "mr-\*" snat ip to 192\.0\.2\.2/);
  assert.ok(!rules.includes('masquerade'));
});

test('what is sent on to the machine’s own addresses is dropped but for the platform, resolvers and allowed networks', () => {
  const platform = { address: '192.0.2.2', port: 8700, hostTarget: null };
  const rules = hostRules('t', 'mr-', { ...plan, platform }).split('chain forward')[1] ?? '';
  const last = position(rules, 'ip daddr @own drop');
  for (const accepted of ['ip daddr 192.0.2.2 tcp dport 8700 accept', '@resolvers accept', '@allowed accept'])
    assert.ok(position(rules, accepted) < last);
});

test('what listens here can see another source than the outside', () => {
  const rules = hostRules('t', 'mr-', { ...plan, sourceHere: '127.0.0.1' });
  assert.match(rules, /hook input priority 100; policy accept;\s+iifname "mr-\*" snat ip to 127\.0\.0\.1/);
  assert.match(rules, /oifname != "mr-\*" masquerade/);
});

test('the host lets nothing new into a sandbox', () => {
  const rules = hostRules('millrace_a1b2c3', 'mra1b2c3-', plan);
  assert.ok(
    position(rules, 'oifname "mra1b2c3-*" ct state established,related accept') <
      position(rules, 'oifname "mra1b2c3-*" drop'),
  );
});

test('a plan without allowed networks and resolvers writes empty sets', () => {
  const rules = sandboxRules({ ...plan, allow: [], resolvers: [] });
  assert.match(rules, /set allowed \{ type ipv4_addr; flags interval; auto-merge; \}/);
});

function networks(...texts: string[]): EgressNetwork[] {
  return texts.map((text) => parseEgressNetwork(text) as EgressNetwork);
}

test('what an account is denied comes after the public URL and before all that is allowed', () => {
  const local = { ...plan, platform: { address: '10.3.0.9', port: 443, hostTarget: null } };
  const account = {
    allow: networks('10.9.0.0/24', '10.8.0.1:25'),
    deny: networks('10.1.7.0/24', '198.51.100.1:80-90'),
  };
  const rules = sandboxRules(local, account);
  const order = [
    ...['th dport 53 goto refuse_at_once', 'tcp dport 443 accept', 'ip daddr @denied goto refuse'],
    ...['198.51.100.1/32 meta l4proto { tcp, udp } th dport 80-90 goto refuse', 'ip daddr @allowed accept'],
    ...['ip daddr @allowed_account accept', '10.8.0.1/32 meta l4proto { tcp, udp } th dport 25-25 accept'],
    'ip daddr @forbidden goto refuse',
  ].map((text) => position(rules, text));
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  assert.match(rules, /set denied \{.*elements = \{ 10\.1\.7\.0\/24 \} \}/);
});

test('an account is never allowed the database', () => {
  const database = { addresses: ['10.9.0.5'], port: 5433 };
  const rules = sandboxRules({ ...plan, database }, { allow: networks('10.9.0.0/24'), deny: [] });
  assert.ok(
    position(rules, 'tcp dport 5433 goto refuse') < position(rules, 'ip daddr @allowed_account accept'),
  );
});

test('an account that denies itself everything asks no resolver either; one that denies a part does', () => {
  const all = sandboxRules(plan, { allow: [], deny: networks('0.0.0.0/0') });
  assert.match(all, /set resolvers \{ type ipv4_addr; flags interval; auto-merge; \}/);
  const part = sandboxRules(plan, { allow: [], deny: networks('198.51.100.0/24', '0.0.0.0/0:25') });
  assert.match(part, /set resolvers \{.*198\.51\.100\.53/);
});

test('by UDP a public address is reached on named ports alone', () => {
  assert.match(sandboxRules(plan), /set udp_ports \{ type inet_service; flags interval; auto-merge; \}/);
  const rules = sandboxRules({ ...plan, udpPorts: ['443', '4000-4100'] });
  assert.match(rules, /set udp_ports \{.*elements = \{ 443, 4000-4100 \} \}/);
  assert.ok(
    position(rules, 'ip daddr @forbidden goto refuse') < position(rules, 'udp dport @udp_ports accept'),
  );
});
