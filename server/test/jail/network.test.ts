// Whom a function reaches over the network, tried by code in a real jail against real listeners.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { watchBlanks } from './blank-watch.ts';
import {
  ECHO_PORTS,
  HOST_PRIVATE_ADDRESS,
  HOST_PUBLIC_ADDRESS,
  type Internet,
  KNOWN_NAME,
  openInternet,
  PRIVATE_ADDRESS,
  PUBLIC_ADDRESS,
  WEB_PORT,
} from './internet.ts';
import {
  Conversation,
  ENGINE,
  type Installation,
  type Jails,
  LIMITS,
  makeInstallation,
  openJails,
  type StartOptions,
  startSandbox,
  writeBundle,
} from './jail-fixture.ts';

const DOOR_PORT = 18_799;
/** Listens like {@link net.createServer}; callers that hang up at once are none of its business. */
function listen(port: number, host: string): net.Server {
  const answer = (socket: net.Socket): void => {
    socket.on('error', () => socket.destroy());
    socket.end('here');
  };
  return net.createServer(answer).listen(port, host);
}
/** Answers `open`, an error code, or `silent` for each address and port. */
const PROBE = `
  const net = require('node:net');
  const probe = ({ host, port, over }) => new Promise((resolve) => {
    if (over === 'udp') {
      const socket = require('node:dgram').createSocket('udp4');
      socket.on('message', () => { socket.close(); resolve('open'); });
      socket.on('error', (error) => { socket.close(); resolve(error.code); });
      socket.connect(port, host, () => socket.send(Buffer.from(event.query ?? '', 'hex')));
      setTimeout(() => { try { socket.close(); } catch {} resolve('silent'); }, 4000);
      return;
    }
    const socket = net.connect({ host, port, timeout: 4000 });
    socket.on('connect', () => { socket.destroy(); resolve('open'); });
    socket.on('error', (error) => resolve(error.code));
    socket.on('timeout', () => { socket.destroy(); resolve('silent'); });
  });
  if (event.lookup) return require('node:dns/promises').lookup(event.lookup).catch((error) => error.code);
  if (event.get) return require('node:http').get ? new Promise((resolve, reject) => require('node:http').get(event.get, (response) => {
    let text = ''; response.on('data', (chunk) => { text += chunk; }); response.on('end', () => resolve(text));
  }).on('error', (error) => resolve(error.code))) : null;
  if (event.listen) return new Promise((resolve) => { const server = net.createServer((socket) => socket.end('hi')); server.listen(event.listen, '0.0.0.0', () => resolve('listening')); });
  if (event.addresses) return Object.values(require('node:os').networkInterfaces()).flat().map((one) => one.address);
  return Promise.all(event.targets.map(probe));
`;

type Target = { host: string; port: number; over?: 'udp' };

let internet: Internet;
let hostListener: net.Server;
let doorListener: net.Server;
let hostPort: number;

before(async () => {
  internet = await openInternet();
  hostListener = listen(0, '0.0.0.0');
  await once(hostListener, 'listening');
  hostPort = (hostListener.address() as net.AddressInfo).port;
  doorListener = listen(DOOR_PORT, '127.0.0.1');
  await once(doorListener, 'listening');
});
after(async () => {
  hostListener.close();
  doorListener.close();
  await internet.remove();
});

type Probe = { ask(event: object): Promise<unknown>; targets(...targets: Target[]): Promise<unknown> };

/** A sandbox to probe from, on an installation with these settings, for as long as `use` takes. */
async function withProbes(
  env: Record<string, string>,
  use: (probe: Probe, another: (options?: Partial<StartOptions>) => Promise<Probe>) => Promise<void>,
): Promise<void> {
  const installation: Installation = makeInstallation({ MILLRACE_PORT: String(DOOR_PORT), ...env });
  let jails: Jails | null = null;
  try {
    const opened = await openJails(installation);
    jails = opened;
    const bundleHash = writeBundle(installation, PROBE);
    const open = async (options: Partial<StartOptions> = {}): Promise<Probe> => {
      const conversation = new Conversation(await startSandbox(opened.driver, { bundleHash, ...options }));
      const ask = async (event: object): Promise<unknown> => (await conversation.invoke(event)).body;
      return { ask, targets: (...targets) => ask({ targets }) };
    };
    await use(await open(), open);
  } finally {
    await jails?.close();
    installation.remove();
  }
}

function assertNoneOpen(outcomes: unknown, targets: readonly Target[]): void {
  const open = targets.filter((_, index) => (outcomes as string[])[index] === 'open');
  assert.deepEqual(open, []);
  assert.equal((outcomes as string[]).length, targets.length);
}

