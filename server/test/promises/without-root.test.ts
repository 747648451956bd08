// The whole of Millrace as an ordinary user runs it: jails by user namespaces, a network by pasta, limits by
// cgroups that are theirs or by watching. What is weaker is said. The attacks are tried in this mode, too:
// MILLRACE_TEST_WITHOUT_ROOT, see test/attacks/open-scene.ts.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  openTestInternet,
  standIn,
  type TestHost,
  type TestInternet,
} from '../internet/open-test-internet.ts';
import { until } from '../until.ts';
import { Customer, type HostedFunction } from './customer.ts';
import {
  asOrdinaryUser,
  MAIN,
  type OwnCgroups,
  ordinaryUser,
  ownCgroups,
  processesOf,
} from './ordinary-user.ts';
import { ofProcess } from './remains.ts';
import { type Millrace, noJails, type StartOptions, startMillrace } from './start-millrace.ts';

/** Making the user, their cgroups and an internet takes root. */
const skip = noJails();
/** A private address that answers on the tests' internet. */
const PRIVATE = '10.213.7.1';

let internet: TestInternet;
let shop: TestHost;
let user: StartOptions & { dataDir: string };
let addressesAtStart: string[];
let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  internet = await openTestInternet();
  shop = await internet.host('shop.test', standIn('echo'));
  const translate = `ip daddr ${PRIVATE} dnat to ${shop.address}`;
  const rules = `table ip private { chain in { type nat hook prerouting priority dstnat; ${translate}; }; }`;
  execFileSync('ip', ['netns', 'exec', internet.namespace, 'nft', '-f', '-'], { input: rules });
  execFileSync('ip', ['route', 'add', `${PRIVATE}/32`, 'via', shop.address]);
  user = await asOrdinaryUser({ tun: 'open' });
  addressesAtStart = ownAddresses();
  millrace = await startMillrace({
    ...user,
    env: { ...user.env, MILLRACE_DNS: internet.dnsAddress, MILLRACE_PIDS: '64' },
  });
  // Without what has gone before Millrace looked, and may come back with another test.
  addressesAtStart = addressesAtStart.filter((address) => ownAddresses().includes(address));
  customer = new Customer(millrace);
});
after(async () => {
  await millrace?.close();
  // It goes with the link to the internet.
  await internet?.close();
});

/** IPv4 addresses of this machine, loopback's left out. */
function ownAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}

const modern = { environment: 'nodejs24.x' };

/** What a function answers, as JSON. */
async function answerOf<T>(fn: HostedFunction): Promise<T> {
  const answer = await customer.call(fn);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as T;
}

/** Uploads a function whose answer is the value of `expression`. */
function answering(expression: string): Promise<HostedFunction> {
  const code = `exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(await (${expression})()) });`;
  return customer.uploadCode(code, modern);
}

test('an ordinary user is told at the start, and by the API, what is weaker', { skip }, async () => {
  const { sandbox, warnings } = await customer.json<{ sandbox: string; warnings: string[] }>(
    '/millrace/v1/platform',
  );
  assert.equal(sandbox, 'bubblewrap');
  assert.match(warnings.join('\n'), /WITHOUT ROOT(.|\n)*no cgroups are this user’s/);
  assert.doesNotMatch(warnings.join('\n'), /no network/);
  await millrace.printed(/WITHOUT ROOT/);
});

test('a function runs in a jail: another user inside, no capabilities, the filter, no process but its own', {
  skip,
}, async () => {
  const fn = await answering(`() => { const fs = require('node:fs');
    const status = fs.readFileSync('/proc/self/status', 'utf8');
    return { user: process.getuid(), caps: /CapEff:\\t(.*)/.exec(status)[1], seccomp: /Seccomp:\\t(.*)/.exec(status)[1],
      processes: fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length, root: fs.readdirSync('/').join() }; }`);
  assert.deepEqual(await answerOf(fn), {
    ...{ user: 1000, caps: '0000000000000000', seccomp: '2', processes: 2 },
    root: readdirSync('/').includes('lib64')
      ? 'bin,dev,etc,lib,lib64,opt,proc,sbin,tmp,usr,var'
      : 'bin,dev,etc,lib,opt,proc,sbin,tmp,usr,var',
  });
});

