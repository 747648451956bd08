// The walls that every driver but `none` keeps up, tried from the inside. Run by driver-conformance.ts.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { DOOR_PORT, exitOf, type Promised, run } from './conformance-subject.ts';
import { HOST_PRIVATE_ADDRESS, KNOWN_NAME, PRIVATE_ADDRESS, PUBLIC_ADDRESS, WEB_PORT } from './internet.ts';
import { Conversation, startSandbox, writeBundle } from './jail-fixture.ts';

/** A length of sleep that marks a process of one test. */
function seconds(): string {
  return String(randomInt(100_000, 1_000_000));
}

/** Real user ids, on this machine, of processes that sleep for so long. */
function ownersOf(mark: string): number[] {
  const pids = readdirSync('/proc').filter((entry) => /^[0-9]+$/.test(entry));
  return pids
    .filter((pid) => readSafely(`/proc/${pid}/cmdline`) === `/bin/sleep\0${mark}\0`)
    .map((pid) => Number(/^Uid:\t(\d+)/m.exec(readSafely(`/proc/${pid}/status`))?.[1]));
}

function readSafely(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process ended while it was being looked at.
    return '';
  }
}

export const wallsKept: Promised[] = [
  {
    title: 'the function is an ordinary user without capabilities, under a filter, with no way up',
    check: async (subject) => {
      const status = (await run(
        subject,
        `return { uid: process.getuid(), gid: process.getgid(), groups: process.getgroups(), text: require('node:fs').readFileSync('/proc/self/status', 'utf8') };`,
      )) as { uid: number; gid: number; groups: number[]; text: string };
      assert.deepEqual([status.uid, status.gid], [1000, 1000]);
      assert.ok(!status.groups.includes(0));
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
        assert.match(status.text, new RegExp(`^${set}:\\t0000000000000000$`, 'm'), set);
      }
      assert.match(status.text, /^NoNewPrivs:\t1$/m);
      assert.match(status.text, /^Seccomp:\t2$/m);
    },
  },
  {
    title: 'each sandbox is a user of its own on the machine, and none is root there',
    check: async ({ jails, installation }) => {
      const started = [seconds(), seconds()];
      const sandboxes = await Promise.all(
        started.map(async (mark) => {
          const source = `
            const child = require('node:child_process').spawn('/bin/sleep', ['${mark}'], { stdio: 'ignore' });
            await new Promise((resolve) => child.once('spawn', resolve));`;
          const bundleHash = writeBundle(installation, source);
          const sandbox = await startSandbox(jails.driver, { bundleHash });
          await new Conversation(sandbox).invoke();
          return sandbox;
        }),
      );
      const owners = started.flatMap(ownersOf);
      assert.equal(owners.length, 2);
      assert.equal(new Set(owners).size, 2, owners.join());
      // Above every user that the machine itself may have.
      for (const owner of owners) assert.ok(owner >= 2_000_000_000, String(owner));
      for (const sandbox of sandboxes) sandbox.kill();
      await Promise.all(sandboxes.map(({ exited }) => exited));
      assert.deepEqual(started.flatMap(ownersOf), []);
    },
  },
  {
    title: 'forbidden system calls are refused: namespaces, mounts, keys',
    check: async (subject) => {
      const outcomes = await run(
        subject,
        `const { spawnSync } = require('node:child_process');
        const tools = [['unshare', '--user', 'true'], ['unshare', '--net', 'true'], ['mount', '-t', 'tmpfs', 'none', '/tmp'], ['chroot', '/tmp', 'true']];
        return tools.map(([tool, ...args]) => spawnSync(tool, args).status === 0);`,
      );
      assert.deepEqual(outcomes, [false, false, false, false]);
    },
  },
  {
    title: 'only /tmp and shared memory can be written, and nothing below /proc/sys',
    check: async (subject) => {
      const written = await run(
        subject,
        `const fs = require('node:fs');
        const places = ['/', '/etc', '/usr/bin', '/usr/lib', '/var', '/var/task', '/opt/millrace', '/dev', '/proc', '/tmp', '/dev/shm'];
        const files = ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sysrq-trigger', '/proc/self/oom_score_adj', '/etc/passwd'];
        const can = (attempt) => { try { attempt(); return true; } catch { return false; } };
        return [
          ...places.filter((dir) => can(() => fs.writeFileSync(dir + '/probe', ''))),
          ...files.filter((file) => can(() => fs.closeSync(fs.openSync(file, 'r+')))),
        ];`,
      );
      assert.deepEqual(written, ['/tmp', '/dev/shm']);
    },
  },
  {
    title: 'the root holds what was chosen and nothing else of the machine',
    check: async (subject) => {
      const seen = (await run(
        subject,
        `const fs = require('node:fs');
        const pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
        return {
          root: fs.readdirSync('/'), passwd: fs.readFileSync('/etc/passwd', 'utf8'), shadow: fs.existsSync('/etc/shadow'), pids: pids.length,
          hostname: require('node:os').hostname(), told: pids.map((pid) => fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8')).join(),
        };`,
      )) as { root: string[]; passwd: string; shadow: boolean; pids: number; hostname: string; told: string };
      const chosen = [
        'bin',
        'dev',
        'etc',
        'lib',
        'lib32',
        'lib64',
        'opt',
        'proc',
        'sbin',
        'tmp',
        'usr',
        'var',
      ];
      assert.deepEqual(
        seen.root.filter((name) => !chosen.includes(name)),
        [],
      );
      assert.equal(seen.passwd.trim().split('\n').length, 1);
      assert.equal(seen.shadow, false);
      assert.equal(seen.hostname, 'sandbox');
      assert.equal(seen.pids, 2);
      assert.ok(!seen.told.includes(subject.installation.config.dataDir), seen.told);
    },
  },
  {
    title: 'where nothing is reused, files, processes and queues of a run end with it',
    check: async ({ jails, installation }) => {
      const source = `
        const fs = require('node:fs');
        const { spawn, spawnSync } = require('node:child_process');
        const pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length;
        const segments = fs.readFileSync('/proc/sysvipc/msg', 'utf8').trim().split('\\n').length - 1;
        const found = [...fs.readdirSync('/tmp'), ...fs.readdirSync('/dev/shm'), pids, segments];
        fs.mkdirSync('/tmp/a/b', { recursive: true });
        fs.writeFileSync('/dev/shm/file', 'x');
        fs.chmodSync('/tmp/a', 0);
        spawnSync('ipcmk', ['--queue']);
        const daemon = spawn('sh', ['-c', 'trap "" TERM HUP; (setsid sleep 1000 &) ; sleep 1000'], { detached: true, stdio: 'ignore' });
        await new Promise((resolve) => daemon.once('spawn', resolve));
        return found;`;
      const bundleHash = writeBundle(installation, source);
      const sandbox = await startSandbox(jails.driver, { bundleHash, reuse: 'none' });
      const conversation = new Conversation(sandbox);
      // The first process, the template, and the run itself.
      for (let run = 0; run < 3; run++) assert.deepEqual((await conversation.invoke()).body, [3, 0]);
      sandbox.kill();
      await sandbox.exited;
    },
  },
  {
    title: '/tmp holds its size and its number of files, no more',
    check: async (subject) => {
      const source = `const fs = require('node:fs');
        const fail = (attempt) => { try { for (let n = 0; n < 5000; n++) attempt(n); } catch (error) { return error.code; } };
        const fd = fs.openSync('/tmp/big', 'w');
        const bytes = fail(() => fs.writeSync(fd, Buffer.alloc(65536)));
        fs.ftruncateSync(fd);
        return [bytes, fail((n) => fs.writeFileSync('/tmp/' + n, ''))];`;
      assert.deepEqual(await run(subject, source, { tmpMb: 8 }), ['ENOSPC', 'ENOSPC']);
    },
  },
  {
    title: 'too much memory ends the sandbox as out of memory',
    check: async (subject) => {
      const source = 'const all = []; for (;;) all.push(Buffer.alloc(1024 * 1024, 1));';
      const exit = await exitOf(subject, source, { memoryMb: 128 });
      assert.deepEqual([exit.signal, exit.outOfMemory], ['SIGKILL', true]);
      assert.ok((exit.memoryPeakBytes ?? 0) > 100 * 1024 * 1024, String(exit.memoryPeakBytes));
    },
  },
  {
    title: 'the memory peak is known while the sandbox runs and after',
    check: async ({ jails, installation }) => {
      const source = 'globalThis.kept = Buffer.alloc(50 * 1024 * 1024, 1);';
      const sandbox = await startSandbox(jails.driver, { bundleHash: writeBundle(installation, source) });
      await new Conversation(sandbox).invoke();
      assert.ok((sandbox.memoryPeakBytes() ?? 0) > 50 * 1024 * 1024);
      sandbox.kill();
      const exit = await sandbox.exited;
      assert.ok((exit.memoryPeakBytes ?? 0) > 50 * 1024 * 1024);
    },
  },
  {
    title: 'processes and descriptors are limited, and the sandbox lives on',
    check: async (subject) => {
      const source = `const { spawn } = require('node:child_process');
        const fs = require('node:fs');
        let refused = null;
        for (let n = 0; refused === null && n < 200; n++) {
          try {
            const child = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
            if (child.pid === undefined) refused = await new Promise((resolve) => child.once('error', (error) => resolve(error.code)));
          } catch (error) { refused = error.code; }
        }
        try { for (let n = 0; n < 1000; n++) fs.openSync('/dev/null'); } catch (error) { return [refused, error.code]; }`;
      assert.deepEqual(await run(subject, source, { pids: 40, openFiles: 128 }), ['EAGAIN', 'EMFILE']);
    },
  },
  {
    title: 'processor time is limited to the quota',
    check: async (subject) => {
      const source = `const start = process.cpuUsage(); const from = Date.now();
        while (Date.now() - from < 1500);
        const used = process.cpuUsage(start);
        return (used.user + used.system) / 1000 / 1500;`;
      const share = Number(await run(subject, source, { cpuPercent: 20 }));
      assert.ok(share < 0.4, `a fifth of a core was given, ${share} was used`);
    },
  },
  {
    title: 'the internet, its names and the platform are reached; the machine and private networks are not',
    check: async (subject) => {
      const door = net.createServer((socket) => socket.end()).listen(DOOR_PORT, '127.0.0.1');
      const other = net.createServer((socket) => socket.end()).listen(0, '0.0.0.0');
      await Promise.all([once(door, 'listening'), once(other, 'listening')]);
      const { port } = other.address() as net.AddressInfo;
      const reached = [
        [PUBLIC_ADDRESS, WEB_PORT],
        [KNOWN_NAME, WEB_PORT],
        ['localhost', DOOR_PORT],
      ];
      const closed = [
        [PRIVATE_ADDRESS, WEB_PORT],
        [HOST_PRIVATE_ADDRESS, port],
        ['localhost', port],
        ['169.254.169.254', 80],
        ['::1', port],
      ];
      try {
        const open = await run(
          subject,
          `const net = require('node:net');
          const probe = ([host, port]) => new Promise((resolve) => {
            const socket = net.connect({ host, port, timeout: 1500 });
            socket.on('connect', () => { socket.destroy(); resolve(true); });
            socket.on('error', () => resolve(false));
            socket.on('timeout', () => { socket.destroy(); resolve(false); });
          });
          const targets = ${JSON.stringify([...reached, ...closed])};
          const open = await Promise.all(targets.map(probe));
          return targets.filter((_, index) => open[index]);`,
        );
        assert.deepEqual(open, reached);
      } finally {
        door.close();
        other.close();
      }
    },
  },
];
