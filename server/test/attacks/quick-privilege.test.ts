// Attacks on the walls themselves: privileges, namespaces, mounts, cgroups, devices, kernel settings and
// system calls. Each is tried by the host's root as well, to whom it is allowed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { attack, skipAttacks } from './attack.ts';
import { gotOutside, successes } from './attacker.ts';
import { makeCanary, openScene, pidsOnHost, procText, type Scene } from './open-scene.ts';

/** So that what root is allowed happens to nobody: mounts and names of its own. */
const APART = ['unshare', '--mount', '--uts', '--ipc', '--fork'];

let scene: Scene;

before(async () => {
  if (skipAttacks === false) scene = await openScene();
});
after(() => scene?.close());

const inside = (...words: string[]): Promise<string> => scene.attacker.got('native', words);
const outside = (...words: string[]): Promise<string> =>
  gotOutside(scene.folder, 'native', words, { prefix: APART });

attack('setuid-programs', async () => {
  const programs = JSON.parse(await gotOutside(scene.folder, 'setuidPrograms')) as string[];
  assert.ok(programs.some((file) => file.endsWith('/su')));
  const outcomes = JSON.parse(await scene.attacker.got('useSetuid')) as string[];
  for (const said of outcomes) assert.doesNotMatch(said, /^0$|uid 0/m);
});

attack('setuid-upload', async () => {
  const program = path.join(scene.folder, 'probe');
  const asNobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', program, 'who'];
  execFileSync('chmod', ['755', scene.folder]);
  assert.match(execFileSync('setpriv', asNobody, { encoding: 'utf8' }), /uid 65534 euid 0/);
  const [own, uploaded] = JSON.parse(await scene.attacker.got('useSetuid')) as string[];
  for (const said of [own, uploaded]) assert.doesNotMatch(said ?? '', /uid 0/);
  assert.match(own ?? '', /^uid 1000 euid 1000 caps 0+$/m);
});

attack('becoming-root', async () => {
  const file = path.join(scene.folder, 'index.js');
  assert.deepEqual(successes(await outside('become-root', file)), [
    'setgroups',
    'setgid',
    'setuid',
    'setfsuid',
    'chown',
  ]);
  assert.deepEqual(successes(await inside('become-root', '/tmp/probe')), []);
});

attack('raising-capabilities', async () => {
  assert.deepEqual(successes(await inside('capset')), []);
  assert.match(await inside('who'), /uid 1000 euid 1000 caps 0+$/m);
  assert.match(await outside('who'), /uid 0 euid 0 caps [0-9a-f]*[1-9a-f]/);
});

attack('joining-namespaces', async () => {
  assert.ok(successes(await outside('join-namespaces', 'self')).includes('net'));
  for (const pid of ['1', '2', 'self']) assert.deepEqual(successes(await inside('join-namespaces', pid)), []);
});

/** Of each program command: the one thing at least that root can do. */
const REFUSED: [id: string, command: string, rootCan: string[]][] = [
  ['user-namespaces', 'user-namespaces', ['unshare', 'clone', 'clone3']],
  ['other-namespaces', 'other-namespaces', ['mount', 'pid', 'net', 'clone', 'clone3']],
  ['mounting', 'mounts', ['tmpfs', 'bind', 'remount', 'unmount', 'fsopen']],
  ['changing-root', 'roots', ['chroot']],
  ['making-devices', 'devices', ['null', 'kmsg']],
  ['io-uring', 'io_uring', ['io_uring_setup']],
  ['userfaultfd', 'userfaultfd', ['userfaultfd']],
  ['performance-counters', 'perf', ['perf_event_open']],
  ['keyrings', 'keys', ['add_key', 'keyctl', 'request_key']],
  ['personality', 'personality', ['no randomisation', 'read implies execute']],
  ['debugging', 'trace-me', ['ptrace']],
  ['other-entries', 'entries', process.arch === 'x64' ? ['int 0x80'] : []],
];
for (const [id, command, rootCan] of REFUSED) {
  attack(id, async () => {
    const said = await outside(command);
    const allowed = successes(said);
    // A kernel built without the thing has nothing to be attacked.
    const isThere = rootCan.filter((what) => allowed.includes(what));
    if (isThere.length < rootCan.length)
      console.log(`${id}: this kernel lets root do ${allowed.join(', ')} only`);
    const refused = await inside(command);
    assert.equal(refused.split('\n').length, said.split('\n').length, 'all of it was tried');
    assert.deepEqual(successes(refused), []);
  });
}

