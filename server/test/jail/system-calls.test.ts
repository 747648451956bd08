// Which system calls the kernel takes from a jail: a C program makes each forbidden one inside, and an engine
// uses what it needs.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { constants, getPriority } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { bundleDir } from '../../../contract/paths.ts';
import {
  type Architecture,
  allowedCalls,
  conditionalCalls,
  refusedCalls,
} from '../../../supervisor/seccomp-table.ts';
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

const ARCHITECTURE = process.arch as Architecture;
const noCompiler = spawnSync('gcc', ['--version']).status === 0 ? false : 'there is no gcc on this machine';
const REFUSED = `errno ${constants.errno.EPERM}`;
const ABSENT = `errno ${constants.errno.ENOSYS}`;
const KILLED = `signal ${constants.signals.SIGSYS}`;

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

/** Makes the calls inside a jail. @returns the outcome of each by name */
async function attempt(calls: readonly string[]): Promise<Record<string, string>> {
  const bundleHash = writeBundle(
    installation,
    "return require('node:child_process').execFileSync('/var/task/attempt', event).toString();",
  );
  const program = path.join(bundleDir(installation.config.dataDir, bundleHash), 'attempt');
  execFileSync('gcc', ['-O1', '-o', program, path.join(import.meta.dirname, 'try-system-calls.c')]);
  const sandbox = await startSandbox(jails.driver, { bundleHash });
  const answer = await new Conversation(sandbox).invoke(calls);
  assert.equal(answer.type, 'RESULT', JSON.stringify(answer.body));
  const lines = String(answer.body).trim().split('\n');
  return Object.fromEntries(lines.map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]));
}

/** `label:number:arguments` for a conditional call. */
function call(name: string, label: string, ...values: number[]): string {
  const number = conditionalCalls.find((one) => one.name === name)?.[ARCHITECTURE];
  return [label, number, ...values].join(':');
}

test('every refused call is answered with EPERM', { skip: noCompiler }, async () => {
  const calls = refusedCalls.filter((one) => one[ARCHITECTURE] !== null);
  const outcomes = await attempt(calls.map((one) => `${one.name}:${one[ARCHITECTURE]}`));
  assert.deepEqual(outcomes, Object.fromEntries(calls.map(({ name }) => [name, REFUSED])));
});

test('clone3 and numbers that nobody knows are answered with ENOSYS', { skip: noCompiler }, async () => {
  const outcomes = await attempt(['clone3:435:0:88', 'unknown:1000', 'far:1073741823']);
  assert.deepEqual(outcomes, { clone3: ABSENT, unknown: ABSENT, far: ABSENT });
});

test('a 32-bit entry and x32 numbers kill the caller', {
  skip: noCompiler || (ARCHITECTURE === 'x64' ? false : 'x86_64 alone has them'),
}, async () => {
  const outcomes = await attempt(['int80:20', `getpid:${0x40000000 + 39}`, `ptrace:${0x40000000 + 521}`]);
  assert.deepEqual(outcomes, { int80: KILLED, getpid: KILLED, ptrace: KILLED });
});

test('arguments decide over clone, personality, ioctl and sockets', { skip: noCompiler }, async () => {
  const namespaces = [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000];
  const families = { appletalk: 5, packet: 17, tipc: 30, alg: 38, vsock: 40, xdp: 44 };
  const refused = [
    ...namespaces.map((flag) =>
      call('clone', `clone-${flag.toString(16)}`, flag + constants.signals.SIGCHLD),
    ),
    call('personality', 'personality-readimplies', 0x400000),
    call('ioctl', 'tiocsti', 0, 0x5412),
    call('ioctl', 'tioclinux', 0, 0x541c),
    ...Object.entries(families).map(([name, family]) => call('socket', name, family, 3, 0)),
    call('socket', 'netlink-netfilter', 16, 3, 12),
    call('socket', 'sctp', 2, 1, 132),
    call('socketpair', 'tipc-pair', 30, 1, 0),
  ];
  const allowed = [
    call('personality', 'personality-ask', 0xffffffff),
    call('socket', 'unix', 1, 1, 0),
    call('socket', 'internet', 2, 1, 6),
    call('socket', 'internet6', 10, 2, 17),
    call('socket', 'netlink-route', 16, 3, 0),
  ];
  const outcomes = await attempt([...refused, ...allowed]);
  const nameOf = (one: string): string => one.split(':')[0] ?? '';
  assert.deepEqual(outcomes, {
    ...Object.fromEntries(refused.map((one) => [nameOf(one), REFUSED])),
    ...Object.fromEntries(allowed.map((one) => [nameOf(one), 'ok'])),
  });
});

