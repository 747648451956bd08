// What can go wrong at a start, and what must not come of it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { longTest } from '../long-test.ts';
import { Customer } from './customer.ts';
import { processOf, remains } from './remains.ts';
import { freePort, type Millrace, noJails, type StartOptions, startMillrace } from './start-millrace.ts';

const skip = noJails();
const folder = mkdtempSync(path.join(tmpdir(), 'millrace-start-'));
const running = new Set<Millrace>();
let made = 0;

after(async () => {
  for (const one of running) await one.stop();
  rmSync(folder, { recursive: true, force: true });
});

function newDataDir(): string {
  made += 1;
  return path.join(folder, `data${made}`);
}

async function start(options: StartOptions & { dataDir: string }): Promise<Millrace> {
  const millrace = await startMillrace(options);
  running.add(millrace);
  void millrace.ended.then(() => running.delete(millrace));
  return millrace;
}

longTest('descriptors of whoever starts it do not reach a function', { skip }, async () => {
  const file = path.join(folder, 'root-only');
  writeFileSync(file, 'canary', { mode: 0o600 });
  const descriptor = openSync(file, 'r+');
  const open = Array.from({ length: 40 }, () => descriptor);
  const millrace = await start({ dataDir: newDataDir(), openDescriptors: open });
  closeSync(descriptor);
  const customer = new Customer(millrace);
  const fn = await customer.uploadCode(`const fs = require('fs'); exports.handler = async () => {
    const files = fs.readdirSync('/proc/self/fd').map((n) => { try { return fs.readlinkSync('/proc/self/fd/' + n); } catch { return ''; } });
    const read = [...Array(64).keys()].map((n) => { try { const b = Buffer.alloc(6); fs.readSync(n + 4, b, 0, 6, 0); return b.toString(); } catch { return ''; } });
    return { statusCode: 200, body: JSON.stringify({ files, read }) }; };`);
  const seen = await (await customer.call(fn)).text();
  assert.ok(!seen.includes('root-only') && !seen.includes('canary'), seen);
  await millrace.stop();
});

test('a start that finds its port taken says so, and the token is told by the start that works', {
  skip,
}, async () => {
  const dataDir = newDataDir();
  const other = createServer().listen(0, '0.0.0.0');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const taken = startMillrace({ dataDir, env: { MILLRACE_PORT: String(port), MILLRACE_ADMIN_TOKEN: '' } });
  await assert.rejects(taken, new RegExp(`port ${port} is in use`));
  other.close();
  const millrace = await start({ dataDir, env: { MILLRACE_ADMIN_TOKEN: '' } });
  assert.match(millrace.output(), /token +in .*first\.token/);
  await millrace.stop();
});

longTest('a link in the place of the lock is no way to root’s files', { skip }, async () => {
  const dataDir = newDataDir();
  await (await start({ dataDir })).stop();
  const victim = path.join(folder, 'victim');
  writeFileSync(victim, 'precious');
  unlinkSync(path.join(dataDir, 'lock'));
  symlinkSync(victim, path.join(dataDir, 'lock'));
  await assert.rejects(startMillrace({ dataDir }), /ELOOP|not a file of Millrace/);
  assert.equal(readFileSync(victim, 'utf8'), 'precious');
});

longTest('a shell with umask 077 starts it as well', { skip }, async () => {
  const main = path.resolve(import.meta.dirname, '../../../launcher/main.ts');
  const command = ['sh', '-c', `umask 077; exec "${process.execPath}" "${main}" start`];
  const millrace = await start({ dataDir: newDataDir(), command });
  const customer = new Customer(millrace);
  const fn = await customer.uploadCode('exports.handler = async () => ({ statusCode: 200 });');
  assert.equal((await customer.call(fn)).status, 200);
  await millrace.stop();
});