test('a function that reuses nothing gets a new process for each run', { skip }, async () => {
  const fn = await answering(`() => { globalThis.seen = (globalThis.seen ?? 0) + 1;
    const files = require('node:fs').readdirSync('/tmp'); require('node:fs').writeFileSync('/tmp/left', '');
    return [globalThis.seen, files]; }`);
  await customer.settings(fn, { reuse: 'none' });
  for (let run = 0; run < 3; run += 1) assert.deepEqual(await answerOf(fn), [1, []]);
});

/**
 * Ends its first thread alone, by the system call `exit`: /proc then says nothing of the memory under the
 * process's own number.
 */
const HEADLESS = `import ctypes, platform, threading, time
def hold():
    held = bytearray(400 << 20)
    time.sleep(60)
threading.Thread(target=hold).start()
ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)`;
const BOMBS: [what: string, body: string][] = [
  [
    'buffers',
    `const kept = []; for (;;) { kept.push(Buffer.alloc(4 << 20, 1)); await new Promise(setImmediate); }`,
  ],
  ['the JavaScript heap', `const kept = []; for (;;) kept.push(new Array(1e5).fill(Math.random()));`],
  [
    'files in /tmp',
    `for (let n = 0; ; n += 1) require('node:fs').writeFileSync('/tmp/' + n, Buffer.alloc(4 << 20, 1));`,
  ],
  [
    'threads that outlive the first of their process',
    `require('node:child_process').spawn('python3', ['-c', ${JSON.stringify(HEADLESS)}]); await new Promise(() => {});`,
  ],
];
for (const [what, body] of BOMBS) {
  test(`${what} over the memory limit end a run as out of memory`, { skip }, async () => {
    const fn = await answering(`async () => { ${body} }`);
    await customer.settings(fn, { memory_mb: 128 });
    const run = await customer.runOf(await customer.call(fn));
    assert.equal(run.status, 'out_of_memory', JSON.stringify(run));
  });
}

test('a run’s memory peak is known', { skip }, async () => {
  const fn = await answering(`async () => { const kept = Buffer.alloc(100 << 20, 1);
    await new Promise((r) => setTimeout(r, 400)); return kept.length; }`);
  const run = await customer.runOf(await customer.call(fn));
  const peakMb = (run.memory_peak_bytes ?? 0) / 2 ** 20;
  assert.ok(peakMb > 100 && peakMb < 256, `${peakMb} MiB`);
});

test('processes over the limit are refused, and other functions go on', { skip }, async () => {
  const fn = await answering(`async () => { let made = 0;
    for (let n = 0; n < 100; n += 1) { const child = require('node:child_process').spawn('/bin/sleep', ['30']);
      child.on('error', () => {}); if (child.pid !== undefined) made += 1; }
    return made; }`);
  const made = await answerOf<number>(fn);
  assert.ok(made > 20 && made < 64, `${made} processes`);
  assert.equal(await answerOf(await answering('() => 7')), 7);
});

/** A function that asks every URL of its query, and answers with what came: a status or an error's code. */
async function asker(): Promise<(urls: string[]) => Promise<string[]>> {
  const fn = await customer.uploadCode(
    `exports.handler = async (event) => {
    const ask = (url) => fetch(url, { signal: AbortSignal.timeout(20_000) }).then((a) => String(a.status), (e) => e.cause?.code ?? e.name);
    return { statusCode: 200, body: JSON.stringify(await Promise.all(JSON.parse(event.body).map(ask))) }; };`,
    modern,
  );
  return async (urls) => {
    const answer = await customer.call(fn, { method: 'POST', body: JSON.stringify(urls) });
    const text = await answer.text();
    assert.equal(answer.status, 200, `${text}\n${millrace.output()}`);
    return JSON.parse(text) as string[];
  };
}

test('a function reaches the public internet by name and by address, and the platform by its public URL', {
  skip,
}, async () => {
  const ask = await asker();
  const urls = [`http://shop.test/`, `http://${shop.address}/`, `${millrace.url}/healthz`];
  assert.deepEqual(await ask(urls), ['200', '200', '200']);
});

