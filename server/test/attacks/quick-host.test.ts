// Attacks on what else is on the machine: processes, files, sockets. Each looks for a canary that is planted
// there, and finds it when the same code runs outside the jail.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { attack, skipAttacks } from './attack.ts';
import { gotOutside } from './attacker.ts';
import { makeCanary, openScene, pidsOnHost, procText, type Scene } from './open-scene.ts';

const PLATFORM_SECRET = makeCanary('platform');
const WORD = makeCanary('process');
const MASTER_KEY = Buffer.alloc(32, WORD).toString('base64');

let scene: Scene;
let bystander: ChildProcess;
/** Where the bystander keeps {@link WORD}: its process and the address of the text. */
let place: { pid: string; address: string };
const folders: string[] = [];

before(async () => {
  if (skipAttacks !== false) return;
  scene = await openScene({ MILLRACE_MASTER_KEY: MASTER_KEY, PLATFORM_SECRET });
  await scene.neighbour.got('count');
  [bystander, place] = await startBystander();
});
after(async () => {
  bystander?.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true });
  await scene?.close();
});

async function startBystander(): Promise<[ChildProcess, { pid: string; address: string }]> {
  const child = spawn(path.join(scene.folder, 'probe'), ['hold', WORD], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { WORD },
  });
  const [said] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const [pid = '', address = ''] = said.toString().trim().split(' ');
  return [child, { pid, address }];
}

/** A folder with a file `canary`, open to everybody. */
function plantFile(parent: string, text: string): string {
  const folder = mkdtempSync(path.join(parent, 'millrace-canary-'));
  folders.push(folder);
  chmodSync(folder, 0o755);
  const file = path.join(folder, 'canary');
  writeFileSync(file, text, { mode: 0o644 });
  return file;
}

/** The attack gets nothing of `canary` from inside and gets it outside. */
async function assertOutOfReach(name: string, argument: unknown, canary: string): Promise<void> {
  assert.ok((await gotOutside(scene.folder, name, argument)).includes(canary), 'the attack works outside');
  const loot = await scene.attacker.got(name, argument);
  assert.ok(!loot.includes(canary), `found ${canary} in ${loot.slice(0, 2000)}`);
}

attack('host-processes', async () => {
  await assertOutOfReach('processes', null, WORD);
  const loot = await scene.attacker.got('processes');
  for (const own of [scene.millrace.dataDir, PLATFORM_SECRET]) assert.ok(!loot.includes(own), loot);
});

attack('neighbour-processes', async () => {
  const word = makeCanary('child');
  await scene.neighbour.got('plant', word);
  assert.equal(pidsOnHost(word).length, 1, 'the host sees it');
  assert.ok((await scene.neighbour.got('processes')).includes(word), 'the neighbour sees its own child');
  assert.ok(!(await scene.attacker.got('processes')).includes(word));
});

attack('host-memory', async () => {
  await assertOutOfReach('native', ['read-memory', place.pid, place.address], WORD);
});

attack('host-tracing', async () => {
  await assertOutOfReach('native', ['trace', place.pid, place.address], WORD);
});

attack('host-descriptors', async () => {
  const file = plantFile(tmpdir(), WORD);
  const holder = spawn('sleep', ['1000'], { stdio: [openSync(file, 'r'), 'ignore', 'ignore'] });
  await once(holder, 'spawn');
  try {
    await assertOutOfReach('native', ['steal-descriptor', holder.pid, 0], WORD);
  } finally {
    holder.kill('SIGKILL');
  }
});

attack('host-kill', async () => {
  const victim = spawn('sleep', ['1000'], { stdio: 'ignore' });
  const killed = once(victim, 'exit');
  await gotOutside(scene.folder, 'kill', [victim.pid]);
  assert.equal((await killed)[1], 'SIGKILL');
  const millrace = scene.millrace.pid;
  await scene.attacker.got('kill', [Number(place.pid), -Number(place.pid), millrace, -millrace]);
  assert.ok(procText(place.pid, 'cmdline').includes(WORD), 'the bystander lives');
  assert.equal((await fetch(`${scene.millrace.url}/healthz`)).status, 200);
});

