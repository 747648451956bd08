// What can be known without a jail; the limits themselves are tried by test/promises/without-root.test.ts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { bytesInFiles, proportionalBytes, readProcesses } from './jail-processes.ts';
import { countsByNamespace } from './watched-limits.ts';

test('processes are counted by user namespace from Linux 5.14 on', () => {
  for (const kernel of ['5.14.0', '5.15.0-91-generic', '6.1.0-28-amd64', '10.0'])
    assert.ok(countsByNamespace(kernel));
  for (const kernel of ['5.13.19', '5.4.0', '4.19.0-26-amd64', '']) assert.ok(!countsByNamespace(kernel));
});

test('a process is found with its parent, its namespace and its memory', () => {
  const child = spawn('/bin/sleep', ['30']);
  try {
    const processes = readProcesses();
    const own = processes.find(({ pid }) => pid === process.pid);
    const found = processes.find(({ pid }) => pid === child.pid);
    assert.equal(found?.parent, process.pid);
    assert.equal(found?.namespace, own?.namespace);
    assert.ok((own?.residentPages ?? 0) > 1000);
    assert.ok(proportionalBytes(process.pid) > 8 * 1024 * 1024);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a process whose first thread has ended is counted by those that go on', async () => {
  // The system call `exit` ends one thread alone.
  const program = `import ctypes, platform, threading
held = bytearray(64 << 20)
threading.Thread(target=input).start()
ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)`;
  const child = spawn('python3', ['-c', program]);
  try {
    const hasLostFirst = () => / Z /.test(readFileSync(`/proc/${child.pid}/stat`, 'latin1'));
    for (const giveUpAt = Date.now() + 10_000; !hasLostFirst() && Date.now() < giveUpAt; ) await delay(10);
    const found = readProcesses().find(({ pid }) => pid === child.pid);
    assert.notEqual(found?.thread, child.pid);
    assert.ok((found?.residentPages ?? 0) > 1000);
    assert.ok(proportionalBytes(found?.thread ?? 0) > 64 * 1024 * 1024);
  } finally {
    child.kill('SIGKILL');
  }
});

test('files count once a process sees its own /tmp, and never while it sees the machine’s', async () => {
  assert.equal(bytesInFiles(process.pid), 0);
  const script =
    'mount -t tmpfs tmpfs /tmp && head -c 8388608 /dev/zero >/tmp/kept && echo full && exec sleep 30';
  const child = spawn('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script]);
  try {
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    assert.equal(said.toString(), 'full\n');
    assert.equal(bytesInFiles(child.pid ?? 0), 8 << 20);
  } finally {
    child.kill('SIGKILL');
  }
});

test('of a process that has ended nothing is told', () => {
  assert.equal(proportionalBytes(2 ** 22 + 1), 0);
});
