// The image is built as docs/operate/image.md says, without a daemon, and runs in a container with the rights
// that the page names and no others: a function answers in a jail, and the end of the container is an orderly
// one. Takes minutes: `npm run test:image`. Installs mmdebstrap, umoci and buildah by apt where they are
// missing.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** What functions and npm trust on this machine; the build's registry may need it. */
const ROOTS = '/etc/ssl/certs/ca-certificates.crt';
const BUILDERS = ['mmdebstrap', 'umoci', 'buildah'];
const container = `millrace-image-${process.pid}`;

let work: string;

before(() => {
  // The name of an image has no upper case, and that of the base is its path.
  work = `/var/tmp/millrace-image-${process.pid}`;
  mkdirSync(work);
  installBuilders();
  buildBase();
  buildImage();
  writeConfig();
});
after(() => {
  spawnSync('runc', ['delete', '--force', container]);
  rmSync(work, { recursive: true, force: true });
});

test('a function answers in a jail of the container, and the container ends in order', async () => {
  startContainer();
  await untilReady();
  const platform = JSON.parse(inside(ASK_PLATFORM)) as { sandbox: string; warnings: string[] };
  assert.equal(platform.sandbox, 'bubblewrap');
  assert.deepEqual(platform.warnings, []);
  assert.equal(inside(CALL_FUNCTION), '{"user":1000,"answer":42}');
  run('runc', 'kill', container, 'TERM');
  await untilStopped();
});

/** Fails with what the command said. */
function run(command: string, ...args: string[]): void {
  const done = spawnSync(command, args, { cwd: work, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  assert.equal(done.status, 0, `${command} ${args[0]}: ${`${done.stdout}${done.stderr}`.slice(-4_000)}`);
}

function installBuilders(): void {
  const missing = BUILDERS.filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length === 0) return;
  console.log(`installing ${missing.join(', ')} with apt-get`);
  run('apt-get', 'install', '-y', '-q', '--no-install-recommends', ...missing);
}

/** In place of the image of Debian that a registry has. */
function buildBase(): void {
  run('mmdebstrap', '--variant=minbase', '--quiet', '--include=ca-certificates', 'bookworm', 'base.tar');
  run('umoci', 'init', '--layout', 'base');
  run('umoci', 'new', '--image', 'base:12');
  run('umoci', 'unpack', '--image', 'base:12', 'layer');
  run('tar', '-xf', 'base.tar', '-C', 'layer/rootfs');
  run('umoci', 'repack', '--image', 'base:12', 'layer');
  rmSync(path.join(work, 'layer'), { recursive: true });
}

function buildImage(): void {
  writeFileSync(path.join(work, 'npmrc'), existsSync(ROOTS) ? 'cafile=/build-roots.crt\n' : '');
  const stores = ['--storage-driver', 'vfs', '--root', `${work}/store`, '--runroot', `${work}/run`];
  const build = ['--isolation', 'chroot', '--build-arg', `BASE=oci:${work}/base:12`];
  const own = ['--volume', `${ROOTS}:/build-roots.crt:ro`, '--secret', `id=npmrc,src=${work}/npmrc`];
  const file = path.join(ROOT, 'deploy/image/Containerfile');
  run(
    'buildah',
    ...stores,
    'bud',
    ...build,
    ...own,
    '--file',
    file,
    '--tag',
    `oci:${work}/out:millrace`,
    ROOT,
  );
  run('umoci', 'unpack', '--image', 'out:millrace', 'bundle');
}

type OciConfig = {
  process: { terminal: boolean; capabilities: Record<string, string[]>; noNewPrivileges: boolean };
  mounts: { destination: string; type: string; source: string; options: string[] }[];
  linux: { maskedPaths: string[]; readonlyPaths: string[]; namespaces: { type: string }[] };
};

/** Mounts that come otherwise than umoci has them: its volumes run no programs, and docker's do. */
const OTHERS = new Set(['/run', '/sys/fs/cgroup', '/var/lib/millrace']);

/** The rights of docs/operate/image.md, read off its command line. */
function writeConfig(): void {
  const page = readFileSync(path.join(ROOT, 'docs/operate/image.md'), 'utf8');
  const added = [...page.matchAll(/--cap-add=([A-Z_]+)/g)].map((found) => `CAP_${found[1]}`);
  assert.ok(added.length > 5, 'the page names the capabilities');
  const file = path.join(work, 'bundle/config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as OciConfig;
  config.process.terminal = false;
  config.process.capabilities = { bounding: added, effective: added, permitted: added };
  config.process.noNewPrivileges = true;
  const volatile = ['nosuid', 'nodev', 'mode=755'];
  config.mounts = [
    ...config.mounts.filter(({ destination }) => !OTHERS.has(destination)),
    { destination: '/run', type: 'tmpfs', source: 'tmpfs', options: volatile },
    { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: ['rw', 'nosuid', 'nodev'] },
  ];
  config.linux.maskedPaths = [];
  config.linux.readonlyPaths = [];
  writeFileSync(file, JSON.stringify(config));
}

const SAY = 'console.log(text)';
const TOKEN = `require('fs').readFileSync('/var/lib/millrace/first.token', 'utf8').trim()`;
const ASK_PLATFORM = `const token = ${TOKEN};
  const text = await (await fetch('http://127.0.0.1:8700/millrace/v1/platform', { headers: { authorization: 'Bearer ' + token } })).text(); ${SAY}`;
const CODE = 'exports.handler = async () => ({ user: process.getuid(), answer: 42 });';
const CALL_FUNCTION = `const headers = { authorization: 'Bearer ' + ${TOKEN}, 'content-type': 'application/json' };
  const post = async (path, body) => (await fetch('http://127.0.0.1:8700/millrace/v1/functions' + path,
    { method: 'POST', headers, body: JSON.stringify(body) })).json();
  const { id } = await post('', { name: 'first', code: { inline: ${JSON.stringify(CODE)} } });
  const made = await post('/' + id + '/runs', {});
  const text = JSON.stringify(made.result ?? made); ${SAY}`;

/** Into a file: the container goes on writing where runc does. */
function startContainer(): void {
  const file = path.join(work, 'container.log');
  const log = openSync(file, 'w');
  const words = ['run', '--detach', '--bundle', 'bundle', '--no-pivot', container];
  const { status } = spawnSync('runc', words, { cwd: work, stdio: ['ignore', log, log] });
  closeSync(log);
  assert.equal(status, 0, readFileSync(file, 'utf8'));
}

function inside(program: string): string {
  const words = ['exec', container, 'node', '-e', `(async () => { ${program} })()`];
  return execFileSync('runc', words, { encoding: 'utf8' }).trim();
}

async function untilReady(): Promise<void> {
  const ask = `await fetch('http://127.0.0.1:8700/readyz').then((a) => process.exit(a.status === 200 ? 0 : 1), () => process.exit(1))`;
  const giveUpAt = Date.now() + 120_000;
  while (spawnSync('runc', ['exec', container, 'node', '-e', `(async () => { ${ask} })()`]).status !== 0) {
    assert.ok(Date.now() < giveUpAt, 'the container is not ready');
    await sleep(500);
  }
}

async function untilStopped(): Promise<void> {
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const state = JSON.parse(execFileSync('runc', ['state', container], { encoding: 'utf8' }));
    if (state.status === 'stopped') return;
    assert.ok(Date.now() < giveUpAt, `the container is ${state.status}`);
    await sleep(200);
  }
}
