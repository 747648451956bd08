// Attacks over the network, against a canary on every address of this machine and on every address beyond it:
// see open-tap.ts. A public address answers the same code with the canary, so each attack is able to succeed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before } from 'node:test';
import { attack, skipAttacks } from './attack.ts';
import { gotOutside } from './attacker.ts';
import { makeCanary, openScene, type Scene } from './open-scene.ts';
import { openTap, type Tap } from './open-tap.ts';

const CANARY = makeCanary('network');
const METADATA = '169.254.169.254';
const PRIVATE = '10.1.2.3';
const REBOUND = '10.1.2.4';
const PRIVATE_ADDRESSES = [
  ...[PRIVATE, '10.255.255.254', '172.16.5.5', '172.31.255.1', '192.168.1.1', '100.64.0.1', '100.127.255.1'],
  ...[
    '169.254.1.1',
    '192.0.0.1',
    '198.18.0.1',
    '198.19.255.1',
    '0.1.2.3',
    '224.0.0.1',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
  ],
];
/** All of them 10.1.2.3 to somebody. */
const SPELLINGS = [
  ...[
    '167838211',
    '012.1.2.3',
    '0xa.1.2.3',
    '0x0a010203',
    '10.66051',
    '10.1.515',
    '[::ffff:10.1.2.3]',
    '[::ffff:a01:203]',
  ],
  ...[
    '[::10.1.2.3]',
    '[64:ff9b::10.1.2.3]',
    '[2002:a01:203::1]',
    '１０.1.2.3',
    '10。1。2。3',
    'user@10.1.2.3',
    '10.1.2.3.',
  ],
];
const LOOPBACKS = [
  ...['127.0.0.1', '127.1', '2130706433', '0177.0.0.1', '0x7f.1', '0.0.0.0', '127.255.255.254', 'localhost'],
  ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]'],
];

let scene: Scene;
let tap: Tap;
let host: net.Server;
let hostPort: number;
let hostHits = 0;

before(async () => {
  if (skipAttacks !== false) return;
  host = net.createServer((socket) => {
    hostHits += 1;
    socket.on('error', () => {}).end(`HTTP/1.0 200 OK\r\n\r\n${CANARY}`);
  });
  await once(host.listen(0, '::'), 'listening');
  hostPort = (host.address() as net.AddressInfo).port;
  const names: Record<string, string[]> = {
    ...{ 'loopback.test': ['127.0.0.1'], 'metadata.test': [METADATA], 'private.test': [PRIVATE] },
    ...{ 'host.test': ownAddresses('IPv4').slice(0, 1) },
    ...{ 'public.test': ['public'], 'rebound.test': ['public', REBOUND] },
  };
  tap = await openTap(names, CANARY);
  scene = await openScene(tap.env);
});
after(async () => {
  await scene?.close();
  await tap?.close();
  host?.close();
});

/** This machine's addresses but loopback's; IPv6 link-local ones with their scope. */
function ownAddresses(family: 'IPv4' | 'IPv6'): string[] {
  const all = Object.entries(networkInterfaces()).flatMap(([link, entries]) =>
    (entries ?? []).map((entry) => ({ ...entry, link })),
  );
  const own = all.filter((entry) => entry.family === family && !entry.internal);
  return own.map(({ address, link }) => (address.startsWith('fe80') ? `${address}%${link}` : address));
}

/** What came to the tap although nothing but its resolver and its public address may be reached. */
function escaped(): string[] {
  const resolver = tap.env.MILLRACE_DNS;
  const open = [
    `${resolver} udp`,
    `${resolver} tcp`,
    `${tap.publicAddress} tcp`,
    `${tap.publicAddress} icmp`,
  ];
  return tap.seen().filter((destination) => !open.includes(destination));
}

/**
 * The URLs give no canary and nothing reaches the host's listener or the tap; a public one does by the same
 * way.
 */
async function assertUnreachable(urls: string[]): Promise<void> {
  const hitsBefore = hostHits;
  const open = `http://${tap.publicAddress}/`;
  const loot = JSON.parse(await scene.attacker.got('gets', [open, ...urls])) as string[];
  assert.equal(loot[0], CANARY, 'the way out works');
  for (const [index, url] of urls.entries())
    assert.ok(!loot[index + 1]?.includes(CANARY), `${url} was reached`);
  assert.deepEqual(escaped(), []);
  assert.equal(hostHits, hitsBefore);
}