test('whom a run has called is seen by the kernel of its own network', { skip }, async () => {
  const fn = await answering(`() => fetch('http://shop.test/').then((answer) => answer.status)`);
  const { id } = await customer.runOf(await customer.call(fn));
  type Calls = { unseen: string | null; data: { host: string; port: number; bytes_received: number }[] };
  let calls: Calls = { unseen: null, data: [] };
  await until('its call is seen', async () => {
    calls = await customer.json<Calls>(`/millrace/v1/runs/${id}/calls`);
    return calls.data.length > 0;
  });
  assert.deepEqual([calls.unseen, calls.data[0]?.host, calls.data[0]?.port], [null, 'shop.test', 80]);
  assert.ok((calls.data[0]?.bytes_received ?? 0) > 100);
});

test('private networks, the machine’s addresses and its loopback are out of reach', { skip }, async () => {
  const ask = await asker();
  const { port } = new URL(millrace.url);
  // Other tests' networks come and go: those that it has found at its start, and that are there still.
  const own = addressesAtStart.filter((address) => ownAddresses().includes(address));
  // What is asked answers everybody else.
  assert.equal((await fetch(`http://${PRIVATE}/`)).status, 200);
  assert.equal((await fetch(`http://${own[0]}:${port}/healthz`)).status, 200);
  const closed = [PRIVATE, '169.254.169.254', '100.96.255.253', '100.96.255.254', '100.96.0.0'].map(
    (host) => `http://${host}/`,
  );
  const said = await ask([...closed, ...own.map((address) => `http://${address}:${port}/healthz`)]);
  assert.deepEqual([...new Set(said)], ['EHOSTUNREACH']);
  assert.deepEqual(await ask(['http://127.0.0.1:5432/', `http://127.0.0.2:${port}`]), [
    'ECONNREFUSED',
    'ECONNREFUSED',
  ]);
});

test('a network that an account denies itself is closed', { skip }, async () => {
  const deny = (list: string[]): Promise<unknown> =>
    customer.json('/millrace/v1/account/egress', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ deny: list }),
    });
  await deny(['198.51.100.0/24']);
  assert.deepEqual(await (await asker())([`http://${shop.address}/`]), ['EHOSTUNREACH']);
  await deny([]);
});

test('sandboxes don’t reach each other', { skip }, async () => {
  const listening =
    await answering(`() => new Promise((done) => { const own = require('node:os').networkInterfaces().eth0[0].address;
    globalThis.server ??= require('node:http').createServer((_, r) => r.end('here')).listen(8080, () =>
      fetch('http://' + own + ':8080').then((a) => a.text()).then((said) => done({ own, said }))); })`);
  const { own, said } = await answerOf<{ own: string; said: string }>(listening);
  assert.equal(said, 'here');
  assert.deepEqual(await (await asker())([`http://${own}:8080/`]), ['EHOSTUNREACH']);
});

/** The supervisor's process, and pasta's. */
function processNamed(word: string): number {
  const found = processesOf(ordinaryUser()).find((pid) =>
    commandOf(pid)
      .split('\0')
      .some((one) => one === word || one.endsWith(`/${word}`)),
  );
  assert.ok(found !== undefined, `there is a process ${word}`);
  return found;
}

const commandOf = (pid: number): string => ofProcess(pid, 'cmdline');

async function untilAnswered(fn: HostedFunction): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  for (;;) {
    const answer = await customer.call(fn).catch(() => null);
    if (answer?.status === 200) return;
    assert.ok(Date.now() < giveUpAt, millrace.output());
    await sleep(50);
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  const left = (): number[] => processesOf(ordinaryUser()).filter((pid) => pids.includes(pid));
  while (left().length > 0 && Date.now() < giveUpAt) await sleep(20);
  assert.deepEqual(left().map(commandOf), []);
}

for (const victim of ['supervise', 'pasta']) {
  test(`the death of ${victim} ends all jails, and both come back`, { skip }, async () => {
    const fn = await answering('() => 7');
    await untilAnswered(fn);
    const jails = processesOf(ordinaryUser()).filter((pid) => commandOf(pid).startsWith('bwrap\0'));
    assert.ok(jails.length > 0);
    const former = [processNamed('supervise'), processNamed('pasta')];
    process.kill(processNamed(victim), 'SIGKILL');
    await untilGone([...jails, ...former]);
    await untilAnswered(fn);
    assert.equal((await (await asker())([`http://${shop.address}/`]))[0], '200');
  });
}

