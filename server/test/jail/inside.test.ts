// What a function finds inside its jail, looked at by code that runs there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Installation, type Jails, makeInstallation, openJails, runInJail } from './jail-fixture.ts';

let installation: Installation;
let jails: Jails;

before(async () => {
  installation = makeInstallation();
  jails = await openJails(installation);
});
after(async () => {
  await jails.close();
  installation.remove();
});

const run = (source: string, limits = {}): Promise<unknown> =>
  runInJail(jails, installation, { source, limits });

test('a jailed runtime answers with what the handler returns', async () => {
  const answer = await runInJail(jails, installation, {
    source: 'return { echoed: event, cwd: process.cwd(), env: process.env };',
    event: { a: [1, 'two'] },
  });
  assert.deepEqual(answer, { echoed: { a: [1, 'two'] }, cwd: '/var/task', env: {} });
});

test('a function is an ordinary user without any capability and can gain none', async () => {
  const status = (await run(`
    const text = require('node:fs').readFileSync('/proc/self/status', 'utf8');
    const { execFileSync } = require('node:child_process');
    const raised = execFileSync('/bin/sh', ['-c', 'cp /bin/sh /tmp/sh; chmod 4755 /tmp/sh; /tmp/sh -pc "id -u"; ls -l /bin/su >&2; exit 0']).toString().trim();
    return { uid: process.getuid(), gid: process.getgid(), groups: process.getgroups(), text, raised };
  `)) as { uid: number; gid: number; groups: number[]; text: string; raised: string };
  assert.equal(status.uid, 1000);
  assert.equal(status.gid, 1000);
  assert.equal(status.raised, '1000');
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
    assert.match(status.text, new RegExp(`^${set}:\\t0000000000000000$`, 'm'), set);
  }
  assert.match(status.text, /^NoNewPrivs:\t1$/m);
});

test('no user, mount, pid or network namespace can be made inside', async () => {
  const outcomes = await run(`
    const { spawnSync } = require('node:child_process');
    return ['--user', '--mount', '--pid', '--net'].map((kind) => spawnSync('unshare', [kind, 'true']).status);
  `);
  assert.deepEqual(outcomes, [1, 1, 1, 1]);
});

test('nothing but /tmp, /dev/shm and the terminals can be written', async () => {
  const writable = (await run(`
    const fs = require('node:fs');
    const found = [];
    const mounts = fs.readFileSync('/proc/mounts', 'utf8').trim().split('\\n').map((line) => line.split(' ')[1]);
    const walk = (dir, depth) => {
      let entries = [];
      try { entries = fs.readdirSync(dir, { withFileTypes: true }); } catch {}
      try { fs.mkdirSync(dir + '/probe-x'); fs.rmdirSync(dir + '/probe-x'); found.push(dir); } catch {}
      if (depth > 0) for (const entry of entries) if (entry.isDirectory()) walk(dir === '/' ? '/' + entry.name : dir + '/' + entry.name, depth - 1);
    };
    for (const mount of mounts) if (!mount.startsWith('/proc')) walk(mount, 2);
    return [...new Set(found)].sort();
  `)) as string[];
  assert.deepEqual(writable, ['/dev/shm', '/tmp']);
});

test('nothing under /proc/sys can be opened for writing, nor sysrq-trigger', async () => {
  const open = await run(`
    const fs = require('node:fs');
    const found = [];
    const tryOpen = (file) => { try { fs.closeSync(fs.openSync(file, 'r+')); found.push(file); } catch {} };
    const walk = (dir) => {
      let entries = [];
      try { entries = fs.readdirSync(dir, { withFileTypes: true }); } catch { return; }
      for (const entry of entries) entry.isDirectory() ? walk(dir + '/' + entry.name) : tryOpen(dir + '/' + entry.name);
    };
    walk('/proc/sys');
    tryOpen('/proc/sysrq-trigger');
    return found;
  `);
  assert.deepEqual(open, []);
});

test('the host shows neither its users, nor its folders, nor its paths', async () => {
  const seen = (await run(`
    const fs = require('node:fs');
    const read = (file) => { try { return fs.readFileSync(file, 'utf8'); } catch (error) { return error.code; } };
    return {
      root: fs.readdirSync('/').sort(), etc: fs.readdirSync('/etc').sort(), shadow: read('/etc/shadow'), passwd: read('/etc/passwd'),
      hosts: read('/etc/hosts'), hostname: require('node:os').hostname(),
      first: read('/proc/1/cmdline') + read('/proc/1/environ') + read('/proc/self/cmdline'),
    };
  `)) as {
    root: string[];
    etc: string[];
    shadow: string;
    passwd: string;
    hosts: string;
    hostname: string;
    first: string;
  };
  const allowed = ['bin', 'dev', 'etc', 'lib', 'lib32', 'lib64', 'opt', 'proc', 'sbin', 'tmp', 'usr', 'var'];
  assert.deepEqual(
    seen.root.filter((name) => !allowed.includes(name)),
    [],
  );
  assert.equal(seen.shadow, 'ENOENT');
  assert.equal(seen.passwd, 'sandbox:x:1000:1000:sandbox:/tmp:/bin/sh\n');
  assert.equal(seen.hosts, '127.0.0.1 localhost\n');
  assert.equal(seen.hostname, 'sandbox');
  assert.ok(!seen.first.includes(installation.config.dataDir), seen.first);
  assert.ok(!seen.first.includes(installation.runDir), seen.first);
});

test('a function sees its own processes only', async () => {
  const pids = (await run(`
    const fs = require('node:fs');
    return fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map((pid) => fs.readFileSync('/proc/' + pid + '/comm', 'utf8').trim());
  `)) as string[];
  assert.equal(pids.length, 2, `bubblewrap's reaper and the runtime, not ${pids.join(', ')}`);
});

test('no descriptor of the platform comes along', async () => {
  const links = (await run(`
    const fs = require('node:fs');
    const seen = [];
    for (const pid of ['self', '1']) {
      let names = [];
      try { names = fs.readdirSync('/proc/' + pid + '/fd'); } catch {}
      for (const fd of names) { try { seen.push(fs.readlinkSync('/proc/' + pid + '/fd/' + fd)); } catch {} }
    }
    return seen;
  `)) as string[];
  assert.ok(links.length > 3);
  const foreign = links.filter((link) => !/^(socket:|pipe:|anon_inode:|\/dev\/null$|\/proc\/)/.test(link));
  assert.deepEqual(foreign, []);
});

test('/tmp holds its 512 MiB and no more', async () => {
  const source = `
    const fs = require('node:fs');
    const fd = fs.openSync('/tmp/big', 'w');
    const chunk = Buffer.alloc(1024 * 1024);
    let written = 0;
    try { for (; written < 600; written++) fs.writeSync(fd, chunk); } catch (error) { return { written, code: error.code }; }
    return { written };
  `;
  const outcome = (await run(source, { memoryMb: 1024 })) as { written: number; code: string };
  assert.equal(outcome.code, 'ENOSPC');
  assert.ok(outcome.written >= 500 && outcome.written <= 512, String(outcome.written));
});

test('/tmp holds a bounded number of files', async () => {
  const outcome = await run(
    `
    const fs = require('node:fs');
    try { for (let n = 0; n < 2000; n++) fs.writeFileSync('/tmp/' + n, ''); } catch (error) { return error.code; }
  `,
    { tmpMb: 4 },
  );
  assert.equal(outcome, 'ENOSPC');
});
