// The import command sees a move through: it installs what package.json asks for, waits, and calls live only
// what can be called. What isn't live it names, with the reason and what to do; the same words stand in a
// run's error and log. Through the public port.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRegistry, type Registry } from '../builds/registry.ts';
import { Site } from './site.ts';
import { freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const WITHIN_MS = 30_000;
const PACKAGES = [
  { name: 'left-right', version: '3.1.4', files: { 'index.js': 'module.exports = "left-right 3"' } },
  { name: 'axios', version: '0.19.2', files: { 'index.js': 'module.exports = "axios"' } },
  { name: '@hubspot/api-client', version: '1.0.0', files: { 'index.js': 'module.exports = "client"' } },
  { name: 'request', version: '2.88.2', files: { 'index.js': 'module.exports = "request"' } },
  { name: 'requests', version: '0.2.2', files: { 'index.js': 'module.exports = "requests"' } },
];

let millrace: Millrace;
let registry: Registry;
let tlsPort: number;
let site: Site;
let folder: string;

before(async () => {
  if (skip) return;
  registry = await openRegistry(PACKAGES);
  tlsPort = await freePort();
  millrace = await startMillrace({
    env: { MILLRACE_NPM_REGISTRY: registry.url, MILLRACE_TLS_PORT: String(tlsPort) },
  });
  site = new Site(millrace);
});
after(async () => {
  await millrace?.close();
  await registry?.close();
});
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'millrace-theme-')), 'my-theme');
});
afterEach(async () => {
  rmSync(path.dirname(folder), { recursive: true, force: true });
  await site.manage('/content/filemapper/v1/delete/my-theme', { method: 'DELETE' });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

function declaring(...paths: string[]): string {
  return JSON.stringify({
    endpoints: Object.fromEntries(paths.map((name) => [name, { file: `${name}.js` }])),
  });
}

function saying(expression: string): string {
  return `const said = ${expression}; exports.main = (context, sendResponse) => sendResponse({ body: said });`;
}

async function command(...args: string[]): Promise<{ status: number | null; printed: string }> {
  const main = path.resolve(import.meta.dirname, '../../../cli/src/main.ts');
  const all = [main, 'import-hubspot', folder, '--server', millrace.url, '--token', millrace.token, ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, printed };
}

describe('millrace import-hubspot', { skip }, () => {
  test('installs the packages of a package.json, and calls live what answers', async () => {
    write({
      'api.functions/serverless.json': declaring('left'),
      'api.functions/left.js': saying("require('left-right')"),
      'api.functions/package.json': '{"dependencies": {"left-right": "^3.0.0"}}',
    });
    const { status, printed } = await command();
    assert.equal(status, 0, printed);
    assert.match(printed, /Packages of my-theme\/api\.functions: installed\./);
    assert.match(printed, /live +GET +http:\/\/localhost:\d+\/_hcms\/api\/left\n/);
    assert.match(printed, /1 of 1 endpoints are live/);
    assert.equal(await (await site.call('left')).text(), 'left-right 3');
  });

  test('says which packages can not be installed, why, and what to do, and calls nothing live that needs them', async () => {
    write({
      'api.functions/serverless.json': declaring('left', 'plain'),
      'api.functions/left.js': saying("require('no-such-package')"),
      'api.functions/plain.js': saying('"plain"'),
      'api.functions/package.json': '{"dependencies": {"no-such-package": "1.0.0"}}',
    });
    const { status, printed } = await command();
    assert.equal(status, 1, printed);
    assert.match(printed, /Packages of my-theme\/api\.functions: FAILED\n[\s\S]*no-such-package/);
    assert.match(printed, /What to do: correct my-theme\/api\.functions\/package\.json/);
    assert.match(printed, /NOT LIVE +GET +\S+\/left\n +its packages could not be installed/);
    assert.match(printed, /live +GET +\S+\/plain\n/);
    assert.match(printed, /1 of 2 endpoints are live/);
  });

  test('says of a package.json that asks for what can not be asked for, that it is refused', async () => {
    write({
      'api.functions/serverless.json': declaring('plain'),
      'api.functions/plain.js': saying('"plain"'),
      'api.functions/package.json': '{"dependencies": {"UPPER CASE": 7}}',
    });
    const { status, printed } = await command();
    assert.equal(status, 1, 'what follows in a script must not go on');
    assert.match(printed, /Packages of my-theme\/api\.functions: FAILED\n.*UPPER CASE/);
    assert.match(printed, /1 of 1 endpoints are live/);
  });

  test('says of a module that is not there, and of a file, what to do; so do the run’s error, its log and hs logs', async () => {
    write({
      'api.functions/serverless.json': declaring('bare', 'later', 'lost'),
      'api.functions/bare.js': saying("require('lodash/fp')"),
      'api.functions/later.js':
        "exports.main = (context, sendResponse) => sendResponse({ body: require('./gone') });",
    });
    const { status, printed } = await command();
    assert.equal(status, 1, printed);
    const advice =
      /name lodash under "dependencies" in my-theme\/api\.functions\/package\.json, upload it, and run `hs cms function deploy my-theme\/api\.functions --use-env`/;
    assert.match(
      printed,
      /NOT LIVE +GET +\S+\/bare\n +Runtime\.ImportModuleError: .*Cannot find module 'lodash\/fp'\n/,
    );
    assert.match(printed, advice);
    assert.match(
      printed,
      /NOT LIVE +GET +\S+\/lost\n.*there is no file lost\.js\n +What to do: upload my-theme/,
    );
    assert.match(printed, /1 of 3 endpoints are live/);
    assert.match(printed, /names packages that are not there: lodash/);

    const answer = await site.call('bare');
    assert.equal(answer.status, 500);
    assert.doesNotMatch(await answer.text(), /lodash/);
    const id = answer.headers.get('x-run-id') ?? '';
    const run = await runOnceRecorded(id);
    assert.match(run.error?.message ?? '', advice);
    const logs = await site.manageJson<{ data: { text: string }[] }>(`/millrace/v1/runs/${id}/logs`);
    assert.match(JSON.stringify(logs), /What to do: name lodash/);
    const shown = await site.manageJson<{ results: { error: { message: string } }[] }>(
      '/cms/v3/functions/results/by-route/bare',
    );
    const message = shown.results[0]?.error.message ?? '';
    assert.match(message, advice);
    assert.equal(message.split('What to do: ').length, 2, 'it is said once');

    const later = await runOnceRecorded((await site.call('later')).headers.get('x-run-id') ?? '');
    assert.match(
      later.error?.message ?? '',
      /What to do: upload the file \.\/gone to my-theme\/api\.functions/,
    );
  });

  test('puts a folder where hs cms upload puts it, and where --dest says', async () => {
    write({ 'api.functions/serverless.json': declaring('left'), 'api.functions/left.js': saying('"left"') });
    const { printed } = await command();
    assert.match(printed, /hs "\$@" --use-env\n[\s\S]*hsm cms upload \S+my-theme my-theme /);
    assert.match(
      printed,
      new RegExp(`hsm\\(\\) \\{\n +HUBAPI_DOMAIN_OVERRIDE='localhost:${tlsPort}/millrace'`),
    );
    assert.match(printed, /HUBSPOT_ACCOUNT_ID='1001'/);
    assert.equal(await rawPath('left'), '/my-theme/api.functions/left.js');
    const moved = await command('--dest', 'elsewhere');
    assert.equal(moved.status, 1);
    assert.match(
      moved.printed,
      /my-theme\/api\.functions serves the path left already, so elsewhere\/api\.functions/,
    );
  });

  test('gives its report and its results as one JSON text', async () => {
    write({ 'api.functions/serverless.json': declaring('left'), 'api.functions/left.js': saying('"left"') });
    const { status, printed } = await command('--json');
    const { results } = JSON.parse(printed) as {
      results: { endpoints: { path: string; answers: boolean }[] };
    };
    assert.deepEqual(
      [status, results.endpoints.map(({ path: name, answers }) => [name, answers])],
      [0, [['left', true]]],
    );
  });
});

describe('a folder whose package.json was changed', { skip }, () => {
  test('says before every command that a deploy is needed, until its packages are built; a move takes them along', async () => {
    const upload = (name: string, text: string): Promise<void> =>
      site.uploadFile(`my-theme/api.functions/${name}`, text);
    const needed = /Deploy needed: my-theme\/api\.functions.*hs cms function deploy my-theme\/api\.functions/;
    await upload('left.js', saying("require('left-right')"));
    await upload('package.json', '{"dependencies": {"left-right": "^3.0.0"}}');
    await upload('serverless.json', declaring('left'));
    await site.live(['left']);
    await noticed(needed, true);
    const answer = await site.manage('/cms/v3/functions/build/async', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ folderPath: 'my-theme/api.functions' }),
    });
    await built(await answer.text());
    await noticed(needed, false);
    assert.equal(await (await site.call('left')).text(), 'left-right 3');
    await upload('package.json', '{"name": "the same packages", "dependencies": {"left-right": "^3.0.0"}}');
    await upload('left.js', saying("require('left-right') + '!'"));
    const giveUpAt = Date.now() + WITHIN_MS;
    while ((await (await site.call('left')).text()) !== 'left-right 3!') {
      assert.ok(Date.now() < giveUpAt, 'the change does not come to be live');
      await sleep(50);
    }
    await noticed(needed, false);
    await site.manage('/content/filemapper/v1/rename/my-theme?path=my-theme-2', { method: 'PUT' });
    while ((await rawPath('left')) !== '/my-theme-2/api.functions/left.js') {
      assert.ok(Date.now() < giveUpAt, 'the moved folder does not come to be live');
      await sleep(50);
    }
    assert.equal(await (await site.call('left')).text(), 'left-right 3!');
    await site.manage('/content/filemapper/v1/delete/my-theme-2', { method: 'DELETE' });
  });
});