attack('loopback-of-host', async () => {
  const urls = LOOPBACKS.map((address) => `http://${address}:${hostPort}/`);
  assert.ok((await gotOutside(scene.folder, 'gets', urls)).includes(CANARY));
  await assertUnreachable(urls);
});

attack('addresses-of-host', async () => {
  const inside = JSON.parse(await scene.attacker.got('ownAddresses')) as string[];
  const own = inside.find((address) => address.startsWith('100.')) ?? '';
  const [, start = '', last = ''] = /^(.*\.)([0-9]+)$/.exec(own) ?? [];
  const gateway = `${start}${Number(last) - 1}`;
  const addresses = [...ownAddresses('IPv4'), gateway, ...ownAddresses('IPv6')];
  assert.ok(ownAddresses('IPv4').includes(gateway), 'the host has the other side of the link');
  const targets = addresses.map((address) => ({ host: address, port: hostPort }));
  assert.ok((await gotOutside(scene.folder, 'connects', targets)).includes(CANARY));
  const before = hostHits;
  const loot = await scene.attacker.got('connects', [...targets, { host: tap.publicAddress, port: 80 }]);
  assert.equal(loot.split(CANARY).length, 2, loot);
  assert.equal(hostHits, before);
});

attack('ports-of-host', async () => {
  const listed = execFileSync('ss', ['-H', '-l', '-t', '-n'], { encoding: 'utf8' }).trim().split('\n');
  const ports = listed
    .map((line) => Number(/:([0-9]+) +\S+$/.exec(line.trimEnd())?.[1]))
    .filter((port) => port > 0);
  const hosts = ['127.0.0.1', ...ownAddresses('IPv4').slice(0, 1)];
  assert.ok(ports.includes(hostPort));
  for (const address of hosts) {
    const targets = [...new Set(ports)].map((port) => ({ host: address, port }));
    const loot = JSON.parse(await scene.attacker.got('connects', targets)) as string[];
    const open = targets.filter((_, index) => loot[index]?.startsWith('connected')).map(({ port }) => port);
    const door = Number(new URL(scene.millrace.url).port);
    assert.deepEqual(open, address === '127.0.0.1' ? [door] : [], address);
  }
});

attack('cloud-metadata', async () => {
  const urls = ['', 'latest/meta-data/iam/', 'computeMetadata/v1/'].map(
    (path) => `http://${METADATA}/${path}`,
  );
  await assertUnreachable([
    ...urls,
    'http://[fd00:ec2::254]/latest/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
  ]);
});

attack('private-networks', async () => {
  await assertUnreachable(PRIVATE_ADDRESSES.map((address) => `http://${address}/`));
  // The same addresses answer where the operator has opened them: it is the rules that stop the attack.
  const opened = ['10.1.2.3', '172.16.5.5', '192.168.1.1', '100.127.255.1', METADATA];
  const open = await openScene({ ...tap.env, MILLRACE_EGRESS_ALLOW: opened.join(',') });
  try {
    const loot = await open.attacker.got(
      'gets',
      opened.map((address) => `http://${address}/`),
    );
    assert.deepEqual(JSON.parse(loot), Array(opened.length).fill(CANARY));
  } finally {
    await open.close();
    tap.forget();
  }
});

attack('private-by-spelling', () => assertUnreachable(SPELLINGS.map((address) => `http://${address}/`)));

attack('private-by-datagram', async () => {
  const text = 'leak';
  const targets = [...PRIVATE_ADDRESSES, ...ownAddresses('IPv4')].flatMap((address) =>
    [9, 123, 1900].map((port) => ({ host: address, port, text })),
  );
  await scene.attacker.got('datagrams', targets);
  assert.deepEqual(escaped(), []);
  // What goes out is seen, where the operator has opened it.
  const open = await openScene({ ...tap.env, MILLRACE_EGRESS_ALLOW: PRIVATE });
  try {
    await open.attacker.got('datagrams', [{ host: PRIVATE, port: 9, text }]);
    assert.deepEqual(escaped(), [`${PRIVATE} udp`]);
  } finally {
    await open.close();
    tap.forget();
  }
});