test('SIGKILL of the launcher takes everything along, and the next start finds what was kept', {
  skip,
}, async () => {
  const fn = await answering('() => 7');
  const all = processesOf(ordinaryUser());
  assert.ok(all.length > 5);
  process.kill(millrace.pid, 'SIGKILL');
  await millrace.ended;
  // At once: the former life is still on its way out.
  millrace = await startMillrace(user);
  await untilGone(all);
  customer = new Customer(millrace);
  assert.equal(await (await customer.request(`/func/v1/${fn.id}`)).text(), '7');
  assert.equal(await millrace.stop(), 0);
  assert.deepEqual(processesOf(ordinaryUser()).map(commandOf), []);
});

test('cgroups that are the user’s keep the limits, and are left as they were', { skip }, async () => {
  const cgroups: OwnCgroups = ownCgroups(ordinaryUser());
  try {
    const start = await asOrdinaryUser({ tun: 'closed', cgroups });
    millrace = await startMillrace(start);
    customer = new Customer(millrace);
    const { warnings } = await customer.json<{ warnings: string[] }>('/millrace/v1/platform');
    assert.doesNotMatch(warnings.join('\n'), /cgroup/);
    // Without /dev/net/tun there is no way out, and that is said.
    assert.match(warnings.join('\n'), /functions have no network: .*\/dev\/net\/tun/);
    assert.deepEqual(await (await asker())([`http://${shop.address}/`, `${millrace.url}/healthz`]), [
      'ENETUNREACH',
      'ECONNREFUSED',
    ]);
    const bomb = await answering(
      `async () => { const kept = []; for (;;) kept.push(Buffer.alloc(4 << 20, 1)); }`,
    );
    await customer.settings(bomb, { memory_mb: 128 });
    assert.equal((await customer.runOf(await customer.call(bomb))).status, 'out_of_memory');
    assert.ok(cgroups.dirs.some((dir) => readdirSync(dir).some((name) => name.startsWith('millrace-'))));
    assert.equal(await millrace.stop(), 0);
    assert.deepEqual(
      cgroups.dirs.flatMap((dir) => readdirSync(dir).filter((name) => name.startsWith('millrace-'))),
      [],
    );
    assert.deepEqual(processesOf(ordinaryUser()), []);
    assert.ok(!existsSync(path.join(start.dataDir, 'run')));
    rmSync(start.dataDir, { recursive: true });
  } finally {
    await millrace.stop();
    cgroups.remove();
  }
});

test('the doctor tells an ordinary user what there is and what is weaker', { skip }, async () => {
  const { dataDir, env, command } = await asOrdinaryUser({ tun: 'open' });
  const [unshare, ...args] = [...(command ?? []).slice(0, -1), 'doctor'];
  const settings = { MILLRACE_DATA_DIR: dataDir, MILLRACE_PORT: '0', MILLRACE_TLS_PORT: '0' };
  const { stdout, status } = spawnSync(unshare as string, args, {
    env: { ...process.env, ...env, ...settings },
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout);
  for (const line of [/^WARN +root /m, /^ok +user namespaces /m, /^ok +nftables /m, /^ok +way out /m]) {
    assert.match(stdout, line);
  }
  assert.match(stdout, /^WARN +cgroups .*\n +-> start by `systemd-run/m);
  rmSync(dataDir, { recursive: true });
});

test('a kernel that forbids user namespaces is told with what to do, and MILLRACE_SANDBOX=none isn’t chosen', {
  skip,
}, async () => {
  // In a user namespace with a limit of its own: the machine's stays as it is.
  const closed = `echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --inh-caps=-all --ambient-caps=-all "$@"`;
  const enter = [
    'unshare',
    '--user',
    '--map-user=4711',
    '--map-group=4711',
    '--keep-caps',
    'sh',
    '-c',
    closed,
    'sh',
  ];
  const started = startMillrace({ command: [...enter, process.execPath, MAIN, 'start'] });
  await assert.rejects(
    started,
    /lets? an ordinary user build jails(.|\n)*sysctl user\.max_user_namespaces(.|\n)*MILLRACE_SANDBOX=none/,
  );
});

test('what the launcher finds out is not taken from its environment', { skip }, async () => {
  const found = { runDir: '/tmp/none', hostAddresses: [], resolvConf: '', noNetwork: null, cgroups: null };
  const started = startMillrace({ env: { MILLRACE_INTERNAL_WITHOUT_ROOT: JSON.stringify(found) } });
  await assert.rejects(started, /MILLRACE_INTERNAL_WITHOUT_ROOT.*unset it/);
});