test('a function reaches the public internet, from an address of the host', async () => {
  await withProbes({}, async (probe) => {
    assert.equal(await probe.ask({ get: `http://${PUBLIC_ADDRESS}:${WEB_PORT}/` }), HOST_PUBLIC_ADDRESS);
  });
});

test('MILLRACE_EGRESS_SOURCE is what the outside and the public URL see', async () => {
  const door = createServer((request, response) => response.end(request.socket.remoteAddress));
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const { port } = door.address() as net.AddressInfo;
  const env = {
    MILLRACE_PORT: String(port),
    MILLRACE_EGRESS_SOURCE: HOST_PRIVATE_ADDRESS,
    MILLRACE_EGRESS_ALLOW: `${PRIVATE_ADDRESS}/32`,
  };
  try {
    await withProbes(env, async (probe) => {
      const outside = await probe.ask({ get: `http://${PRIVATE_ADDRESS}:${WEB_PORT}/` });
      const publicUrl = await probe.ask({ get: `http://localhost:${port}/` });
      assert.deepEqual([outside, publicUrl], [HOST_PRIVATE_ADDRESS, HOST_PRIVATE_ADDRESS]);
    });
  } finally {
    door.close();
  }
});

test('MILLRACE_EGRESS_SOURCE must be an address of this machine', async () => {
  const start = withProbes({ MILLRACE_EGRESS_SOURCE: '203.0.113.9' }, async () => {});
  await assert.rejects(start, /MILLRACE_EGRESS_SOURCE: 203\.0\.113\.9 is not an address of this machine/);
});

test("the host's own addresses, its loopback, private and special networks are unreachable", async () => {
  await withProbes({}, async (probe) => {
    const gateway = (((await probe.ask({ addresses: true })) as string[])[1] ?? '').replace(/\d+$/, (last) =>
      String(Number(last) - 1),
    );
    const hosts = ['127.0.0.1', HOST_PUBLIC_ADDRESS, HOST_PRIVATE_ADDRESS, gateway, '127.0.0.2', '0.0.0.0'];
    const targets: Target[] = [
      ...hosts.map((host) => ({ host, port: hostPort })),
      { host: PRIVATE_ADDRESS, port: WEB_PORT },
      ...['169.254.169.254', '172.16.0.1', '192.168.0.1', '100.64.0.1', '198.18.0.1', '192.0.0.1'].map(
        (host) => ({
          host,
          port: 80,
        }),
      ),
      ...['224.0.0.1', '240.0.0.1', '255.255.255.255'].map((host) => ({ host, port: 80 })),
      ...['fd00:ec2::254', '::1', 'fe80::1', `::ffff:${HOST_PRIVATE_ADDRESS}`, '64:ff9b::a00:1'].map(
        (host) => ({
          host,
          port: hostPort,
        }),
      ),
    ];
    assertNoneOpen(await probe.targets(...targets), targets);
  });
});

test('MILLRACE_EGRESS_ALLOW opens the networks that it names and no others', async () => {
  await withProbes({ MILLRACE_EGRESS_ALLOW: `${PRIVATE_ADDRESS}/32` }, async (probe) => {
    const outcomes = await probe.targets(
      { host: PRIVATE_ADDRESS, port: WEB_PORT },
      { host: HOST_PRIVATE_ADDRESS, port: hostPort },
    );
    assert.equal((outcomes as string[])[0], 'open');
    assert.notEqual((outcomes as string[])[1], 'open');
  });
});

test("MILLRACE_EGRESS_ALLOW can name the host's own address", async () => {
  await withProbes({ MILLRACE_EGRESS_ALLOW: `${HOST_PRIVATE_ADDRESS}/32` }, async (probe) => {
    assert.deepEqual(await probe.targets({ host: HOST_PRIVATE_ADDRESS, port: hostPort }), ['open']);
  });
});

test('the public URL on localhost is reached although it is bound to loopback, and no other port is', async () => {
  await withProbes({}, async (probe) => {
    const outcomes = await probe.targets(
      { host: 'localhost', port: DOOR_PORT },
      { host: '127.0.0.1', port: DOOR_PORT },
      { host: 'localhost', port: hostPort },
    );
    assert.deepEqual((outcomes as string[]).slice(0, 2), ['open', 'open']);
    assert.notEqual((outcomes as string[])[2], 'open');
  });
});