attack('platform-environment', async () => {
  const outside = await gotOutside(scene.folder, 'environments', null, { env: { PLATFORM_SECRET } });
  assert.ok(outside.includes(PLATFORM_SECRET));
  const loot = await scene.attacker.got('environments');
  for (const own of [PLATFORM_SECRET, MASTER_KEY, scene.millrace.dataDir, 'MILLRACE_'])
    assert.ok(!loot.includes(own), loot);
});

attack('neighbour-variables', async () => {
  assert.ok((await scene.neighbour.got('environments')).includes(scene.secret));
  assert.ok(!(await scene.attacker.got('environments')).includes(scene.secret));
});

attack('inherited-descriptors', async () => {
  const file = plantFile(tmpdir(), WORD);
  const prefix = ['sh', '-c', `exec 9<${file}; exec "$@"`, 'sh'];
  const words = [path.join(scene.folder, 'probe'), 'descriptors'];
  const outside = execFileSync(prefix[0] as string, [...prefix.slice(1), ...words], { encoding: 'utf8' });
  assert.ok(outside.includes(WORD));
  const loot = await scene.attacker.got('native', ['descriptors']);
  assert.doesNotMatch(loot, /file|folder/);
});

attack('password-file', async () => {
  const root = /^root:.*/m.exec(readFileSync('/etc/shadow', 'utf8'))?.[0];
  await assertOutOfReach('readPlaces', ['/etc/shadow'], String(root));
});

attack('host-home', async () => {
  await assertOutOfReach('readPlaces', [plantFile(homedir(), WORD)], WORD);
});

attack('host-tmp', async () => {
  await assertOutOfReach('readPlaces', [plantFile(tmpdir(), WORD), plantFile('/var/tmp', WORD)], WORD);
});

attack('anywhere-in-the-tree', async () => {
  const file = plantFile(tmpdir(), WORD);
  assert.ok((await scene.attacker.got('searchTree', 'on-neighbours')).includes('/var/task/on-neighbours.js'));
  const needles = [
    path.basename(path.dirname(file)),
    WORD,
    scene.secret,
    path.basename(scene.millrace.dataDir),
  ];
  for (const needle of needles) assert.equal(await scene.attacker.got('searchTree', needle), '[]');
});

attack('data-folder', async () => {
  const file = path.join(scene.millrace.dataDir, 'canary');
  writeFileSync(file, WORD);
  const database = path.join(scene.millrace.dataDir, 'postgres/PG_VERSION');
  await assertOutOfReach(
    'readPlaces',
    [file, database, path.join(scene.millrace.dataDir, 'master.key')],
    WORD,
  );
});

attack('neighbour-bundle', async () => {
  const mark = makeCanary('code');
  const other = await scene.customer.uploadCode(
    `exports.handler = async () => ({ statusCode: 200 }); // ${mark}`,
  );
  assert.equal((await scene.customer.call(other)).status, 200);
  const bundles = path.join(scene.millrace.dataDir, 'bundles');
  const files = readdirSync(bundles).map((name) => path.join(bundles, name, 'index.js'));
  await assertOutOfReach('readPlaces', files, mark);
});

attack('bundle-link', async () => {
  const file = plantFile(tmpdir(), WORD);
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-canary-'));
  folders.push(folder);
  const code = `exports.handler = async () => ({ statusCode: 200, body: require('node:fs').readFileSync('/var/task/link', 'utf8') });`;
  writeFileSync(path.join(folder, 'index.js'), code);
  execFileSync('ln', ['-s', file, path.join(folder, 'link')]);
  const zip = path.join(folder, 'function.zip');
  execFileSync('zip', ['-q', '-y', zip, 'index.js', 'link'], { cwd: folder });
  const text = await scene.customer
    .upload(readFileSync(zip))
    .then(async (fn) => (await scene.customer.call(fn)).text())
    .catch((error: Error) => error.message);
  assert.ok(!text.includes(WORD), text);
  assert.equal(readFileSync(path.join(folder, 'link'), 'utf8'), WORD);
});

