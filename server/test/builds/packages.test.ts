// Packages of functions, from the request to the run: through the public port, with real npm in a real jail
// and a registry of our own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LISTENER } from '../../src/postgres/listener.ts';
import { embeddedDatabaseOf } from '../promises/second-account.ts';
import { type Millrace, noJails, startMillrace } from '../promises/start-millrace.ts';
import { answering, type BuildView, PackagesCustomer } from './packages-customer.ts';
import { openRegistry, type Registry } from './registry.ts';

const PACKAGES = [
  { name: 'plain', version: '1.0.0', files: { 'index.js': 'module.exports = "plain 1.0.0"' } },
  {
    ...{ name: 'plain', version: '1.1.0' },
    dependencies: { inner: '^2.0.0' },
    files: { 'index.js': 'module.exports = "plain 1.1.0 with " + require("inner")' },
  },
  { name: 'inner', version: '2.3.4', files: { 'index.js': 'module.exports = "inner 2.3.4"' } },
  {
    ...{ name: '@scope/modern', version: '3.0.0' },
    fields: { type: 'module', exports: './index.js' },
    files: { 'index.js': 'export default "modern"; export const named = 1;' },
  },
  {
    ...{ name: 'scripted', version: '1.0.0' },
    scripts: { preinstall: 'touch pre', install: 'touch now', postinstall: 'touch post' },
    files: { 'index.js': 'module.exports = require("fs").readdirSync(__dirname)' },
  },
  {
    name: 'stamp',
    version: '1.0.0',
    files: { 'index.js': 'module.exports = process.hrtime.bigint().toString()' },
  },
  { name: 'lonely', version: '1.0.0', files: { 'index.js': 'module.exports = 1' } },
  { name: 'slow', version: '1.0.0', files: { 'index.js': 'module.exports = 1' } },
];

/** Stands the connection still by which the node hears of changes. @returns what lets it go on */
async function stopListener(): Promise<() => void> {
  const database = embeddedDatabaseOf(millrace);
  const [backend] = await database.query<{ pid: number }>(
    'select pid from pg_stat_activity where application_name = $1',
    [LISTENER],
  );
  await database.close();
  const { pid } = backend ?? assert.fail('nothing listens');
  process.kill(pid, 'SIGSTOP');
  return () => process.kill(pid, 'SIGCONT');
}

const skip = noJails();
let registry: Registry;
let millrace: Millrace;
let customer: PackagesCustomer;

before(async () => {
  if (skip) return;
  registry = await openRegistry(PACKAGES);
  millrace = await startMillrace({ env: { MILLRACE_NPM_REGISTRY: registry.url } });
  customer = new PackagesCustomer(millrace);
});
after(async () => {
  await millrace?.close();
  await registry?.close();
});

test('a function finds its packages by require and by import, those that can only be imported too', {
  skip,
}, async () => {
  const fn = await customer.uploadCode(
    answering(
      'return [require("plain"), (await import("plain")).default, (await import("@scope/modern")).default]',
    ),
  );
  const build = await customer.built(fn, { plain: '^1.0.0', '@scope/modern': 'latest' });
  assert.deepEqual(build.resolved, { '@scope/modern': '3.0.0', plain: '1.1.0' });
  const plain = 'plain 1.1.0 with inner 2.3.4';
  assert.deepEqual(await customer.answerOf(fn), [plain, plain, 'modern']);
});

test('packages make a version of the same code, and an older version comes back with its own', {
  skip,
}, async () => {
  const fn = await customer.uploadCode(answering('return require("plain")'));
  await customer.built(fn, { plain: '1.0.0' });
  await customer.built(fn, { plain: '1.1.0' });
  assert.equal(await customer.answerOf(fn), 'plain 1.1.0 with inner 2.3.4');
  await customer.json(`/millrace/v1/functions/${fn.id}/versions/2/activate`, { method: 'POST' });
  assert.equal(await customer.answerOf(fn), 'plain 1.0.0');
});