test('the public URL on a private address of the host is reached on its port alone', async () => {
  const env = { MILLRACE_PUBLIC_URL: `http://${HOST_PRIVATE_ADDRESS}:${hostPort}` };
  const other = listen(0, '0.0.0.0');
  await once(other, 'listening');
  try {
    await withProbes(env, async (probe) => {
      const outcomes = await probe.targets(
        { host: HOST_PRIVATE_ADDRESS, port: hostPort },
        { host: HOST_PRIVATE_ADDRESS, port: (other.address() as net.AddressInfo).port },
      );
      assert.equal((outcomes as string[])[0], 'open');
      assert.notEqual((outcomes as string[])[1], 'open');
    });
  } finally {
    other.close();
  }
});

test('names are resolved by MILLRACE_DNS, and nobody else is asked on port 53', async () => {
  // A question for the known name, type A, as any resolver would take it.
  const query = `000101000001000000000000${Buffer.from('\x04shop\x07example\x00', 'latin1').toString('hex')}00010001`;
  await withProbes({ MILLRACE_DNS: PUBLIC_ADDRESS }, async (probe) => {
    assert.deepEqual(await probe.ask({ lookup: KNOWN_NAME }), { address: PUBLIC_ADDRESS, family: 4 });
    assert.equal(await probe.ask({ lookup: 'nobody.example' }), 'ENOTFOUND');
    assert.equal(await probe.ask({ get: `http://${KNOWN_NAME}:${WEB_PORT}/` }), HOST_PUBLIC_ADDRESS);
    const toOurs = { query, targets: [{ host: PUBLIC_ADDRESS, port: 53, over: 'udp' }] };
    assert.deepEqual(await probe.ask(toOurs), ['open']);
  });
  await withProbes({ MILLRACE_DNS: '198.51.100.53' }, async (probe) => {
    const outcomes = await probe.ask({
      query,
      targets: [
        { host: PUBLIC_ADDRESS, port: 53, over: 'udp' },
        { host: PUBLIC_ADDRESS, port: 53 },
      ],
    });
    assert.ok(!(outcomes as string[]).includes('open'), String(outcomes));
  });
});

test("a resolver on the host's loopback serves functions too", async () => {
  const { createSocket } = await import('node:dgram');
  const resolver = createSocket('udp4');
  resolver.on('message', (query, peer) => resolver.send(query, peer.port, peer.address));
  resolver.bind(53, '127.0.0.77');
  await once(resolver, 'listening');
  try {
    await withProbes({ MILLRACE_DNS: '127.0.0.77' }, async (probe) => {
      const own = (await probe.ask({ addresses: true })) as string[];
      const range = (own[1] ?? '').split('.');
      const gateway = `${range[0]}.${range[1]}.${Number(range[2]) & ~7}.0`;
      const event = { query: '00', targets: [{ host: gateway, port: 53, over: 'udp' }] };
      assert.deepEqual(await probe.ask(event), ['open']);
    });
  } finally {
    resolver.close();
  }
});

test('a function reaches its own loopback and no other sandbox', async () => {
  await withProbes({}, async (probe, another) => {
    assert.equal(await probe.ask({ listen: 8080 }), 'listening');
    const own = ((await probe.ask({ addresses: true })) as string[]).filter(
      (address) => address !== '127.0.0.1',
    );
    assert.deepEqual(await probe.targets({ host: '127.0.0.1', port: 8080 }), ['open']);
    const neighbour = await another();
    const targets = own.map((host) => ({ host, port: 8080 }));
    assert.equal(targets.length, 1);
    assertNoneOpen(await neighbour.targets(...targets), targets);
  });
});

const WEB: Target = { host: PUBLIC_ADDRESS, port: WEB_PORT };

test('what an account denies itself is closed to its sandboxes alone, names and the public URL excepted', async () => {
  await withProbes({ MILLRACE_DNS: PUBLIC_ADDRESS }, async (probe, another) => {
    const door = { host: 'localhost', port: DOOR_PORT };
    const denying = await another({ egressDeny: ['198.51.100.0/24', '127.0.0.0/8'] });
    const [web, url] = (await denying.targets(WEB, door)) as string[];
    assert.notEqual(web, 'open');
    assert.equal(url, 'open');
    assert.deepEqual(await denying.ask({ lookup: KNOWN_NAME }), { address: PUBLIC_ADDRESS, family: 4 });
    assert.deepEqual(await probe.targets(WEB, door), ['open', 'open']);
  });
});