attack('file-handles', async () => {
  const file = plantFile(scene.millrace.dataDir, WORD);
  const made = execFileSync(path.join(scene.folder, 'probe'), ['make-handle', file], { encoding: 'utf8' });
  const [type = '', handle = ''] = made.trim().split(' ');
  const outside = await gotOutside(scene.folder, 'native', [
    'open-handle',
    scene.millrace.dataDir,
    type,
    handle,
  ]);
  assert.ok(outside.includes(WORD), outside);
  for (const mounted of ['/var/task', '/etc', '/usr', '/opt/millrace/runtimes']) {
    assert.doesNotMatch(
      await scene.attacker.got('native', ['open-handle', mounted, type, handle]),
      /canary|ok/,
    );
  }
});

attack('poisoned-runtime', async () => {
  const files = [
    ...['/opt/millrace/runtimes/node/bootstrap.cjs', '/opt/millrace/contract/frames.cjs', '/etc/resolv.conf'],
    ...['/opt/millrace/engine/node', '/usr/bin/env', '/etc/passwd', '/etc/hosts', '/var/task/index.js'],
  ];
  assert.equal(
    await gotOutside(scene.folder, 'poison', [plantFile(tmpdir(), WORD)]),
    JSON.stringify({ changed: ['open'], added: ['open'], moved: ['open'] }),
  );
  const loot = await scene.attacker.got('poison', files);
  assert.ok(!loot.includes('open'), loot);
});

attack('supervisor-socket', async () => {
  const folders = existsSync('/run/millrace') ? readdirSync('/run/millrace') : [];
  const run = [
    ...folders.map((name) => `/run/millrace/${name}/supervisor.sock`),
    path.join(scene.millrace.dataDir, 'run/supervisor.sock'),
  ];
  assert.ok((await gotOutside(scene.folder, 'connectUnix', run)).includes('open'));
  assert.ok(!(await scene.attacker.got('connectUnix', run)).includes('open'));
});

attack('database-socket', async () => {
  const sockets = [path.join(scene.millrace.dataDir, 'pg/.s.PGSQL.5432')];
  assert.ok((await gotOutside(scene.folder, 'connectUnix', sockets)).includes('open'));
  assert.ok(!(await scene.attacker.got('connectUnix', sockets)).includes('open'));
});

attack('abstract-sockets', async () => {
  const server = net.createServer((socket) => socket.destroy()).listen(`\0${WORD}`);
  await once(server, 'listening');
  assert.equal(await gotOutside(scene.folder, 'connectUnix', [`\0${WORD}`]), '["open"]');
  assert.equal(await scene.attacker.got('connectUnix', [`\0${WORD}`]), '["ECONNREFUSED"]');
  server.close();
});

attack('callers-token', async () => {
  const loot = await scene.customer.request(
    `${scene.attacker.fn.invokeUrl}?token=${scene.millrace.token}&shown=1`,
    {
      method: 'POST',
      headers: { 'x-shown': 'shown-in-a-header' },
      body: JSON.stringify({ attack: 'tokenSeen', argument: null }),
    },
  );
  const text = await loot.text();
  assert.ok(text.includes('shown-in-a-header'));
  assert.ok(!text.includes(scene.millrace.token), text);
});

attack('platform-without-token', async () => {
  const url = `${scene.millrace.url}/api/v1/hosted_functions/${scene.neighbour.fn.id}`;
  assert.equal((await scene.customer.request(url)).status, 200);
  const loot = await scene.attacker.got('callPlatform', { url, method: 'GET' });
  assert.match(loot, /invalid_token/);
  assert.ok(!loot.includes(scene.neighbour.fn.invokeUrl));
});