test('a build that is shown as ready is ready for the next call, however late this node hears of it', {
  skip,
}, async (t) => {
  const fn = await customer.uploadCode(answering('return require("plain")'));
  await customer.built(fn, { plain: '1.0.0' });
  assert.equal(await customer.answerOf(fn), 'plain 1.0.0');
  const build = await customer.ask(fn, { plain: '1.1.0', stamp: '1.0.0' });
  const resume = await stopListener();
  t.after(resume);
  assert.equal((await customer.over(build)).status, 'ready');
  assert.equal(await customer.answerOf(fn), 'plain 1.1.0 with inner 2.3.4');
});

test('a function without packages again finds none', { skip }, async () => {
  const fn = await customer.uploadCode(
    answering('try { return require("plain") } catch (e) { return e.code }'),
  );
  await customer.built(fn, { plain: '1.0.0' });
  assert.equal(await customer.answerOf(fn), 'plain 1.0.0');
  assert.equal((await customer.ask(fn, {})).status, 'ready');
  assert.equal(await customer.answerOf(fn), 'MODULE_NOT_FOUND');
});

test('the log of a build is shown as text, too', { skip }, async () => {
  const fn = await customer.uploadCode(answering('return 1'));
  const build = await customer.built(fn, { stamp: '1.0.0' });
  const answer = await customer.request(`/millrace/v1/builds/${build.id}/logs?format=text`);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
  const lines = (await answer.text()).trimEnd().split('\n');
  const told = await customer.logOfBuild(build);
  assert.ok(told.length > 0 && lines.length >= told.length);
  for (const text of told)
    assert.ok(
      lines.some((line) => line.endsWith(text.trimEnd())),
      text,
    );
});

test('packages are read-only for the function that has them', { skip }, async () => {
  const fn = await customer.uploadCode(
    answering(`const fs = require('fs');
      const file = require.resolve('plain');
      const codes = [];
      for (const act of [() => fs.writeFileSync(file, 'x'), () => fs.unlinkSync(file), () => fs.chmodSync(file, 0o777),
        () => fs.mkdirSync(require('path').dirname(file) + '/new')])
        try { act(); codes.push('done'); } catch (error) { codes.push(error.code); }
      return codes;`),
  );
  await customer.built(fn, { plain: '1.0.0' });
  assert.deepEqual(await customer.answerOf(fn), ['EROFS', 'EROFS', 'EROFS', 'EROFS']);
});

test('install scripts are not run', { skip }, async () => {
  const fn = await customer.uploadCode(answering('return require("scripted")'));
  await customer.built(fn, { scripted: '1.0.0' });
  assert.deepEqual(await customer.answerOf(fn), ['index.js', 'package.json']);
});

test('a template loads packages once for all its runs', { skip }, async () => {
  const fn = await customer.uploadCode(
    answering('return [require("stamp"), process.hrtime.bigint().toString()]'),
  );
  await customer.settings(fn, { reuse: 'none' });
  await customer.built(fn, { stamp: '1.0.0' });
  const first = await customer.answerOf<[string, string]>(fn);
  const second = await customer.answerOf<[string, string]>(fn);
  assert.equal(first[0], second[0]);
  assert.notEqual(first[1], second[1]);
});

test('functions that come to the same packages share one layer', { skip }, async () => {
  const [one, other] = [
    await customer.uploadCode(answering('return require("lonely")')),
    await customer.uploadCode(answering('return require("lonely") + 1')),
  ];
  await customer.built(one, { lonely: '1.0.0' });
  const build = await customer.built(other, { lonely: '^1.0.0' });
  assert.equal(registry.downloads('lonely'), 1);
  assert.match((await customer.logOfBuild(build)).join('\n'), /they are shared/);
  assert.deepEqual([await customer.answerOf(one), await customer.answerOf(other)], [1, 2]);
});

test('a wanted that was fulfilled lately is fulfilled at once', { skip }, async () => {
  const fn = await customer.uploadCode(answering('return require("plain")'));
  await customer.built(fn, { plain: '1.0.0' });
  const before = registry.requests.length;
  const build = await customer.ask(fn, { plain: '1.0.0' });
  assert.deepEqual([build.status, build.resolved], ['ready', { plain: '1.0.0' }]);
  assert.equal(registry.requests.length, before);
});

