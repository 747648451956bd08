// What packages can't do while they are built: each of these is allowed to run its install script, which does
// its worst in a real build jail. The registry is ours; what must not be reached really listens.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { installationName } from '../../../contract/paths.ts';
import { type Internet, KNOWN_NAME, openInternet, PUBLIC_ADDRESS, WEB_PORT } from '../jail/internet.ts';
import { longTest } from '../long-test.ts';
import { type Millrace, noJails, startMillrace } from '../promises/start-millrace.ts';
import { answering, type BuildView, PackagesCustomer } from './packages-customer.ts';
import { openRegistry, type Registry, type TestPackage } from './registry.ts';

const LAYER_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 15_000;
/** Alone more than a build's /tmp holds; npm takes what packs much better for an attack. */
const HUGE = randomBytes(8192).toString('hex').repeat(4096);
const skip = noJails();

/** A package whose install script, which may run, is this text. */
function script(name: string, text: string, more: Partial<TestPackage> = {}): TestPackage {
  return {
    ...{ name, version: '1.0.0', scripts: { postinstall: 'node install.cjs' } },
    ...more,
    files: { 'index.js': 'module.exports = 1', 'install.cjs': text },
  };
}

/** Prints `open` or an error code for each place and port. */
const REACH = (targets: object[], names: string[]): string => `
  const net = require('node:net');
  const fs = require('node:fs');
  const probe = ({ host, port }) => new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 1000 });
    socket.on('connect', () => { socket.destroy(); resolve('open'); });
    socket.on('error', (error) => resolve(error.code));
    socket.on('timeout', () => { socket.destroy(); resolve('silent'); });
  });
  const route = fs.readFileSync('/proc/net/route', 'utf8').split('\\n').map((line) => line.split('\\t')).find((one) => one[1] === '00000000');
  const gateway = route[2].match(/../g).reverse().map((byte) => parseInt(byte, 16)).join('.');
  const range = gateway.replace(/(\\d+)\\.(\\d+)$/, (_, third) => (third & 0xf8) + '.0');
  const targets = ${JSON.stringify(targets)}.flatMap((one) => one.host === 'gateway' ? [{ ...one, host: gateway }, { ...one, host: range }] : [one]);
  (async () => {
    const outcomes = [];
    for (const target of targets) outcomes.push([target.host + ':' + target.port, await probe(target)]);
    for (const name of ${JSON.stringify(names)}) outcomes.push([name, await require('node:dns/promises').lookup(name).then(() => 'open', (error) => error.code)]);
    console.log('REACHED ' + JSON.stringify(outcomes));
  })();
`;
const WRITES = `
  const fs = require('node:fs');
  const places = ['/x', '/var/task/x', '/var/node_modules/x', '/opt/millrace/runtimes/x', '/opt/millrace/engine/node', '/etc/x', '/usr/bin/x', '/dev/x', '/home/x'];
  const codes = places.map((place) => { try { fs.writeFileSync(place, 'x'); return place; } catch (error) { return error.code; } });
  let written = 0;
  try { for (;;) { fs.appendFileSync('/tmp/flood', Buffer.alloc(1 << 20)); written += 1; } } catch (error) { codes.push(error.code); }
  fs.rmSync('/tmp/flood');
  console.log('WROTE ' + JSON.stringify({ codes, written }));
`;
const SEES = `
  const fs = require('node:fs');
  const read = (file) => { try { return fs.readFileSync(file, 'utf8'); } catch (error) { return error.code; } };
  const environ = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((pid) => read('/proc/' + pid + '/environ')).join(' ');
  for (let at = 0; at < environ.length; at += 1000) console.log(JSON.stringify(environ.slice(at, at + 1000)));
  for (const [name, value] of Object.entries(process.env)) console.log(name + '=' + value.slice(0, 1000));
  console.log('SAW ' + JSON.stringify({ root: fs.readdirSync('/'), var: fs.readdirSync('/var'), passwd: read('/etc/passwd'), shadow: read('/etc/shadow'), processes: fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length, uid: process.getuid() }));
`;
const FILLS = `require('node:fs').writeFileSync('big', Buffer.alloc(${LAYER_BYTES} + 1));`;
const MANY = `for (let n = 0; n < 600; n++) require('node:fs').writeFileSync('f' + n, '');`;
const HOGS = `const held = []; for (;;) held.push(Buffer.alloc(16 << 20, 1));`;
const SLEEPS = `setInterval(() => {}, 1000); require('node:child_process').spawn('sleep', ['1000'], { detached: true }).unref();`;
const LINKS = `require('node:fs').symlinkSync('/etc/passwd', 'passwd');`;
const CLIMBS = `require('node:fs').symlinkSync('../../../../etc', 'up');`;
const PIPES = `require('node:child_process').execFileSync('mkfifo', ['pipe']);`;