test('what is allowed reaches the kernel', { skip: noCompiler }, async () => {
  const harmless = ['getpid', 'getuid', 'sched_yield', 'gettid', 'getppid', 'sync'];
  const calls = allowedCalls.filter(({ name }) => harmless.includes(name));
  const outcomes = await attempt(calls.map((one) => `${one.name}:${one[ARCHITECTURE]}`));
  assert.deepEqual(outcomes, Object.fromEntries(harmless.map((name) => [name, 'ok'])));
});

test('an engine does under the filter what engines do', async () => {
  const done = await runInJail(jails, installation, {
    source: `
      const fs = require('node:fs/promises');
      const os = require('node:os');
      const { Worker } = require('node:worker_threads');
      const { execFileSync, fork } = require('node:child_process');
      const { once } = require('node:events');
      const crypto = require('node:crypto');
      const worker = new Worker("require('node:worker_threads').parentPort.postMessage(6 * 7)", { eval: true });
      const [answer] = await once(worker, 'message');
      await worker.terminate();
      const said = execFileSync('/bin/sh', ['-c', 'echo from a child | cat']).toString();
      await fs.mkdir('/tmp/a/b', { recursive: true });
      await fs.writeFile('/tmp/a/b/file', 'text');
      await fs.cp('/tmp/a', '/tmp/c', { recursive: true });
      await fs.rename('/tmp/c/b/file', '/tmp/moved');
      const watched = new AbortController();
      const changes = fs.watch('/tmp', { signal: watched.signal });
      const seen = changes.next();
      await fs.appendFile('/tmp/moved', '!');
      await seen;
      watched.abort();
      const wasm = await WebAssembly.instantiate(Buffer.from('0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b', 'hex'));
      const name = await require('node:dns').promises.lookup('localhost');
      const server = require('node:http').createServer((request, response) => response.end('served')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const served = await (await fetch('http://127.0.0.1:' + server.address().port)).text();
      server.closeAllConnections();
      server.close();
      const { monitorEventLoopDelay, performance } = require('node:perf_hooks');
      const delay = monitorEventLoopDelay();
      delay.enable();
      const key = await new Promise((resolve, reject) => crypto.scrypt('a', 'b', 32, (error, value) => (error ? reject(error) : resolve(value.length))));
      delay.disable();
      return {
        answer, said, moved: await fs.readFile('/tmp/moved', 'utf8'), sum: wasm.instance.exports.add(40, 2), name: name.address,
        served, key, pair: crypto.generateKeyPairSync('ed25519').publicKey.asymmetricKeyType, interfaces: Object.keys(os.networkInterfaces()).length,
        waited: Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5), cpu: performance.eventLoopUtilization().active >= 0,
        zipped: require('node:zlib').gunzipSync(require('node:zlib').gzipSync('zip')).toString(), load: os.loadavg().length, priority: os.getPriority(),
      };
    `,
  });
  assert.deepEqual(done, {
    ...{ answer: 42, said: 'from a child\n', moved: 'text!', sum: 42, name: '127.0.0.1' },
    ...{ served: 'served', key: 32, pair: 'ed25519', interfaces: 2, waited: 'timed-out', cpu: true },
    ...{ zipped: 'zip', load: 3, priority: getPriority() },
  });
});
