// How jails begin and end: what may be started, what ends with what, and that nothing stays behind on the
// machine.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { NO_DOTNETS } from '../../../contract/dotnets.ts';
import { NO_JAVAS } from '../../../contract/javas.ts';
import { bundleDir, installationName, runDir } from '../../../contract/paths.ts';
import { SUPERVISOR_SOCKET } from '../../../contract/supervisor-requests.ts';
import { settingsOfSupervisor } from '../../../launcher/settings-of-supervisor.ts';
import { SUPERVISOR_COMMAND, startSupervisor } from '../../../launcher/start-supervisor.ts';
import { runCommand } from '../../../supervisor/run-command.ts';
import { systemClock } from '../../src/clock/clock.ts';
import { Failure } from '../../src/errors/failure.ts';
import { openSupervisedDriver } from '../../src/sandbox/supervised-driver.ts';
import {
  Conversation,
  ENGINE,
  type Installation,
  type Jails,
  LIMITS,
  makeInstallation,
  NO_BLANKS,
  openJails,
  quiet,
  runInJail,
  startSandbox,
  writeBundle,
} from './jail-fixture.ts';
import { tracesOf as tracesOnMachine } from './traces.ts';

async function withInstallation(use: (installation: Installation) => Promise<void>): Promise<void> {
  const installation = makeInstallation();
  try {
    await use(installation);
  } finally {
    installation.remove();
  }
}

async function withJails(use: (jails: Jails, installation: Installation) => Promise<void>): Promise<void> {
  await withInstallation(async (installation) => {
    const jails = await openJails(installation);
    try {
      await use(jails, installation);
    } finally {
      await jails.close();
    }
  });
}

/** Everything on this machine that bears the installation's name, and what its functions have started. */
async function tracesOf(installation: Installation): Promise<string[]> {
  return [...(await tracesOnMachine(installation)), ...sandboxProcesses()];
}

/** Processes, in jails or out of them, that {@link daemonSource} has started. */
function sandboxProcesses(): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^[0-9]+$/.test(entry))
    .filter((pid) => marked.some((mark) => readSafely(`/proc/${pid}/cmdline`).includes(mark)));
}

/** The kernel ends them one after the other: on a busy machine some are there for a moment longer. */
async function noSandboxProcesses(): Promise<void> {
  for (const giveUpAt = Date.now() + 20_000; sandboxProcesses().length > 0; await sleep(20)) {
    assert.ok(Date.now() < giveUpAt, `processes are left: ${sandboxProcesses().join()}`);
  }
}

/** Arguments of the processes that these tests leave running in jails. */
const marked: string[] = [];

function readSafely(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process ended while it was being looked at.
    return '';
  }
}

/** A handler that starts a daemon which leaves the runtime's session. */
function daemonSource(): string {
  const seconds = String(100_000 + Math.floor(Math.random() * 900_000));
  marked.push(seconds);
  return `const { spawn } = require('node:child_process');
    const script = 'sleep ${seconds} & echo up; sleep ${seconds}';
    const child = spawn('/usr/bin/setsid', ['/bin/sh', '-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdout.destroy();
    child.unref();
    return null;`;
}

test('killing a sandbox ends the daemons that it has started', async () => {
  await withJails(async (jails, installation) => {
    const bundleHash = writeBundle(installation, daemonSource());
    const sandbox = await startSandbox(jails.driver, { bundleHash });
    await new Conversation(sandbox).invoke();
    assert.notDeepEqual(sandboxProcesses(), []);
    sandbox.kill();
    const exit = await sandbox.exited;
    assert.equal(exit.signal, 'SIGKILL');
    await noSandboxProcesses();
  });
});

/** Whether no other installation holds IP forwarding open. */
async function noOthers(): Promise<boolean> {
  return !(await runCommand('nft', ['list', 'tables', 'inet'])).includes(' millrace_');
}