const LISTENING_PORTS = 2;
/** Addresses of this machine that are tried: other tests may have made many. */
const MOST_HOSTS = 4;
let internet: Internet;
let listener: net.Server;
let registry: Registry;
let millrace: Millrace;
let customer: PackagesCustomer;

before(async () => {
  if (skip) return;
  internet = await openInternet();
  listener = net.createServer((socket) => socket.end()).listen(0, '0.0.0.0');
  await once(listener, 'listening');
  registry = await openRegistry([
    script('writes', WRITES),
    script('sees', SEES),
    script('fills', FILLS),
    script('many', MANY),
    script('hogs', HOGS),
    script('sleeps', SLEEPS),
    script('links', LINKS),
    script('climbs', CLIMBS),
    script('pipes', PIPES),
    {
      ...{ name: 'escapes', version: '1.0.0' },
      files: {
        'index.js': `module.exports = require("fs").readdirSync(__dirname, { withFileTypes: true })
          .map((one) => [one.name, one.isSymbolicLink()]);`,
      },
      rawEntries: [
        { path: 'package/../../evil.js', content: 'evil' },
        { path: '/var/evil.js', content: 'evil' },
        { path: 'package/link', linkTo: '/etc' },
        { path: 'package/link/evil.js', content: 'evil' },
        { path: '../inner/index.js', content: 'evil' },
      ],
    },
    {
      name: 'huge',
      version: '1.0.0',
      files: { 'a.txt': HUGE, 'b.txt': HUGE },
    },
    { name: 'big', version: '1.0.0', files: { 'index.js': `module.exports = '${'c'.repeat(1 << 20)}'` } },
    { name: 'inner', version: '1.0.0', files: { 'index.js': 'module.exports = "good"' } },
    { name: 'git', version: '1.0.0', dependencies: { inner: 'git+https://example.com/inner.git' } },
    { name: 'remote', version: '1.0.0', dependencies: { inner: 'http://127.0.0.1:1/inner.tgz' } },
    { name: 'local', version: '1.0.0', dependencies: { inner: 'file:../../../../etc' } },
  ]);
  const allowed = 'reaches,writes,sees,fills,many,hogs,sleeps,links,climbs,pipes';
  millrace = await startMillrace({
    env: {
      MILLRACE_NPM_REGISTRY: registry.url,
      MILLRACE_BUILD_SCRIPTS: allowed,
      MILLRACE_BUILD_TIMEOUT_MS: String(TIMEOUT_MS),
      MILLRACE_BUILD_MEMORY_MB: '256',
      MILLRACE_LAYER_BYTES: String(LAYER_BYTES),
      MILLRACE_LAYER_ENTRIES: '500',
    },
  });
  customer = new PackagesCustomer(millrace);
});
after(async () => {
  await millrace?.close();
  await registry?.close();
  listener?.close();
  await internet?.remove();
});

async function build(...names: string[]): Promise<{ end: BuildView; log: string }> {
  const fn = await customer.uploadCode(answering('return 1'));
  const end = await customer.over(
    await customer.ask(fn, Object.fromEntries(names.map((name) => [name, '1.0.0']))),
  );
  return { end, log: (await customer.logOfBuild(end)).join('\n') };
}

/** What a script printed behind a word. */
function told<T>(log: string, word: string): T {
  const line = log.split('\n').find((one) => one.startsWith(`${word} `));
  assert.ok(line, log);
  return JSON.parse(line.slice(word.length + 1)) as T;
}

test('a build reaches the registry and nothing else', { skip }, async () => {
  const port = (listener.address() as net.AddressInfo).port;
  const [registryPort, publicPort] = [registry.url, millrace.url].map((url) => Number(new URL(url).port));
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const hosts = own
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
    .slice(0, MOST_HOSTS);
  const targets = [
    { host: '127.0.0.1', port: registryPort },
    ...['127.0.0.1', 'gateway', ...hosts].flatMap((host) =>
      [port, publicPort].map((one) => ({ host, port: one })),
    ),
    ...hosts.map((host) => ({ host, port: registryPort })),
    { host: PUBLIC_ADDRESS, port: WEB_PORT },
    { host: PUBLIC_ADDRESS, port: 53 },
  ];
  registry.publish(script('reaches', REACH(targets, [KNOWN_NAME, 'registry.npmjs.org', 'localhost'])));
  const { end, log } = await build('reaches');
  assert.equal(end.status, 'ready', log);
  const outcomes = told<[string, string][]>(log, 'REACHED');
  const open = outcomes.filter(([, outcome]) => outcome === 'open').map(([target]) => target);
  assert.deepEqual(open, [`127.0.0.1:${registryPort}`, 'localhost']);
  assert.ok(outcomes.length > LISTENING_PORTS * 3);
});