/** What even root is refused for its argument's sake: who may not call at all hears EPERM before that. */
const REFUSED_BEFORE_ARGUMENTS: [id: string, command: string][] = [
  ['kernel-calls', 'kernel'],
  ['bpf', 'bpf'],
  ['terminal-injection', 'terminal'],
];
for (const [id, command] of REFUSED_BEFORE_ARGUMENTS) {
  attack(id, async () => {
    assert.match(await outside(command), / (EINVAL|ENOENT|EFAULT|ok)$/m);
    const lines = (await inside(command)).trim().split('\n');
    assert.ok(lines.length > 0 && lines[0] !== '');
    for (const line of lines) assert.match(line, / (EPERM|ENOSYS|EACCES|SIGSYS)$/);
  });
}

attack('odd-sockets', async () => {
  const allowed = successes(await outside('sockets'));
  assert.ok(allowed.includes('raw') && allowed.includes('packet'), String(allowed));
  const harmless = ['unix', 'inet', 'inet6', 'netlink', 'mptcp'];
  const opened = successes(await inside('sockets'));
  assert.ok(opened.includes('inet'));
  assert.deepEqual(
    opened.filter((kind) => !harmless.includes(kind)),
    [],
  );
});

attack('opening-devices', async () => {
  const names = JSON.parse(await gotOutside(scene.folder, 'openDevices')) as string[];
  assert.ok(names.length > 10, String(names));
  const harmless = [
    'console',
    'full',
    'null',
    'ptmx',
    'random',
    'tty',
    'urandom',
    'zero',
    'stdin',
    'stdout',
    'stderr',
  ];
  const opened = JSON.parse(await scene.attacker.got('openDevices')) as string[];
  assert.deepEqual(
    opened.filter((name) => !harmless.includes(name)),
    [],
  );
});

attack('kernel-log', async () => {
  const canary = makeCanary('log');
  writeFileSync('/dev/kmsg', `${canary}\n`);
  assert.ok((await outside('kernel-log')).includes(canary));
  assert.ok(!(await inside('kernel-log')).includes(canary));
  assert.ok(!(await scene.attacker.got('readPlaces', ['/dev/kmsg'])).includes(canary));
});

/** Where the kernel shows its memory and addresses. */
const KERNEL_FILES = ['kcore', 'kpageflags', 'kpagecount', 'vmallocinfo', 'timer_list', 'slabinfo'];

attack('kernel-memory', async () => {
  const files = KERNEL_FILES.map((name) => `/proc/${name}`).filter((file) => existsSync(file));
  const opened = JSON.parse(await gotOutside(scene.folder, 'opens', files)) as string[];
  assert.ok(opened.length > 0, String(files));
  assert.deepEqual(JSON.parse(await scene.attacker.got('opens', files)), []);
  // Readable by all, with zeros for who has no business with addresses.
  const address = /(?!0+ )[0-9a-f]{16} /;
  assert.match(await gotOutside(scene.folder, 'headOf', '/proc/kallsyms'), address);
  assert.doesNotMatch(await scene.attacker.got('headOf', '/proc/kallsyms'), address);
});