type RunView = { status: string; error: { message: string } | null };

async function runOnceRecorded(id: string): Promise<RunView> {
  const giveUpAt = Date.now() + WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${millrace.url}/millrace/v1/runs/${id}`, {
      headers: { authorization: `Bearer ${millrace.token}` },
    });
    const run = (await answer.json()) as RunView;
    if (answer.ok && run.status === 'failed') return run;
    assert.ok(Date.now() < giveUpAt, `the run ${id} is ${JSON.stringify(run)}`);
    await sleep(50);
  }
}

async function rawPath(route: string): Promise<string | undefined> {
  const { objects } = await site.manageJson<{ objects: { route: string; rawAssetPath: string }[] }>(
    '/cms/v3/functions/routes',
  );
  return objects.find((one) => one.route === route)?.rawAssetPath;
}

/** Waits until the notice stands there, or until it no longer does. */
async function noticed(words: RegExp, isThere: boolean): Promise<void> {
  const giveUpAt = Date.now() + WITHIN_MS;
  for (;;) {
    const notices = await site.manageJson<{ title: string; message: string }[]>(
      '/firealarm/v4/alarm/hubspot-cli/1001',
    );
    const found = notices.some(({ title, message }) => words.test(`${title} ${message}`));
    if (found === isThere) return;
    assert.ok(Date.now() < giveUpAt, `${isThere ? 'never' : 'still'}: ${JSON.stringify(notices)}`);
    await sleep(50);
  }
}

async function built(id: string): Promise<void> {
  const giveUpAt = Date.now() + 2 * WITHIN_MS;
  for (;;) {
    const { status } = await site.manageJson<{ status: string }>(`/cms/v3/functions/build/${id}/poll`);
    if (status === 'SUCCESS') return;
    assert.ok(status === 'STARTED' && Date.now() < giveUpAt, `the build is ${status}`);
    await sleep(200);
  }
}
