// The driver without walls keeps the same promises to its caller as the jail does, as far as a plain process
// can.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Failure } from '../../src/errors/failure.ts';
import { openBareDriver } from '../../src/sandbox/bare-driver.ts';
import type { SandboxDriver } from '../../src/sandbox/sandbox-driver.ts';
import {
  Conversation,
  type Installation,
  makeInstallation,
  startSandbox,
  writeBundle,
} from './jail-fixture.ts';

let installation: Installation;
let driver: SandboxDriver;

before(() => {
  installation = makeInstallation();
  driver = openBareDriver(installation.config);
});
after(async () => {
  await driver.close();
  installation.remove();
});

test('a bare runtime runs in the folder of its code with the environment it is given', async () => {
  const bundleHash = writeBundle(installation, 'return { cwd: process.cwd(), env: process.env };');
  const sandbox = await startSandbox(driver, { bundleHash });
  const answer = await new Conversation(sandbox, { COLOUR: 'red' }).invoke();
  assert.deepEqual(answer.body, { cwd: sandbox.place.taskRoot, env: { COLOUR: 'red' } });
});

test('killing a bare runtime ends the processes that it has started', async () => {
  const source = "return require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit' }).pid;";
  const sandbox = await startSandbox(driver, { bundleHash: writeBundle(installation, source) });
  const pid = Number((await new Conversation(sandbox).invoke()).body);
  assert.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /sleep/);
  const lastHolderGone = once(sandbox.stdout, 'close');
  sandbox.kill();
  assert.deepEqual(await sandbox.exited, {
    code: null,
    signal: 'SIGKILL',
    outOfMemory: false,
    memoryPeakBytes: null,
  });
  await lastHolderGone;
});

test('a missing engine is refused as unavailable', async () => {
  const spec = {
    id: 'x',
    accountId: '1',
    bundleHash: 'a'.repeat(64),
    layerHash: null,
    egressDeny: [],
    engine: 'node-99' as const,
  };
  const limits = { memoryMb: 128, tmpMb: 1, cpuPercent: 100, pids: 10, openFiles: 64 };
  const refused = driver.start({ ...spec, limits });
  await assert.rejects(refused, (error: unknown) => error instanceof Failure && error.code === 'unavailable');
});