test('a build writes nowhere but in its own memory, and not more than it may', { skip }, async () => {
  const { end, log } = await build('writes');
  assert.equal(end.status, 'ready', log);
  const { codes, written } = told<{ codes: string[]; written: number }>(log, 'WROTE');
  const full = codes.pop();
  assert.equal(full, 'ENOSPC');
  assert.ok(written < 80, `${written} MiB`);
  assert.deepEqual(
    codes.filter((code) => !['EROFS', 'EACCES', 'ENOENT', 'ETXTBSY'].includes(code)),
    [],
  );
});

test('a build sees neither the platform, its secrets, nor the machine', { skip }, async () => {
  const { log } = await build('sees');
  const saw = told<{ shadow: string; uid: number; var: string[]; processes: number }>(log, 'SAW');
  const text = log;
  for (const secret of ['MILLRACE', millrace.token, millrace.dataDir, 'millrace-data']) {
    assert.ok(!text.replaceAll(`${registry.url}/`, '').includes(secret), secret);
  }
  assert.deepEqual([saw.shadow, saw.uid, saw.var], ['ENOENT', 1000, ['node_modules', 'task']]);
  assert.ok(saw.processes < 12, String(saw.processes));
});

longTest('packages that are larger than allowed are refused', { skip }, async () => {
  const large = await build('fills');
  assert.deepEqual([large.end.status, large.end.error?.step], ['failed', 'pack']);
  assert.match(
    large.end.error?.message ?? '',
    /take more than 2 MB \(MILLRACE_LAYER_BYTES\): the largest are \S+ [\d.]+ MB/,
  );
  const many = await build('many');
  assert.match(many.end.error?.message ?? '', /more than 500 files \(MILLRACE_LAYER_ENTRIES\)/);
});

test('packages that do not even fit while they are installed are refused by their size, with the largest', {
  skip,
}, async () => {
  const { end, log } = await build('huge', 'big', 'inner');
  assert.deepEqual([end.status, end.error?.step], ['failed', 'pack'], log);
  assert.match(
    end.error?.message ?? '',
    /take more than 2 MB \(MILLRACE_LAYER_BYTES\): the largest are huge [\d.]+ MB/,
  );
});

longTest('a build that takes all the memory is ended', { skip }, async () => {
  const { end } = await build('hogs');
  assert.deepEqual(end.error, { step: 'limits', message: 'the build needed more than 256 MiB of memory' });
});

test('a build that does not end is ended, whatever it left running', { skip }, async () => {
  const { end } = await build('sleeps');
  assert.deepEqual(end.error, {
    step: 'limits',
    message: `the build took longer than ${TIMEOUT_MS} ms and was ended`,
  });
});

test('links out of the packages, pipes and devices are refused', { skip }, async () => {
  for (const name of ['links', 'climbs', 'pipes']) {
    const { end } = await build(name);
    assert.deepEqual([end.status, end.error?.step], ['failed', 'pack'], name);
  }
});

longTest('a tarball whose names lead elsewhere leads nowhere', { skip }, async () => {
  const fn = await customer.uploadCode(answering('return [require("escapes"), require("inner")]'));
  await customer.built(fn, { escapes: '1.0.0', inner: '1.0.0' });
  const [files, inner] = await customer.answerOf<[[string, boolean][], string]>(fn);
  assert.equal(inner, 'good');
  // The link is left out, so that what was to go through it stays inside the package.
  assert.deepEqual(
    files.filter(([, isLink]) => isLink),
    [],
  );
  for (const place of ['/evil.js', '/var/evil.js', '/etc/evil.js']) assert.equal(existsSync(place), false);
});

longTest('a package can not bring another from elsewhere than the registry', { skip }, async () => {
  for (const name of ['git', 'remote', 'local']) {
    const { end } = await build(name);
    assert.equal(end.status, 'failed', name);
    assert.match(end.error?.message ?? '', /EALLOW(GIT|REMOTE|FILE|DIRECTORY)/, name);
  }
});

test('nothing of a build stays on the disk but the packages of those that went well', { skip }, async () => {
  const names = readdirSync(path.join(millrace.dataDir, 'bundles'));
  assert.deepEqual(
    names.filter((name) => name.startsWith('.') && name !== '.boot'),
    [],
  );
  const runDir = path.join('/run/millrace', installationName(millrace.dataDir));
  assert.deepEqual(
    readdirSync(runDir).filter((name) => name.startsWith('build-etc-')),
    [],
  );
});
