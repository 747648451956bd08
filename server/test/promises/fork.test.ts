// Functions that reuse nothing (`reuse: none`): every run is a process of its own and leaves nothing to the
// next, whatever it does. Through the public port, with real jails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Customer, type HostedFunction, zipOf } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
});
after(() => millrace?.close());

async function deploy(files: Record<string, string>): Promise<HostedFunction> {
  const fn = await customer.upload(zipOf(files), { environment: 'nodejs24.x' });
  await customer.settings(fn, { reuse: 'none' });
  return fn;
}

/** A function whose body is `code`; what it returns comes back as JSON. */
function deployBody(code: string): Promise<HostedFunction> {
  return deploy({
    'index.js': `exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(await (async () => { ${code} })()) });`,
  });
}

async function callJson<T>(fn: HostedFunction): Promise<T> {
  const answer = await customer.call(fn);
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

test('state of the module and of the globals is that of the first run, in every run', { skip }, async () => {
  const fn = await deploy({
    'index.js': `
      const { counter } = require('counting');
      let own = 0;
      exports.handler = async () => {
        globalThis.seen = (globalThis.seen ?? 0) + 1;
        Array.prototype.patched = (Array.prototype.patched ?? 0) + 1;
        counter.value += 1;
        own += 1;
        const body = JSON.stringify([own, counter.value, globalThis.seen, [].patched, process.ppid]);
        return { statusCode: 200, body };
      };`,
    'package.json': '{"dependencies":{"counting":"1"}}',
    'node_modules/counting/index.js': 'exports.counter = { value: 0 };',
  });
  for (let i = 0; i < 3; i++) assert.deepEqual(await callJson(fn), [1, 1, 1, 1, 2]);
});

test('overlapping runs share nothing either', { skip }, async () => {
  const fn = await deployBody(`
    globalThis.seen = (globalThis.seen ?? 0) + 1;
    const fs = require('node:fs');
    const files = fs.readdirSync('/tmp').length;
    fs.writeFileSync('/tmp/here', '');
    await new Promise((resolve) => setTimeout(resolve, 50));
    return [globalThis.seen, files];
  `);
  const answers = await Promise.all([1, 2, 3, 4].map(() => callJson(fn)));
  for (const answer of answers) assert.deepEqual(answer, [1, 0]);
});

test('files in /tmp and /dev/shm are gone, whatever permissions they had', { skip }, async () => {
  const fn = await deployBody(`
    const fs = require('node:fs');
    const found = [...fs.readdirSync('/tmp'), ...fs.readdirSync('/dev/shm')];
    fs.mkdirSync('/tmp/a/b/c', { recursive: true });
    fs.writeFileSync('/tmp/a/b/c/file', 'x', { mode: 0 });
    fs.symlinkSync('/var/task', '/tmp/a/link');
    fs.chmodSync('/tmp/a/b', 0);
    fs.chmodSync('/tmp/a', 0);
    fs.writeFileSync('/dev/shm/file', 'x');
    fs.chmodSync('/tmp', 0);
    return found;
  `);
  for (let i = 0; i < 3; i++) assert.deepEqual(await callJson(fn), []);
});

test('a tree deeper than any path is cleared away', { skip }, async () => {
  const fn = await deployBody(`
    const fs = require('node:fs');
    const found = fs.readdirSync('/tmp');
    process.chdir('/tmp');
    for (let i = 0; i < 2000; i++) { fs.mkdirSync('dddddd'); process.chdir('dddddd'); }
    return found;
  `);
  for (let i = 0; i < 2; i++) assert.deepEqual(await callJson(fn), []);
});

test('processes that a run leaves behind die with it', { skip }, async () => {
  const fn = await deployBody(`
    const fs = require('node:fs');
    const { spawn } = require('node:child_process');
    const running = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map(Number);
    const daemon = spawn('sh', ['-c', 'trap "" TERM HUP; (setsid sleep 1000 &) ; while :; do sleep 1; done'], {
      detached: true, stdio: 'inherit',
    });
    daemon.unref();
    await new Promise((resolve) => daemon.once('spawn', resolve));
    return running.filter((pid) => pid !== process.pid);
  `);
  for (let i = 0; i < 3; i++) assert.deepEqual(await callJson(fn), [1, 2]);
});

test('what a run leaves printing is in no other run’s log', { skip }, async () => {
  const fn = await deployBody(`
    const { spawn } = require('node:child_process');
    const daemon = spawn('sh', ['-c', 'while :; do echo stray of ' + process.pid + '; done'], {
      detached: true, stdio: 'inherit',
    });
    await new Promise((resolve) => daemon.once('spawn', resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
    return process.pid;
  `);
  for (let i = 0; i < 3; i++) {
    const answer = await customer.call(fn);
    const run = await customer.runOf(answer);
    const strays = (await customer.logOf(run)).filter((line) => line.startsWith('stray of'));
    const own = `stray of ${await answer.text()}`;
    assert.deepEqual(
      strays.filter((line) => line !== own),
      [],
    );
  }
});

test('timers and unfinished work of a run end with it', { skip }, async () => {
  const fn = await deployBody(`
    setInterval(() => console.log('tick of ' + process.pid), 1);
    console.log('began ' + process.pid);
    return process.pid;
  `);
  for (let i = 0; i < 3; i++) {
    const answer = await customer.call(fn);
    const pid = (await answer.json()) as number;
    const log = await customer.logOf(await customer.runOf(answer));
    assert.deepEqual(
      log.filter((line) => /(tick of|began) /.test(line)).map((line) => line.split('\t').at(-1)),
      [`began ${pid}`],
    );
  }
});

test('POSIX message queues, which nothing lists, can’t be made', { skip }, async () => {
  const fn = await deployBody(`
    return /^Max msgqueue size +(\\d+) +(\\d+)/m.exec(require('node:fs').readFileSync('/proc/self/limits', 'utf8')).slice(1);
  `);
  assert.deepEqual(await callJson(fn), ['0', '0']);
});

test('System V objects are gone', { skip }, async () => {
  const fn = await deployBody(`
    const { execFileSync } = require('node:child_process');
    const found = require('node:fs').readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\\n').length - 1;
    execFileSync('ipcmk', ['-M', '4096']);
    return found;
  `);
  for (let i = 0; i < 2; i++) assert.equal(await callJson(fn), 0);
});

test('a run that exits fails with its status, and the next one is fine', { skip }, async () => {
  const fn = await deploy({
    'index.js': `exports.handler = async (event) => {
      if (event.queryStringParameters?.exit) { console.log('leaving'); process.exit(7); }
      return { statusCode: 200, body: '"fine"' };
    };`,
  });
  for (let i = 0; i < 2; i++) {
    const answer = await customer.request(`${fn.invokeUrl}?exit=1`);
    const run = await customer.runOf(answer);
    assert.equal(run.status, 'crashed');
    assert.match(run.error?.message ?? '', /exit status 7/);
    assert.match((await customer.logOf(run)).join('\n'), /\tleaving/);
    assert.equal(await callJson(fn), 'fine');
  }
});

test('code that can’t be loaded fails each run with its own error', { skip }, async () => {
  const fn = await deploy({ 'index.js': 'throw new RangeError("while loading");' });
  for (let i = 0; i < 2; i++) {
    const run = await customer.runOf(await customer.call(fn));
    assert.deepEqual([run.status, run.error?.type], ['failed', 'RangeError']);
  }
});

test('a package that opens a file while it loads is still not shared by runs', { skip }, async () => {
  const fn = await deploy({
    'index.js': `
      const { read } = require('opens');
      exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(read()) });`,
    'package.json': '{"dependencies":{"opens":"1"}}',
    'node_modules/opens/data': '0123456789',
    'node_modules/opens/index.js': `
      const fs = require('node:fs');
      const fd = fs.openSync(require('node:path').join(__dirname, 'data'));
      const byte = Buffer.alloc(1);
      exports.read = () => { fs.readSync(fd, byte); return byte.toString(); };`,
  });
  for (let i = 0; i < 2; i++) assert.equal(await callJson(fn), '0');
});

test('the platform’s preload library is in nobody’s environment', { skip }, async () => {
  const fn = await deployBody(`
    const { execFileSync } = require('node:child_process');
    return [process.env.LD_PRELOAD ?? null, execFileSync('env').toString().includes('LD_PRELOAD')];
  `);
  assert.deepEqual(await callJson(fn), [null, false]);
});
