// Moving house: a fetched theme is looked at, then moved in, by one request each, through the public port
// with real jails.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { zipOf } from './customer.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

const THEME: Record<string, string> = {
  'my-theme/theme.json': '{"label": "My theme"}',
  'my-theme/templates/form.html': "<script>\n  fetch('/_hcms/api/subscribe?portalid=62515')\n</script>",
  'my-theme/api.functions/serverless.json': JSON.stringify({
    runtime: 'nodejs12.x',
    environment: { STAGE: 'live' },
    secrets: ['API_KEY'],
    endpoints: { subscribe: { method: 'POST', file: 'subscribe.js' }, lost: { file: 'lost.js' } },
  }),
  'my-theme/api.functions/subscribe.js': `const { thank } = require('./lib/thank');
    exports.main = ({ body, accountId }, sendResponse) =>
      sendResponse({ statusCode: 200, body: { text: thank(body.name), stage: process.env.STAGE, accountId } });`,
  'my-theme/api.functions/lib/thank.js': `exports.thank = (name) => 'Thank you, ' + name;`,
  'my-project/src/app/functions/sum-hsmeta.json': JSON.stringify({
    uid: 'sum',
    type: 'app-function',
    config: {
      entrypoint: '/app/functions/sum.js',
      endpoint: { path: '/tools/sum', methods: ['GET'] },
      secretKeys: [],
    },
  }),
  'my-project/src/app/functions/sum.js': `exports.main = async ({ params }) => ({ statusCode: 200, body: { sum: Number(params.a) + Number(params.b) } });`,
};

type Report = {
  dry_run: boolean;
  folders: {
    folder: string;
    runtime: string;
    declared_runtime: string | null;
    secrets: string[];
    problems: string[];
    differences: string[];
    urls: { path: string; old_url: string; new_url: string }[];
  }[];
  secrets_missing: string[];
  mentions: { file: string; line: number }[];
  routing: { nginx: string; caddy: string; cloudflare: string };
};

let millrace: Millrace;
let site: Site;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  site = new Site(millrace);
});
after(() => millrace?.close());