test('the embedded database’s death ends the server, and both come back', { skip }, async () => {
  const dataDir = newDataDir();
  const millrace = await start({ dataDir });
  const former = processOf(millrace, 'serve');
  const postmaster = Number(
    readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0],
  );
  process.kill(postmaster, 'SIGKILL');
  await millrace.printed(/serve ended .*\n(.*\n)*.*Millrace is running/);
  assert.notEqual(processOf(millrace, 'serve'), former);
  const answer = await new Customer(millrace).request('/millrace/v1/runs');
  assert.equal(answer.status, 200);
  await millrace.stop();
  assert.deepEqual(remains(dataDir), []);
});

test('SIGTERM to `npm start` leaves nothing behind', { skip }, async () => {
  const dataDir = newDataDir();
  const millrace = await start({ dataDir, command: ['npm', 'start'] });
  assert.ok(remains(dataDir).length > 0);
  await millrace.stop();
  const giveUpAt = Date.now() + 30_000;
  // npm doesn't wait for what it passed the signal to.
  while (remains(dataDir).length > 0 && Date.now() < giveUpAt) await new Promise((r) => setTimeout(r, 50));
  assert.deepEqual(remains(dataDir), []);
});

longTest('SIGKILL of `npm start` leaves nothing behind either', { skip }, async () => {
  const dataDir = newDataDir();
  const millrace = await start({ dataDir, command: ['npm', 'start'] });
  process.kill(millrace.pid, 'SIGKILL');
  const giveUpAt = Date.now() + 30_000;
  while (remains(dataDir).length > 0 && Date.now() < giveUpAt) await new Promise((r) => setTimeout(r, 50));
  assert.deepEqual(remains(dataDir), []);
});

test('a function reaches the platform by a public name under .localhost', { skip }, async () => {
  const port = await freePort();
  const env = { MILLRACE_PORT: String(port), MILLRACE_PUBLIC_URL: `http://fn.localhost:${port}` };
  const millrace = await start({ dataDir: newDataDir(), env });
  const customer = new Customer({ ...millrace, url: `http://localhost:${port}` });
  const fn = await customer.uploadCode(`exports.handler = async (event) => {
    const answer = await fetch('http://fn.localhost:${port}/healthz');
    return { statusCode: answer.status, body: await answer.text() }; };`);
  assert.equal(fn.invokeUrl, `http://fn.localhost:${port}/func/v1/${fn.id}`);
  assert.equal((await customer.request(`/func/v1/${fn.id}`)).status, 200);
  await millrace.stop();
});

const MISTAKES: [string, Record<string, string>, RegExp][] = [
  [
    'an address that is not this machine’s',
    { MILLRACE_HOST: '198.51.100.77' },
    /MILLRACE_HOST=198\.51\.100\.77/,
  ],
  [
    'a database that is not there',
    { MILLRACE_DATABASE_URL: 'postgres://x@127.0.0.1:9/x' },
    /MILLRACE_DATABASE_URL: .*ECONNREFUSED/,
  ],
  ['roots that are not there', { MILLRACE_EXTRA_CA_CERTS: '/nowhere/ca.pem' }, /MILLRACE_EXTRA_CA_CERTS/],
  ['a data dir below /proc', { MILLRACE_DATA_DIR: '/proc/x' }, /MILLRACE_DATA_DIR/],
];
for (const [name, env, words] of MISTAKES) {
  test(`${name} is told in one sentence without a stack`, { skip }, async () => {
    await assert.rejects(startMillrace({ dataDir: newDataDir(), env }), (error: Error) => {
      assert.match(error.message, words);
      assert.ok(!/\n\s+at /.test(error.message.replace(/^Millrace ended.*/, '')), error.message);
      return true;
    });
  });
}

longTest('another master key than the database was sealed with is told by its name', { skip }, async () => {
  const dataDir = newDataDir();
  await (await start({ dataDir })).stop();
  const env = { MILLRACE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };
  await assert.rejects(startMillrace({ dataDir, env }), /MILLRACE_MASTER_KEY is not the key/);
});
