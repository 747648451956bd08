// HubSpot's CLI drives Millrace over HTTPS as it drove the original: what it prints is what is checked. A
// command takes seconds: `npm run test:all` tries every promise with the newest version, and with the one
// before it those in which the two differ. `npm run test:cli` tries them all with all versions:
// MILLRACE_TEST_CLIS.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRegistry, type Registry } from '../builds/registry.ts';
import { RUNS_ALL } from '../long-test.ts';
import { ensureCli, HubspotCli } from './hubspot-cli.ts';
import { ADMIN_TOKEN, freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const NEWEST = '8.14.0';
const THE_ONE_BEFORE = '7.11.3';
const ALL = process.env.MILLRACE_TEST_CLIS?.split(',') ?? null;
const VERSIONS = ALL ?? (RUNS_ALL ? [NEWEST, THE_ONE_BEFORE] : [NEWEST]);
const PORTAL = 1001;
const LIVE_WITHIN_MS = 20_000;
const NOTICE = 'Maintenance on Sunday at ten.';

/** What the registry has: stand-ins of the preloaded four, and one of the folder's own. */
const PACKAGES = [
  { name: '@hubspot/api-client', version: '1.0.0', files: { 'index.js': 'module.exports = "client"' } },
  { name: 'axios', version: '0.19.2', files: { 'index.js': 'module.exports = "axios 0.19"' } },
  { name: 'request', version: '2.88.2', files: { 'index.js': 'module.exports = "request"' } },
  { name: 'requests', version: '0.2.2', files: { 'index.js': 'module.exports = "requests"' } },
  { name: 'left-right', version: '3.1.4', files: { 'index.js': 'module.exports = "left-right 3"' } },
];

let millrace: Millrace;
let tlsPort: number;
let registry: Registry;

// Before any test's time begins: minutes, where npm has to fetch it.
if (!skip) {
  for (const version of new Set([NEWEST, ...VERSIONS])) ensureCli(version);
}

before(async () => {
  if (skip) return;
  registry = await openRegistry(PACKAGES);
  tlsPort = await freePort();
  millrace = await startMillrace({
    env: {
      MILLRACE_TLS_PORT: String(tlsPort),
      MILLRACE_NPM_REGISTRY: registry.url,
      MILLRACE_NOTICE: NOTICE,
    },
  });
});
after(async () => {
  await millrace?.close();
  await registry?.close();
});

const personalKey = { portalId: PORTAL, authType: 'personalaccesskey', personalAccessKey: ADMIN_TOKEN };

async function call(path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${millrace.url}/_hcms/api/${path}?portalid=${PORTAL}`);
  return { status: answer.status, text: await answer.text() };
}

/** Polls an endpoint until it says what is expected. */
async function answers(path: string, expected: string | number): Promise<void> {
  const giveUpAt = Date.now() + LIVE_WITHIN_MS;
  for (;;) {
    const { status, text } = await call(path);
    if (text === expected || status === expected) return;
    assert.ok(Date.now() < giveUpAt, `${path} answers ${status} ${text}, not ${expected}`);
    await sleep(100);
  }
}

function answering(expression: string): string {
  return `exports.main = (context, sendResponse) => { console.log('called'); sendResponse({ body: String(${expression}) }); };`;
}

/** Side by side: a command waits as much as it works. */
describe('HubSpot’s CLI', { skip, concurrency: 3 }, () => {
  for (const version of VERSIONS) {
    const major = Number(version.split('.')[0]);
    const names =
      major >= 8
        ? {
            cms: 'cms ',
            fn: 'cms function',
            logs: 'cms function logs',
            remove: 'cms delete',
            secret: 'secret',
          }
        : { cms: '', fn: 'functions', logs: 'logs', remove: 'remove', secret: 'secrets' };
    // Versions work side by side on one account: paths and secrets bear the version's name.
    const own = `v${version.replaceAll('.', '_')}`;
    const theme = `theme-${own}`;
    const folder = `${theme}/api.functions`;

    const thorough = ALL !== null || version === NEWEST ? test : (): void => {};
    const longForm = ALL !== null || RUNS_ALL ? thorough : (): void => {};

    describe(`@hubspot/cli ${version}`, { skip, concurrency: 1 }, () => {
      let cli: HubspotCli;
      const declare = (change: Record<string, unknown> = {}): void => {
        const endpoints = {
          [`${own}/hello`]: { file: 'hello.js' },
          [`${own}/failing`]: { method: ['GET', 'POST'], file: 'lib/failing.js' },
        };
        const text = { runtime: 'nodejs20.x', version: '1.0', secrets: [`${own}_KEY`], endpoints, ...change };
        cli.write('local/api.functions/serverless.json', JSON.stringify(text, null, 2));
      };

      before(() => {
        cli = new HubspotCli(version, { millrace, tlsPort, account: personalKey });
        cli.write('local/api.functions/lib/word.js', 'module.exports = "hello";');
        cli.write(
          'local/api.functions/hello.js',
          answering(`require('./lib/word') + ' ' + process.env.${own}_KEY`),
        );
        cli.write(
          'local/api.functions/lib/failing.js',
          'exports.main = () => { console.log("about to fail"); throw new TypeError("boom"); };',
        );
        cli.write('local/empty.css', '');
        declare();
      });
      after(() => cli.close());

      test('a theme is uploaded, files of any kind and order, and its endpoints are live', async () => {
        const { code, text } = await cli.run(`${names.cms}upload local ${theme}`);
        assert.equal(code, 0, text);
        assert.match(text, /Uploaded file .*serverless\.json/);
        if (major >= 7) assert.ok(text.includes(NOTICE), text);
        await answers(`${own}/hello`, 'hello undefined');
        const routes = await cli.run(`${names.fn} list --json`);
        assert.match(routes.text, new RegExp(`"?route"?: ['"]${own}/hello['"]`));
        assert.match(routes.text, /"?method"?: ['"]POST['"]/);
      });

      thorough(
        'a serverless.json that can not be used is refused with its line, and what is live stays',
        async () => {
          cli.write('bad/serverless.json', '{\n "endpoints": {\n  "a": {"method": "FETCH"}\n }\n}');
          const { code, text } = await cli.run(
            `${names.cms}upload bad/serverless.json ${folder}/serverless.json`,
          );
          assert.equal(code, major >= 5 ? 2 : code, text);
          const whole = await cli.run(`${names.cms}upload bad ${folder}`);
          for (const printed of [text, whole.text]) {
            assert.match(printed, /line 3: \$\.endpoints\.a\.file: is missing but it is required/);
            assert.match(printed, /line 3: \$\.endpoints\.a\.method: must be GET/);
          }
          await answers(`${own}/hello`, 'hello undefined');
        },
      );

      thorough(
        'a secret reaches a running function within ten seconds of being added, changed and deleted',
        async () => {
          const added = await cli.run(`${names.secret} add ${own}_KEY`, ['one']);
          assert.equal(added.code, 0, added.text);
          await answers(`${own}/hello`, 'hello one');
          const listed = await cli.run(`${names.secret} list`);
          assert.ok(listed.text.includes(`${own}_KEY`) && !listed.text.includes('one'), listed.text);
          await cli.run(`${names.secret} update ${own}_KEY`, ['two']);
          const reaches = async (word: string): Promise<void> => {
            const changedAt = Date.now();
            await answers(`${own}/hello`, `hello ${word}`);
            assert.ok(Date.now() - changedAt < 10_000);
          };
          await reaches('two');
          await cli.run(`${names.secret} delete ${own}_KEY${major >= 7 ? ' --force' : ''}`, ['y']);
          await reaches('undefined');
        },
      );

      longForm('the name of a secret is refused with the rule', async () => {
        const { text } = await cli.run(`${names.secret} add 1${own}`, ['x']);
        assert.ok(text.includes('[a-zA-Z]([a-zA-Z0-9_])+'), text);
      });

      test('logs show what a run printed, of a failed one too, with its stack', async () => {
        await call(`${own}/failing`);
        const giveUpAt = Date.now() + LIVE_WITHIN_MS;
        let failing = await cli.run(`${names.logs} ${own}/failing --limit 3`);
        while (!failing.text.includes('boom') && Date.now() < giveUpAt) {
          failing = await cli.run(`${names.logs} ${own}/failing --limit 3`);
        }
        assert.match(failing.text, /HANDLED_ERROR - Execution Time: \d+ms ?TypeError: boom/);
        assert.match(failing.text, /INFO\tabout to fail/);
        assert.match(failing.text, / {2}at exports\.main \(\/var\/task\/lib\/failing\.js:1:\d+\)/);
        let hello = await cli.run(`${names.logs} /${own}/hello --latest`);
        while (!hello.text.includes('SUCCESS') && Date.now() < giveUpAt) {
          hello = await cli.run(`${names.logs} /${own}/hello --latest`);
        }
        assert.match(
          hello.text,
          /SUCCESS - Execution Time: \d+ms\n.*\tINFO\tcalled\n\nMemory: \d+\/128 MB\nRuntime: [\d.]+ ms/,
        );
      });

      longForm('logs that are followed show a run that happens meanwhile', async () => {
        const child = cli.start(`${names.logs} ${own}/hello --follow`);
        let text = '';
        for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
        try {
          const giveUpAt = Date.now() + 45_000;
          while (!text.includes('called')) {
            assert.ok(Date.now() < giveUpAt, text);
            if (text.includes('Following logs')) await call(`${own}/hello`);
            await sleep(500);
          }
        } finally {
          child.kill('SIGKILL');
        }
      });

      longForm('files are listed, moved, fetched and deleted', async () => {
        const listed = await cli.run(`${names.cms}list ${theme}`);
        assert.match(listed.text, /api\.functions\s+empty\.css/);
        await cli.run(`${names.cms}mv ${theme}/empty.css ${theme}/moved.css`);
        const fetched = await cli.run(`${names.cms}fetch ${theme} fetched`);
        assert.match(fetched.text, /moved\.css/);
        const word = readFileSync(`${cli.folder}/fetched/api.functions/lib/word.js`, 'utf8');
        assert.equal(word, 'module.exports = "hello";');
        assert.equal(readFileSync(`${cli.folder}/fetched/moved.css`, 'utf8'), '');
        const removed = await cli.run(`${names.remove} ${theme}/moved.css`);
        assert.match(removed.text, /Deleted/);
      });

      test('deploy builds the packages of package.json, shows the build’s log and runs the code with them', async () => {
        const without = await cli.run(`${names.fn} deploy ${folder}`);
        assert.match(without.text, /Unable to find package\.json|There is no .*package\.json/);
        cli.write('local/api.functions/hello.js', answering(`require('axios')`));
        await cli.run(`${names.cms}upload local ${theme}`);
        await answers(`${own}/hello`, 'axios 0.19');
        cli.write('local/api.functions/package.json', '{"dependencies":{"left-right":"^3.0.0"}}');
        cli.write('local/api.functions/hello.js', answering(`require('left-right')`));
        await cli.run(`${names.cms}upload local ${theme}`);
        await answers(`${own}/hello`, 500);
        const deployed = await cli.run(`${names.fn} deploy ${folder}`);
        if (major >= 7) assert.match(deployed.text, /Deploy needed: .*api\.functions/);
        assert.match(deployed.text, /Built and deployed bundle from package\.json/i, deployed.text);
        assert.match(deployed.text, /All endpoints are live\./);
        assert.equal((await call(`${own}/hello`)).text, 'left-right 3');
      });

      longForm('a deploy says which endpoint can not be loaded, and what to do', async () => {
        cli.write('local/api.functions/hello.js', answering(`require('left-right')`));
        cli.write('local/api.functions/lib/failing.js', 'require("right-left");');
        await cli.run(`${names.cms}upload local ${theme}`);
        await answers(`${own}/failing`, 500);
        const deployed = await cli.run(`${names.fn} deploy ${folder}`);
        assert.match(deployed.text, /Not live: \S+failing: .*Cannot find module 'right-left'/);
        assert.match(deployed.text, /What to do: name right-left under "dependencies"/);
        assert.match(deployed.text, /1 of 2 endpoints are live\./);
        cli.write(
          'local/api.functions/lib/failing.js',
          'exports.main = () => { console.log("about to fail"); throw new TypeError("boom"); };',
        );
      });

      longForm('a deploy whose packages can not be had says why, and what is live stays', async () => {
        cli.write('local/api.functions/package.json', '{"dependencies":{"no-such-package":"1.0.0"}}');
        await cli.run(`${names.cms}upload local ${theme}`);
        const failed = await cli.run(`${names.fn} deploy ${folder}`);
        assert.match(failed.text, /no-such-package/);
        assert.equal((await call(`${own}/hello`)).text, 'left-right 3');
      });

      thorough('endpoints go with their entry, their file and their folder', async () => {
        declare({ endpoints: { [`${own}/failing`]: { file: 'lib/failing.js' } } });
        await cli.run(`${names.cms}upload local/api.functions/serverless.json ${folder}/serverless.json`);
        await answers(`${own}/hello`, 404);
        assert.equal((await call(`${own}/failing`)).status, 500);
        await cli.run(`${names.remove} ${folder}`);
        await answers(`${own}/failing`, 404);
        const logs = await cli.run(`${names.logs} ${own}/failing`);
        assert.match(logs.text, /boom/);
        const unknown = await cli.run(`${names.logs} ${own}/nothing`);
        assert.match(unknown.text, /No logs were found/);
      });
    });
  }

  describe('the ways to sign in', { skip }, () => {
    const version = NEWEST;

    const thorough = ALL === null ? (): void => {} : test;

    thorough('an API key in the configuration is sent with every request', async () => {
      const account = { portalId: PORTAL, authType: 'apikey', apiKey: ADMIN_TOKEN };
      const cli = new HubspotCli(version, { millrace, tlsPort, account });
      const { code, text } = await cli.run('secret list');
      cli.close();
      assert.equal(code, 0, text);
      assert.match(text, /Secrets for account/);
    });

    test('a key that is none, and one of another account, are refused in words', async () => {
      const wrong = new HubspotCli(version, {
        ...{ millrace, tlsPort },
        account: { ...personalKey, personalAccessKey: 'no-such-key' },
      });
      const refused = await wrong.run('secret list');
      wrong.close();
      assert.match(refused.text, /this token is not valid/);
      const strange = new HubspotCli(version, {
        millrace,
        tlsPort,
        account: { ...personalKey, portalId: 4711 },
      });
      const other = await strange.run('secret list');
      strange.close();
      assert.match(other.text, /this key belongs to account 1001, not to 4711/);
    });
  });
});