function send(zip: Buffer, query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${millrace.url}/millrace/v1/import/hubspot${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${millrace.token}`, 'content-type': 'application/zip', ...headers },
    body: new Uint8Array(zip),
  });
}

async function cli(args: string[]): Promise<{ status: number | null; printed: string }> {
  const main = path.resolve(import.meta.dirname, '../../../cli/src/main.ts');
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, printed };
}

async function routes(): Promise<string[]> {
  const { objects } = await site.manageJson<{ objects: { route: string }[] }>('/cms/v3/functions/routes');
  return objects.map(({ route }) => route).sort();
}

describe('moving in', { skip }, () => {
  test('is looked at first, and changes nothing then', async () => {
    const answer = await send(zipOf(THEME), '?dry_run=true');
    const report = (await answer.json()) as Report;
    assert.equal(answer.status, 200, JSON.stringify(report));
    assert.deepEqual(
      report.folders.map(({ folder }) => folder),
      ['my-project/src/app/functions.functions', 'my-theme/api.functions'],
    );
    const theme = report.folders.at(-1);
    assert.deepEqual(
      [theme?.declared_runtime, theme?.runtime, theme?.problems],
      ['nodejs12.x', 'nodejs20.x', []],
    );
    assert.match(theme?.differences.join('\n') ?? '', /runs on Node 20[\s\S]*lost\.js is not there/);
    assert.deepEqual(theme?.urls[0], {
      path: 'subscribe',
      methods: ['POST'],
      old_url: 'https://<your site>/_hcms/api/subscribe',
      new_url: `${millrace.url}/_hcms/api/subscribe`,
    });
    assert.deepEqual(report.secrets_missing, ['API_KEY']);
    assert.deepEqual(
      report.mentions.map(({ file, line }) => [file, line]),
      [['my-theme/templates/form.html', 2]],
    );
    assert.match(report.routing.nginx, new RegExp(millrace.url));
    assert.deepEqual(await routes(), []);
  });

  test('with one broken serverless.json is refused with its line, and changes nothing', async () => {
    const broken = { ...THEME, 'other.functions/serverless.json': '{\n  "endpoints": {\n' };
    const answer = await send(zipOf(broken), '');
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    assert.deepEqual([answer.status, error.code], [400, 'invalid_input']);
    assert.match(error.message, /other\.functions\/serverless\.json.*line [0-9]+: not valid JSON/);
    assert.deepEqual(
      (await site.manageJson<{ children: string[] }>('/content/filemapper/v1/meta//')).children,
      [],
    );
  });

  test('makes the endpoints live at the paths that they had', async () => {
    assert.equal((await send(zipOf(THEME), '')).status, 200);
    await site.live(['subscribe', 'tools/sum']);
    const answer = await site.post('subscribe?portalid=62515', { name: 'Ann' });
    assert.deepEqual(await answer.json(), { text: 'Thank you, Ann', stage: 'live', accountId: 1001 });
    const sum = await fetch(`${millrace.url}/hs/serverless/tools/sum?a=1&b=2`);
    assert.deepEqual(await sum.json(), { sum: 3 });
    assert.equal((await site.call('lost')).status, 404);
  });

  test('of a folder of megabytes makes its endpoints live as a small one’s', async () => {
    const code = `exports.main = (context, send) => send({ body: { length: require('./much').length } });`;
    const large = {
      'large.functions/serverless.json': JSON.stringify({ endpoints: { large: { file: 'large.v2.js' } } }),
      'large.functions/large.v2.js': code,
      'large.functions/much.js': `module.exports = '${'x'.repeat(2_000_000)}';`,
      'large.functions/much.txt': 'y'.repeat(1_000_000),
    };
    assert.equal((await send(zipOf(large), '')).status, 200);
    await site.live(['subscribe', 'tools/sum', 'large']);
    assert.deepEqual(await (await site.call('large')).json(), { length: 2_000_000 });
  });

  test('takes the inside of a folder by name, and tells of a path that another folder has', async () => {
    const inside = {
      'serverless.json': JSON.stringify({ endpoints: { Subscribe: { file: 'a.js' } } }),
      'a.js': 'exports.main = (c, send) => send({ body: {} });',
    };
    const unnamed = await send(zipOf(inside), '');
    assert.equal(unnamed.status, 400);
    assert.match(await unnamed.text(), /\?dest=my\.functions/);
    const report = (await (await send(zipOf(inside), '?dest=more.functions&dry_run=true')).json()) as Report;
    assert.match(
      report.folders[0]?.problems.join('\n') ?? '',
      /^my-theme\/api\.functions serves the path Subscribe already, so more\.functions can't serve it, too/,
    );
  });

  test('is one command, too', async () => {
    const theme = mkdtempSync(path.join(tmpdir(), 'millrace-theme-'));
    try {
      for (const [name, text] of Object.entries(THEME)) {
        mkdirSync(path.dirname(path.join(theme, name)), { recursive: true });
        writeFileSync(path.join(theme, name), text.replace('Thank you', 'Thanks'));
      }
      const access = ['--server', millrace.url, '--token', millrace.token];
      const told = await cli(['import-hubspot', theme, '--dest', '/', ...access]);
      // One endpoint of three has no file.
      assert.equal(told.status, 1, told.printed);
      for (const words of [
        /my-theme\/api\.functions/,
        /was nodejs12\.x/,
        /API_KEY/,
        /form\.html:2/,
        /nginx:/,
        /NOT LIVE +GET +\S+lost\n.*there is no file lost\.js/,
        /2 of 3 endpoints are live/,
      ]) {
        assert.match(told.printed, words);
      }
      assert.match(told.printed, new RegExp(`${millrace.url}/_hcms/api/subscribe`));
      const giveUpAt = Date.now() + 60_000;
      for (;;) {
        const { text } = (await (await site.post('subscribe', { name: 'Ann' })).json()) as { text: string };
        if (text === 'Thanks, Ann') break;
        assert.ok(Date.now() < giveUpAt, 'the new version never came');
      }
    } finally {
      rmSync(theme, { recursive: true });
    }
  });

  test('is refused by the command in words, with status 1', async () => {
    const empty = mkdtempSync(path.join(tmpdir(), 'millrace-theme-'));
    const wrong = await cli(['import-hubspot', empty, '--server', millrace.url, '--token', 'x'.repeat(20)]);
    rmSync(empty, { recursive: true });
    assert.deepEqual([wrong.status, /unauthorized: /.test(wrong.printed)], [1, true], wrong.printed);
    const nowhere = await cli([
      'import-hubspot',
      '/nowhere',
      '--server',
      millrace.url,
      '--token',
      millrace.token,
    ]);
    assert.deepEqual([nowhere.status, /no_folder: /.test(nowhere.printed)], [1, true], nowhere.printed);
  });

  for (const [name, headers, status] of [
    ['without a token', { authorization: '' }, 401],
    ['of another type', { 'content-type': 'text/plain' }, 415],
  ] as const) {
    test(`${name} is ${status}`, async () => {
      assert.equal((await send(zipOf(THEME), '', headers)).status, status);
    });
  }

  test('of something that is no zip is 400', async () => {
    assert.equal((await send(Buffer.from('no zip'), '')).status, 400);
  });
});