attack('kernel-keys', async () => {
  const [name, canary] = [makeCanary('name'), makeCanary('key')];
  const program = path.join(scene.folder, 'probe');
  const serial = execFileSync(program, ['key-add', name, canary], { encoding: 'utf8' }).trim();
  assert.ok((await outside('key-read', serial)).includes(canary));
  assert.ok(!(await inside('key-read', serial)).includes(canary));
  assert.ok((await gotOutside(scene.folder, 'readPlaces', ['/proc/keys'])).includes(name));
  assert.ok(!(await scene.attacker.got('readPlaces', ['/proc/keys'])).includes(name));
});

const SETTINGS = ['/proc/sys', '/sys', '/proc/sysrq-trigger', '/proc/acpi', '/proc/irq', '/proc/bus'];

attack('kernel-settings', async () => {
  const before = readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
  assert.ok((await gotOutside(scene.folder, 'writableBelow', ['/proc/sys/kernel'])).includes('core_pattern'));
  assert.equal(await scene.attacker.got('writableBelow', SETTINGS), '[]');
  const wanted = ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/self/oom_score_adj'];
  const loot = JSON.parse(await scene.attacker.got('poison', wanted)) as { changed: string[] };
  assert.deepEqual(
    loot.changed.slice(0, 2).filter((outcome) => outcome === 'open'),
    [],
  );
  assert.equal(readFileSync('/proc/sys/kernel/core_pattern', 'utf8'), before);
});

/** Files of the cgroups that the attacker's sandbox is in, with what is in them. */
function limitsOfAttacker(word: string): Map<string, string> {
  const [pid] = pidsOnHost(word);
  assert.ok(pid !== undefined, 'its process is seen from the host');
  const folders = procText(pid, 'cgroup')
    .split('\n')
    .map((line) => line.split(':')[2] ?? '');
  const own = [...new Set(folders)].filter((folder) => folder.includes('millrace-'));
  const found = own.flatMap((folder) => {
    const listed = execFileSync('find', ['/sys/fs/cgroup', '-path', `*${folder}/*`, '-type', 'f'], {
      encoding: 'utf8',
    });
    return listed
      .split('\n')
      .filter((file) => /(memory\.(max|limit_in_bytes)|pids\.max|cpu\.(max|cfs_quota_us))$/.test(file));
  });
  return new Map(found.map((file) => [file, readFileSync(file, 'utf8')]));
}

attack('cgroup-limits', async () => {
  const word = makeCanary('holder');
  await scene.attacker.got('plant', word);
  const before = limitsOfAttacker(word);
  assert.ok(before.size >= 3, [...before.keys()].join(', '));
  assert.notEqual(await gotOutside(scene.folder, 'writableBelow', ['/sys/fs/cgroup']), '[]');
  const loot = await scene.attacker.got('cgroupFiles');
  assert.doesNotMatch(loot, /\/sys\/fs\/cgroup\/|ok/);
  assert.deepEqual(limitsOfAttacker(word), before);
});

attack('cgroup-release-agent', async () => {
  const marker = `/tmp/${makeCanary('agent')}`;
  const attempts = ['memory', 'pids', 'rdma', 'none,name=x'].map(
    (kind) =>
      `mkdir -p /tmp/cg; mount -t cgroup -o ${kind} cgroup /tmp/cg && mkdir -p /tmp/cg/x && echo 1 > /tmp/cg/x/notify_on_release && echo mounted`,
  );
  const code = `exports.handler = async () => ({ statusCode: 200, body: require('node:child_process')
    .spawnSync('/bin/sh', ['-c', ${JSON.stringify(`${attempts.join('; ')}; echo "touch ${marker}" > /tmp/agent; find / -name release_agent -not -path '/proc/*' 2>/dev/null; echo tried`)}]).stdout.toString() });`;
  const fn = await scene.customer.uploadCode(code);
  const said = await (await scene.customer.call(fn)).text();
  assert.equal(said.trim(), 'tried');
  assert.ok(!existsSync(marker));
  assert.ok(successes(await outside('cgroup-mounts')).length > 0, 'root of the host can mount one');
  rmSync(marker, { force: true });
});
