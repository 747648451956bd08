// What the kernel does with a function that takes too much, and what the platform learns of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SandboxExit, SandboxLimits } from '../../../contract/sandbox.ts';
import {
  Conversation,
  type Installation,
  type Jails,
  makeInstallation,
  openJails,
  runInJail,
  startSandbox,
  writeBundle,
} from './jail-fixture.ts';

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

/** Runs code that its sandbox doesn't survive. */
async function exitOf(source: string, limits: Partial<SandboxLimits>): Promise<SandboxExit> {
  const sandbox = await startSandbox(jails.driver, { bundleHash: writeBundle(installation, source), limits });
  const conversation = new Conversation(sandbox);
  await assert.rejects(conversation.invoke(), /the sandbox ended/);
  return sandbox.exited;
}

test('buffers over the memory limit end the sandbox as out of memory', async () => {
  const exit = await exitOf('const all = []; for (;;) all.push(Buffer.alloc(1024 * 1024, 1));', {
    memoryMb: 128,
  });
  assert.deepEqual(
    { signal: exit.signal, outOfMemory: exit.outOfMemory },
    { signal: 'SIGKILL', outOfMemory: true },
  );
  assert.ok((exit.memoryPeakBytes ?? 0) > 100 * 1024 * 1024, String(exit.memoryPeakBytes));
});

test('a full JavaScript heap ends the sandbox as out of memory too', async () => {
  const exit = await exitOf(
    'const all = []; for (let n = 0; ; n++) all.push({ n, text: String(n).repeat(9) });',
    {
      memoryMb: 128,
    },
  );
  assert.equal(exit.outOfMemory, true);
});

test('files in /tmp count against the memory limit', async () => {
  const source = `require('node:fs').writeFileSync('/tmp/big', Buffer.alloc(64 * 1024 * 1024, 1));
    for (let n = 0; n < 8; n++) require('node:fs').copyFileSync('/tmp/big', '/tmp/copy' + n);`;
  const exit = await exitOf(source, { memoryMb: 192, tmpMb: 1024 });
  assert.equal(exit.outOfMemory, true);
});

test('a crash is not out of memory', async () => {
  const exit = await exitOf("process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {});", {});
  assert.deepEqual(
    { signal: exit.signal, outOfMemory: exit.outOfMemory },
    { signal: 'SIGSEGV', outOfMemory: false },
  );
  const aborted = await exitOf('process.abort();', {});
  assert.deepEqual(
    { signal: aborted.signal, outOfMemory: aborted.outOfMemory },
    { signal: 'SIGABRT', outOfMemory: false },
  );
  assert.equal(
    (await exitOf('process.kill(process.pid, 9); await new Promise(() => {});', {})).outOfMemory,
    false,
  );
});

test('an exit status is handed on', async () => {
  const sandbox = await startSandbox(jails.driver, { bundleHash: writeBundle(installation, 'return 1;') });
  const conversation = new Conversation(sandbox);
  await conversation.invoke();
  sandbox.control.destroy();
  const exit = await sandbox.exited;
  assert.equal(exit.signal, null);
  assert.equal(typeof exit.code, 'number');
});

test('processes over the limit are refused, and the sandbox lives on', async () => {
  const source = `
    const { spawn } = require('node:child_process');
    let started = 0;
    let refused = null;
    while (refused === null && started < 200) {
      try {
        const child = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
        if (child.pid === undefined) refused = await new Promise((resolve) => child.once('error', (error) => resolve(error.code)));
        else started++;
      } catch (error) { refused = error.code; }
    }
    return { started, refused };
  `;
  const outcome = (await runInJail(jails, installation, { source, limits: { pids: 40 } })) as {
    started: number;
    refused: string;
  };
  assert.equal(outcome.refused, 'EAGAIN');
  assert.ok(outcome.started < 40, String(outcome.started));
});

test('descriptors are limited', async () => {
  const source = `const fs = require('node:fs');
    try { for (let n = 0; n < 1000; n++) fs.openSync('/dev/null'); } catch (error) { return error.code; }`;
  assert.equal(await runInJail(jails, installation, { source, limits: { openFiles: 128 } }), 'EMFILE');
});

test('processor time is limited to the quota', async () => {
  const source = `const start = process.cpuUsage(); const from = Date.now();
    while (Date.now() - from < 1500);
    const used = process.cpuUsage(start);
    return (used.user + used.system) / 1000 / 1500;`;
  const share = (await runInJail(jails, installation, { source, limits: { cpuPercent: 20 } })) as number;
  assert.ok(share < 0.4, `a fifth of a core was given, ${share} was used`);
});

test('the memory peak is known while the sandbox runs', async () => {
  const source = 'globalThis.kept = Buffer.alloc(50 * 1024 * 1024, 1);';
  const sandbox = await startSandbox(jails.driver, { bundleHash: writeBundle(installation, source) });
  await new Conversation(sandbox).invoke();
  assert.ok((sandbox.memoryPeakBytes() ?? 0) > 50 * 1024 * 1024);
  sandbox.kill();
  await sandbox.exited;
  assert.ok((sandbox.memoryPeakBytes() ?? 0) > 50 * 1024 * 1024);
});