attack('public-by-datagram', async () => {
  const target = (port: number) => ({ host: '198.51.100.9', port, text: 'leak' });
  const targets = [443, 123, 1900, 11_211, 65_535].map(target);
  await scene.attacker.got('datagrams', targets);
  assert.deepEqual(escaped(), []);
  const open = await openScene({ ...tap.env, MILLRACE_EGRESS_UDP: '443' });
  try {
    await open.attacker.got('datagrams', targets.slice(1));
    assert.deepEqual(escaped(), []);
    await open.attacker.got('datagrams', [target(443)]);
    assert.deepEqual(escaped(), ['198.51.100.9 udp'], 'a port that was opened is open');
  } finally {
    await open.close();
    tap.forget();
  }
});

attack('denied-networks', async () => {
  const url = `http://${tap.publicAddress}/`;
  const reaches = async (): Promise<boolean> =>
    (await scene.attacker.got('gets', [url])) === JSON.stringify([CANARY]);
  const deny = (networks: string[]): Promise<unknown> =>
    scene.customer.json('/millrace/v1/account/egress', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ deny: networks }),
    });
  // The sandbox that has just reached it is there and idle: it must not be the next call's.
  assert.equal(await reaches(), true);
  await deny([`${tap.publicAddress}/32`]);
  assert.equal(await reaches(), false);
  assert.equal(await scene.attacker.got('gets', ['http://public.test/']), JSON.stringify(['EHOSTUNREACH']));
  await deny([`${tap.publicAddress}/32:81`]);
  assert.equal(await reaches(), true);
  await deny(['0.0.0.0/0']);
  assert.equal(await reaches(), false);
  assert.doesNotMatch(await scene.attacker.got('lookup', { name: 'public.test' }), /198\.|203\.|192\./);
  await deny([]);
  assert.equal(await reaches(), true);
  assert.deepEqual(escaped(), []);
});

attack('private-by-ping', async () => {
  assert.match(await gotOutside(scene.folder, 'ping', { host: tap.publicAddress, text: CANARY }), /answered/);
  for (const address of [PRIVATE, METADATA]) {
    assert.doesNotMatch(await scene.attacker.got('ping', { host: address, text: CANARY }), /answered/);
  }
  assert.deepEqual(escaped(), []);
});

attack('private-by-name', async () => {
  const names = ['loopback.test', 'metadata.test', 'private.test', 'host.test'];
  const urls = names.flatMap((name) => [`http://${name}/`, `http://${name}:${hostPort}/`]);
  assert.equal(await scene.attacker.got('gets', ['http://public.test/']), JSON.stringify([CANARY]));
  await assertUnreachable(urls);
  const { told } = await tap.questions();
  for (const address of ['127.0.0.1', METADATA, PRIVATE]) assert.ok(told.includes(address), address);
});

attack('private-by-redirect', async () => {
  const redirect = (to: string): string => `http://${tap.publicAddress}/?to=${encodeURIComponent(to)}`;
  const open = redirect(`http://${tap.publicAddress}/there`);
  assert.equal(await scene.attacker.got('gets', [open]), JSON.stringify([CANARY]));
  const targets = [
    METADATA,
    PRIVATE,
    'private.test',
    `127.0.0.1:${hostPort}`,
    `localhost:${hostPort}`,
    `[::1]:${hostPort}`,
  ];
  await assertUnreachable(targets.map((target) => redirect(`http://${target}/`)));
});

attack('private-by-rebinding', async () => {
  const loot = JSON.parse(await scene.attacker.got('rebind', { name: 'rebound.test', times: 6 })) as string[];
  const { told } = await tap.questions();
  assert.ok(told.includes(REBOUND), 'the name was rebound');
  assert.ok(loot.includes(CANARY), 'and public in between');
  assert.deepEqual(escaped(), []);
});

attack('other-resolvers', async () => {
  const name = `${CANARY}.leak.test`;
  for (const server of [tap.publicAddress, '203.0.113.53'])
    await scene.attacker.got('lookup', { server, name });
  const targets = [
    { host: '203.0.113.53', port: 53 },
    { host: tap.publicAddress, port: 53 },
  ];
  assert.doesNotMatch(await scene.attacker.got('connects', targets), /connected/);
  assert.deepEqual(escaped(), []);
  assert.ok(!(await tap.questions()).asked.includes(name));
  await scene.attacker.got('lookup', { name: 'public.test' });
  assert.ok((await tap.questions()).asked.includes('public.test'));
});

attack('tearing-down-rules', async () => {
  assert.equal(await scene.attacker.got('tearDown'), '[]');
  await assertUnreachable([`http://${PRIVATE}/`, `http://${METADATA}/`, `http://127.0.0.1:${hostPort}/`]);
});
