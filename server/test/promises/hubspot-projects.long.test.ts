// HubSpot's developer projects, uploaded by its own CLI: app functions with endpoints answer at
// /hs/serverless/<path>. Both forms: one meta per function (8.14.0), and the older `appFunctions` (7.11.3).
// What the CLI prints is what is checked.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRegistry, type Registry } from '../builds/registry.ts';
import { RUNS_ALL } from '../long-test.ts';
import { ensureCli, HubspotCli } from './hubspot-cli.ts';
import { Site } from './site.ts';
import { ADMIN_TOKEN, freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const NEWER = '8.14.0';
const OLDER = '7.11.3';
const PORTAL = 1001;
const PACKAGES = [
  { name: 'left-right', version: '3.1.4', files: { 'index.js': 'module.exports = "left-right 3"' } },
];

let millrace: Millrace;
let registry: Registry;
let tlsPort: number;
let site: Site;

// Before any test's time begins: minutes, where npm has to fetch it.
if (!skip) {
  for (const version of RUNS_ALL ? [NEWER, OLDER] : [NEWER]) ensureCli(version);
}

before(async () => {
  if (skip) return;
  registry = await openRegistry(PACKAGES);
  tlsPort = await freePort();
  millrace = await startMillrace({
    env: { MILLRACE_TLS_PORT: String(tlsPort), MILLRACE_NPM_REGISTRY: registry.url },
  });
  site = new Site(millrace);
});
after(async () => {
  await millrace?.close();
  await registry?.close();
});

const account = { portalId: PORTAL, authType: 'personalaccesskey', personalAccessKey: ADMIN_TOKEN };

async function call(path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${millrace.url}/hs/serverless/${path}`);
  return { status: answer.status, text: await answer.text() };
}

/** Side by side: a command waits as much as it works. */
describe('projects', { skip, concurrency: 2 }, () => {
  describe(`a project of @hubspot/cli ${NEWER}`, { skip, concurrency: 1 }, () => {
    let cli: HubspotCli;
    const returning = (expression: string): string =>
      `exports.main = async (context) => { console.log('called'); return { statusCode: 200, body: { said: ${expression} } }; };`;

    before(() => {
      cli = new HubspotCli(NEWER, { millrace, tlsPort, account });
      const config = { name: 'shop', srcDir: 'src', platformVersion: '2026.03' };
      cli.write('hsproject.json', JSON.stringify(config));
      cli.write('src/app/app-hsmeta.json', JSON.stringify({ uid: 'shop_app', type: 'app', config: {} }));
      const meta = (uid: string, more: object): string =>
        JSON.stringify({
          uid,
          type: 'app-function',
          config: { entrypoint: `/app/functions/${uid}.js`, ...more },
        });
      const endpoint = { path: '/api/hello', methods: ['GET'] };
      cli.write('src/app/functions/hello-hsmeta.json', meta('hello', { endpoint, secretKeys: ['SHOP_KEY'] }));
      cli.write('src/app/functions/inner-hsmeta.json', meta('inner', {}));
      cli.write('src/app/functions/inner.js', returning('1'));
      cli.write('src/app/functions/package.json', '{"dependencies":{"left-right":"^3.0.0"}}');
      cli.write(
        'src/app/functions/hello.js',
        returning(`[require('left-right'), context.params.name, process.env.SHOP_KEY].join(' ')`),
      );
    });
    after(() => cli?.close());

    test('is made, built with its packages, deployed, and answers', async () => {
      const { code, text } = await cli.run('project upload --force --skip-npm-audit');
      assert.equal(code, 0, text);
      assert.match(text, /Built shop #1/);
      assert.match(text, /Deployed build #1 in shop/);
      assert.match(text, /inner has no endpoint/);
      assert.deepEqual(await call('api/hello?name=Ann'), {
        status: 200,
        text: '{"said":"left-right 3 Ann "}',
      });
    });

    test('has its app’s secrets, and its logs', async () => {
      const { results } = await site.manageJson<{ results: { id: number; name: string }[] }>(
        '/apps-dev/external/public/v3/full/portal',
      );
      const app = results.find(({ name }) => name === 'shop')?.id;
      const added = await cli.run(`app secret add SHOP_KEY --app=${app}`, ['open sesame']);
      assert.equal(added.code, 0, added.text);
      const giveUpAt = Date.now() + 15_000;
      while (!(await call('api/hello')).text.includes('open sesame')) {
        assert.ok(Date.now() < giveUpAt, 'the secret did not come to be seen');
        await sleep(100);
      }
      const listed = await cli.run(`app secret list --app=${app}`);
      assert.match(listed.text, /SHOP_KEY/);
      const logs = await cli.run(`app logs --app=${app} --type=serverless-gateway-execution --limit=2`);
      assert.match(logs.text, /SUCCESS/);
      assert.equal(logs.code, 0, logs.text);
    });

    test('whose packages can not be had is not built, and what is live stays', async () => {
      cli.write('src/app/functions/package.json', '{"dependencies":{"no-such-package":"1.0.0"}}');
      cli.write('src/app/functions/hello.js', returning('"never"'));
      const { code, text } = await cli.run('project upload --skip-npm-audit');
      assert.equal(code, 1, text);
      assert.match(text, /Failed to build shop #2/);
      assert.match(text, /no-such-package/);
      assert.match((await call('api/hello?name=Ann')).text, /left-right 3 Ann/);
    });

    test('that names a file which is not in it is refused before it is built', async () => {
      const meta = {
        entrypoint: '/app/functions/gone.js',
        endpoint: { path: '/api/gone', methods: ['GET'] },
      };
      cli.write(
        'src/app/functions/gone-hsmeta.json',
        JSON.stringify({ uid: 'gone', type: 'app-function', config: meta }),
      );
      const { code, text } = await cli.run('project upload --skip-npm-audit');
      assert.equal(code, 1, text);
      assert.match(text, /api\/gone: there is no file gone\.js/);
    });
  });

  const thorough = RUNS_ALL ? describe : (): void => {};
  thorough(`a project of @hubspot/cli ${OLDER}`, { skip, concurrency: 1 }, () => {
    let cli: HubspotCli;
    const saying = (text: string): string =>
      `exports.main = (context, sendResponse) => sendResponse({ statusCode: 200, body: '${text}' });`;

    before(() => {
      cli = new HubspotCli(OLDER, { millrace, tlsPort, account });
      cli.write(
        'hsproject.json',
        JSON.stringify({ name: 'older shop', srcDir: 'src', platformVersion: '2023.2' }),
      );
      cli.write('src/app/app.json', '{"name":"older"}');
      const appFunctions = {
        sum: { file: 'sum.js', endpoint: { path: 'older/sum', method: ['GET', 'POST'] } },
      };
      cli.write('src/app/app.functions/serverless.json', JSON.stringify({ appFunctions }));
      cli.write('src/app/app.functions/package.json', '{}');
      cli.write('src/app/app.functions/sum.js', saying('first'));
    });
    after(() => cli?.close());

    test('of the older form answers, too', async () => {
      const { code, text } = await cli.run('project upload --force-create');
      assert.equal(code, 0, text);
      assert.match(text, /Deployed build #1 in older shop/);
      assert.deepEqual(await call('older/sum'), { status: 200, text: 'first' });
    });

    test('is deployed later where it is told so, and an earlier build again', async () => {
      cli.write('src/app/app.functions/sum.js', saying('second'));
      await cli.run('project upload');
      assert.equal((await call('older/sum')).text, 'second');
      const { code, text } = await cli.run('project deploy --build=1');
      assert.equal(code, 0, text);
      assert.equal((await call('older/sum')).text, 'first');
    });

    test('can not be changed by the commands for files, nor is it among them', async () => {
      const { results } = await site.manageJson<{ results: { name: string }[] }>('/developer/projects/v1');
      assert.ok(results.some(({ name }) => name === 'older shop'));
      await assert.rejects(
        site.uploadFile('@projects/older%20shop/src/app/app.functions/sum.js', ''),
        /is a project/,
      );
      const root = await site.manageJson<{ children: string[] }>('/content/filemapper/v1/meta//');
      assert.deepEqual(root.children, []);
    });

    test('is gone with its endpoints when it is deleted', async () => {
      await site.manage('/developer/projects/v1/older%20shop', { method: 'DELETE' });
      const giveUpAt = Date.now() + 15_000;
      while ((await call('older/sum')).status !== 404) {
        assert.ok(Date.now() < giveUpAt, 'it goes on answering');
        await sleep(100);
      }
      assert.equal((await cli.run('project deploy --build=1')).code, 1);
    });
  });
});