test('an account denies itself one port, or everything and names with it', async () => {
  await withProbes({ MILLRACE_DNS: PUBLIC_ADDRESS }, async (_, another) => {
    const port = await another({ egressDeny: [`${PUBLIC_ADDRESS}/32:${WEB_PORT}`] });
    assert.notEqual(((await port.targets(WEB)) as string[])[0], 'open');
    const otherPort = await another({ egressDeny: [`${PUBLIC_ADDRESS}/32:81-90`] });
    assert.deepEqual(await otherPort.targets(WEB), ['open']);
    const all = await another({ egressDeny: ['0.0.0.0/0'] });
    assert.notEqual(((await all.targets(WEB)) as string[])[0], 'open');
    assert.match(String(await all.ask({ lookup: KNOWN_NAME })), /^E/);
    assert.deepEqual(await all.targets({ host: 'localhost', port: DOOR_PORT }), ['open']);
  });
});

/** The first is built for its account, those after it were blank before. */
const BUILT_AND_BLANK = 3;

test('a sandbox that waited without code has the rules of the account that it is given to', async () => {
  const installation = makeInstallation({ MILLRACE_PORT: String(DOOR_PORT) });
  const blanks = watchBlanks();
  const jails = await openJails(installation, { blanks: { most: 1, budgetMb: 512 }, log: blanks.log });
  try {
    const code = { bundleHash: writeBundle(installation, PROBE), layerHash: null, engine: ENGINE } as const;
    const wasBlank = new Set<boolean>();
    for (let n = 0; n < BUILT_AND_BLANK; n++) {
      const spec = { id: randomBytes(6).toString('hex'), accountId: '1', limits: LIMITS, ...code };
      const sandbox = await jails.driver.start({ ...spec, egressDeny: [`${PUBLIC_ADDRESS}/32`] });
      wasBlank.add(sandbox.id !== spec.id);
      const { body } = await new Conversation(sandbox).invoke({ targets: [WEB] });
      assert.notEqual((body as string[])[0], 'open');
      await blanks.waiting(n + 1);
      sandbox.kill();
      await sandbox.exited;
    }
    assert.deepEqual([...wasBlank].sort(), [false, true], 'one was built for it, one was blank');
  } finally {
    await jails.close();
    installation.remove();
  }
});

test('the operator opens a private network to one account and closes a public one to another', async () => {
  const env = {
    MILLRACE_EGRESS_ALLOW_ACCOUNTS: `AB1234=${PRIVATE_ADDRESS}:${WEB_PORT}`,
    MILLRACE_EGRESS_DENY_ACCOUNTS: `CD5678=${PUBLIC_ADDRESS}`,
  };
  const inside = { host: PRIVATE_ADDRESS, port: WEB_PORT };
  await withProbes(env, async (_, another) => {
    const isOpen = async (options: Partial<StartOptions>): Promise<boolean[]> => {
      const outcomes = (await (await another(options)).targets(inside, WEB)) as string[];
      return outcomes.map((outcome) => outcome === 'open');
    };
    assert.deepEqual(await isOpen({ accountId: 'AB1234' }), [true, true]);
    assert.deepEqual(await isOpen({ accountId: 'CD5678' }), [false, false]);
    assert.deepEqual(await isOpen({ accountId: 'EF9012' }), [false, true]);
    const denied = { accountId: 'AB1234', egressDeny: [`${PRIVATE_ADDRESS}/32`] };
    assert.deepEqual(await isOpen(denied), [false, true]);
  });
});

test('datagrams reach a public address on the ports of MILLRACE_EGRESS_UDP alone, an allowed network on all', async () => {
  const over = (host: string): Target[] => ECHO_PORTS.map((port) => ({ host, port, over: 'udp' as const }));
  const answered = async (env: Record<string, string>, host: string): Promise<boolean[]> => {
    let outcomes: string[] = [];
    await withProbes(env, async (probe) => {
      outcomes = (await probe.ask({ query: '00', targets: over(host) })) as string[];
    });
    return outcomes.map((outcome) => outcome === 'open');
  };
  assert.deepEqual(await answered({}, PUBLIC_ADDRESS), [false, false]);
  assert.deepEqual(await answered({ MILLRACE_EGRESS_UDP: '443' }, PUBLIC_ADDRESS), [true, false]);
  assert.deepEqual(await answered({ MILLRACE_EGRESS_UDP: '443' }, PRIVATE_ADDRESS), [false, false]);
  assert.deepEqual(await answered({ MILLRACE_EGRESS_ALLOW: PRIVATE_ADDRESS }, PRIVATE_ADDRESS), [true, true]);
});
