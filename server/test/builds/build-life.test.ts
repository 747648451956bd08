// Builds whose node dies, and builds that several nodes could take: nothing is lost, nothing is built twice.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Millrace, noJails, startMillrace } from '../promises/start-millrace.ts';
import { answering, PackagesCustomer } from './packages-customer.ts';
import { openRegistry, type Registry } from './registry.ts';

const skip = noJails();
let registry: Registry;
let millrace: Millrace;

before(async () => {
  if (skip) return;
  registry = await openRegistry(
    ['first', 'second'].map((name) => ({
      ...{ name, version: '1.0.0' },
      files: { 'index.js': `module.exports = '${name}'` },
    })),
  );
  millrace = await startMillrace({ env: { MILLRACE_NPM_REGISTRY: registry.url } });
});
after(async () => {
  await millrace?.close();
  await registry?.close();
});

/** The server process of this Millrace. */
function serverPid(): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = children.find((pid) => {
    try {
      const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return Number(rest.split(' ')[1]) === millrace.pid && /main\.ts\0serve/.test(command);
    } catch {
      return false; // it has ended meanwhile
    }
  });
  assert.ok(found, 'there is a server process');
  return Number(found);
}

async function asked(name: string): Promise<void> {
  while (!registry.requests.some((path) => path === `/${name}`))
    await new Promise((resolve) => setTimeout(resolve, 20));
}

test('a build goes on when the server was killed in the middle of it', { skip }, async () => {
  const customer = new PackagesCustomer(millrace);
  const fn = await customer.uploadCode(answering('return require("first")'));
  registry.hold();
  const build = await customer.ask(fn, { first: '1' });
  await asked('first');
  process.kill(serverPid(), 'SIGKILL');
  registry.resume();
  await millrace.printed(/builds of an earlier start begin again/);
  const end = await eventually(() => customer.over(build));
  assert.equal(end.status, 'ready');
  assert.equal(await customer.answerOf(fn), 'first');
});

test('a build goes on in the next life when Millrace was stopped in the middle of it', { skip }, async () => {
  const customer = new PackagesCustomer(millrace);
  const fn = await customer.uploadCode(answering('return require("second")'));
  registry.hold();
  const build = await customer.ask(fn, { second: '1' });
  await asked('second');
  assert.equal(await millrace.stop(), 0);
  registry.resume();
  const port = new URL(millrace.url).port;
  const env = { MILLRACE_NPM_REGISTRY: registry.url, MILLRACE_PORT: port };
  const former = millrace;
  millrace = await startMillrace({ dataDir: former.dataDir, env });
  const next = new PackagesCustomer({ ...millrace, url: former.url });
  const end = await next.over(build);
  assert.equal(end.status, 'ready');
  assert.equal(await next.answerOf(fn), 'second');
});

/** Asks again while the server is being started. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > giveUpAt || !(error instanceof TypeError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