test('those who ask for the same at the same time wait for one build', { skip }, async () => {
  const functions = await Promise.all(
    [1, 2, 3].map((n) => customer.uploadCode(answering(`return require("slow") + ${n}`))),
  );
  registry.hold();
  const builds = await Promise.all(functions.map((fn) => customer.ask(fn, { slow: '1' })));
  assert.deepEqual(
    builds.map(({ status }) => status),
    ['building', 'building', 'building'],
  );
  registry.resume();
  const ends = await Promise.all(builds.map((build) => customer.over(build)));
  assert.deepEqual(
    ends.map(({ status }) => status),
    ['ready', 'ready', 'ready'],
  );
  assert.equal(registry.downloads('slow'), 1);
  const logs = await Promise.all(builds.map((build) => customer.logOfBuild(build)));
  assert.deepEqual(logs[0], logs[2]);
  assert.deepEqual(await Promise.all(functions.map((fn) => customer.answerOf(fn))), [2, 3, 4]);
});

test('a failed build tells it in the words of npm and leaves the function as it is', { skip }, async () => {
  const fn = await customer.uploadCode(answering('return require("plain")'));
  await customer.built(fn, { plain: '1.0.0' });
  const missing = await customer.over(await customer.ask(fn, { plain: '1.0.0', 'is-not-there': '1' }));
  assert.equal(missing.error?.step, 'resolve');
  assert.match(missing.error?.message ?? '', /^code E404\n404 Not Found - GET .*\/is-not-there/);
  const version = await customer.over(await customer.ask(fn, { plain: '^7' }));
  assert.match(version.error?.message ?? '', /ETARGET\n.*No matching version found for plain@\^7/);
  assert.match((await customer.logOfBuild(version)).join('\n'), /Failed: code ETARGET/);
  assert.equal(await customer.answerOf(fn), 'plain 1.0.0');
});

test('what was asked for last is what a function has', { skip }, async () => {
  const fn = await customer.uploadCode(answering('return require("plain")'));
  await customer.built(fn, { plain: '1.0.0' });
  registry.hold();
  const overtaken = await customer.ask(fn, { plain: '>=1.1.0' });
  assert.equal((await customer.ask(fn, { plain: '1.0.0' })).status, 'ready');
  registry.resume();
  const end = await customer.over(overtaken);
  assert.deepEqual([end.status, end.error?.message], ['failed', 'another build was asked for meanwhile']);
  assert.equal(await customer.answerOf(fn), 'plain 1.0.0');
});

test('a wanted that can not be is refused at once, with every reason', { skip }, async () => {
  const fn = await customer.uploadCode(answering('return 1'));
  const asked = await customer.request(`/millrace/v1/functions/${fn.id}/builds`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ dependencies: { plain: 'git+https://example.com/x.git', '../up': '1' } }),
  });
  assert.equal(asked.status, 400);
  assert.match(await asked.text(), /plain: .* is no version.*\.\.\/up.* is no name/);
  const { data } = await customer.json<{ data: BuildView[] }>(`/millrace/v1/functions/${fn.id}/builds`);
  assert.deepEqual(data, []);
});

test('builds of another world are not there', { skip }, async () => {
  const fn = await customer.uploadCode(answering('return 1'));
  const build = await customer.built(fn, { plain: '1.0.0' });
  const twin = await customer.json<{ token: string }>('/api/v1/auths/trusted?test=true', { method: 'POST' });
  const other = new PackagesCustomer(millrace, twin.token);
  for (const path of [`builds/${build.id}`, `builds/${build.id}/logs`, `functions/${fn.id}/builds`]) {
    assert.equal((await other.request(`/millrace/v1/${path}`)).status, 404, path);
  }
  assert.deepEqual((await other.json<{ data: BuildView[] }>('/millrace/v1/builds')).data, []);
});