test('after closing nothing of an installation is left on the machine', async () => {
  await withInstallation(async (installation) => {
    const isAlone = [await noOthers()];
    const before = readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8');
    isAlone.push(await noOthers());
    // Kept apart from real installations: what a test left there that ended before one of those is of another
    // time.
    rmSync(path.join(path.dirname(installation.runDir), 'ip_forward.before'), { force: true });
    const jails = await openJails(installation);
    await runInJail(jails, installation, { source: 'return 1;' });
    const sandbox = await startSandbox(jails.driver, {
      bundleHash: writeBundle(installation, daemonSource()),
    });
    await new Conversation(sandbox).invoke();
    assert.notDeepEqual(await tracesOf(installation), []);
    await jails.close();
    assert.deepEqual(await tracesOf(installation), []);
    isAlone.push(await noOthers());
    if (!isAlone.includes(false)) assert.equal(readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8'), before);
  });
});

test('a bundle that is a symbolic link, or lies behind one, is refused', async () => {
  await withJails(async (jails, installation) => {
    const { dataDir } = installation.config;
    const hash = randomBytes(32).toString('hex');
    symlinkSync('/root', bundleDir(dataDir, hash));
    const refused = startSandbox(jails.driver, { bundleHash: hash });
    await assert.rejects(
      refused,
      (error: unknown) => error instanceof Failure && error.code === 'unavailable',
    );
  });
  await withInstallation(async (installation) => {
    const { dataDir } = installation.config;
    const elsewhere = path.join(dataDir, 'elsewhere');
    const hash = randomBytes(32).toString('hex');
    mkdirSync(path.join(elsewhere, hash), { recursive: true });
    rmSync(path.join(dataDir, 'bundles'), { recursive: true });
    symlinkSync(elsewhere, path.join(dataDir, 'bundles'));
    const jails = await openJails(installation);
    try {
      await assert.rejects(startSandbox(jails.driver, { bundleHash: hash }), Failure);
    } finally {
      await jails.close();
    }
  });
});

test('a jail that was refused leaves nothing behind and the next one is built', async () => {
  await withJails(async (jails, installation) => {
    const missing = randomBytes(32).toString('hex');
    await assert.rejects(startSandbox(jails.driver, { bundleHash: missing }), Failure);
    assert.equal(await runInJail(jails, installation, { source: 'return 7;' }), 7);
  });
});

test('a second supervisor of the same installation is refused', async () => {
  await withJails(async (_jails, installation) => {
    await assert.rejects(openJails(installation), /another Millrace runs/);
  });
});

test('sandboxes of two installations run side by side', async () => {
  await withJails(async (oneJails, one) => {
    await withJails(async (otherJails, other) => {
      const answers = await Promise.all([
        runInJail(oneJails, one, { source: 'return "one";' }),
        runInJail(otherJails, other, { source: 'return "other";' }),
      ]);
      assert.deepEqual(answers, ['one', 'other']);
    });
  });
});

/** The real program in a process of its own. */
function startProcess({ config }: Installation): ChildProcess {
  const runs = runDir(installationName(config.dataDir));
  const engines = { pythons: [], javas: NO_JAVAS, dotnets: NO_DOTNETS };
  const found = { runDir: runs, serverUid: 0, ...engines, withoutRoot: null };
  const settings = settingsOfSupervisor({ ...config, logLevel: 'silent' }, found);
  return startSupervisor(SUPERVISOR_COMMAND, settings);
}

test('a killed supervisor takes its sandboxes along, and the next one clears what it left', async () => {
  await withInstallation(async (installation) => {
    const first = startProcess(installation);
    const dir = runDir(installationName(installation.config.dataDir));
    const driver = openSupervisedDriver({
      ...{
        name: 'bubblewrap',
        runDir: dir,
        hasExtraCaCerts: false,
        blanks: NO_BLANKS,
        clock: systemClock,
        log: quiet,
      },
    });
    try {
      await driver.ready;
      const bundleHash = writeBundle(installation, daemonSource());
      const sandbox = await startSandbox(driver, { bundleHash });
      await new Conversation(sandbox).invoke();
      const streamsClosed = once(sandbox.stdout, 'close');
      first.kill('SIGKILL');
      assert.deepEqual(await sandbox.exited, {
        code: null,
        signal: 'SIGKILL',
        outOfMemory: false,
        memoryPeakBytes: sandbox.memoryPeakBytes(),
        isLost: true,
      });
      // The last holder of the sandbox's output is gone when it ends.
      await streamsClosed;
      await noSandboxProcesses();
      await assert.rejects(startSandbox(driver, { bundleHash }), Failure);
      assert.notDeepEqual(await tracesOf(installation), []);

      const jails = await openJails({ ...installation, runDir: dir });
      assert.equal(await runInJail(jails, installation, { source: 'return 1;' }), 1);
      await driver.close();
      await jails.close();
      assert.deepEqual(await tracesOf(installation), []);
    } finally {
      // It looks for its supervisor until it is closed: a test that fails must end all the same.
      await driver.close();
      first.kill('SIGKILL');
    }
  });
});

test("the server's connection is its sandboxes' life line", async () => {
  await withJails(async (_jails, installation) => {
    const id = randomBytes(6).toString('hex');
    const connect = async (greeting: object): Promise<net.Socket> => {
      const socket = net.connect(path.join(installation.runDir, SUPERVISOR_SOCKET));
      await once(socket, 'connect');
      socket.write(`${JSON.stringify(greeting)}\n`);
      return socket;
    };
    const open = (channel: string): Promise<net.Socket> => connect({ sandbox: id, channel });
    const [control, stdout, stderr] = await Promise.all([open('control'), open('stdout'), open('stderr')]);
    const requests = await connect({ role: 'requests' });
    await once(requests, 'data');
    const bundleHash = writeBundle(installation, daemonSource());
    const params = {
      id,
      accountId: '1',
      bundleHash,
      layerHash: null,
      egressDeny: [],
      engine: ENGINE,
      limits: LIMITS,
    };
    requests.write(`${JSON.stringify({ seq: 1, method: 'start', params })}\n`);
    assert.match(String(await once(requests, 'data')), /"started"/);
    const place = { taskRoot: '/var/task', runtimeDir: '', extraCaCertsFile: null, allRootsFile: null };
    const exited = Promise.resolve({ code: null, signal: null, outOfMemory: false, memoryPeakBytes: null });
    const sandbox = {
      id,
      place,
      control,
      stdout,
      stderr,
      exited,
      isFromStock: false,
      memoryPeakBytes: () => null,
      cpuUsageMs: () => null,
      kill: () => {},
    };
    await new Conversation(sandbox).invoke();
    assert.notDeepEqual(sandboxProcesses(), []);
    const closed = once(stdout, 'close');
    requests.destroy();
    await closed;
    await noSandboxProcesses();
  });
});
