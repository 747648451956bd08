// What HubSpot's CLI does of itself while people work: it watches a folder, cleans before it uploads, and
// reports its use.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '../until.ts';
import { ensureCli, HubspotCli } from './hubspot-cli.ts';
import { Site } from './site.ts';
import { ADMIN_TOKEN, freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const VERSION = '8.14.0';
const PORTAL = 1001;

let millrace: Millrace;
let site: Site;
let cli: HubspotCli;
let tlsPort: number;

// Before any test's time begins: minutes, where npm has to fetch it.
if (!skip) ensureCli(VERSION);

before(async () => {
  if (skip) return;
  tlsPort = await freePort();
  millrace = await startMillrace({ env: { MILLRACE_TLS_PORT: String(tlsPort) } });
  site = new Site(millrace);
  const account = { portalId: PORTAL, authType: 'personalaccesskey', personalAccessKey: ADMIN_TOKEN };
  cli = new HubspotCli(VERSION, { millrace, tlsPort, account });
});
after(async () => {
  cli?.close();
  await millrace?.close();
});

function saying(text: string): string {
  return `exports.main = (context, sendResponse) => sendResponse({ body: '${text}' });`;
}

function declaring(...names: string[]): string {
  return JSON.stringify({
    endpoints: Object.fromEntries(names.map((name) => [name, { file: `${name}.js` }])),
  });
}

function answers(endpoint: string, expected: string | number): Promise<void> {
  return until(`${endpoint}: ${expected}`, async () => {
    const answer = await site.call(endpoint);
    return answer.status === expected || (await answer.text()) === expected;
  });
}

describe(`@hubspot/cli ${VERSION}`, { skip, concurrency: 1 }, () => {
  test('that watches a folder keeps endpoints as its files are: added, changed and removed', async () => {
    cli.write('watched/api.functions/serverless.json', declaring('first'));
    cli.write('watched/api.functions/first.js', saying('one'));
    const child = cli.start('cms watch watched theme --initial-upload --remove');
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
    try {
      await answers('first', 'one');
      await until('watching', async () => /Watcher is ready|Watching/i.test(text));
      cli.write('watched/api.functions/first.js', saying('two'));
      await answers('first', 'two');
      cli.write('watched/api.functions/second.js', saying('added'));
      cli.write('watched/api.functions/serverless.json', declaring('first', 'second'));
      await answers('second', 'added');
      rmSync(path.join(cli.folder, 'watched/api.functions'), { recursive: true });
      await answers('first', 404);
      await answers('second', 404);
      assert.equal(child.exitCode, null, text);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('that cleans before it uploads leaves no call unanswered, and nothing of what was there', async () => {
    cli.write('local/api.functions/serverless.json', declaring('kept', 'gone'));
    cli.write('local/api.functions/kept.js', saying('kept'));
    cli.write('local/api.functions/gone.js', saying('gone'));
    await cli.run('cms upload local clean-theme');
    await answers('gone', 'gone');
    rmSync(path.join(cli.folder, 'local/api.functions/gone.js'));
    cli.write('local/api.functions/serverless.json', declaring('kept'));
    const seen = new Set<string>();
    let isUploading = true;
    const calling = (async () => {
      while (isUploading) seen.add(await (await site.call('kept')).text());
    })();
    const { code, text } = await cli.run('cms upload local clean-theme --clean --force');
    await answers('gone', 404);
    isUploading = false;
    await calling;
    assert.equal(code, 0, text);
    assert.deepEqual([...seen], ['kept']);
    const listed = await site.manageJson<{ children: string[] }>(
      '/content/filemapper/v1/meta/clean-theme%2Fapi.functions',
    );
    assert.deepEqual(listed.children, ['kept.js', 'serverless.json']);
  });

  test('may report its use: it is taken, and nothing is said of it', async () => {
    const env = { HUBSPOT_ACCOUNT_ID: String(PORTAL), HUBSPOT_PERSONAL_ACCESS_KEY: ADMIN_TOKEN };
    const { code, text } = await cli.run('secret list --use-env --debug', [], env);
    assert.equal(code, 0, text);
    const [, after_ = ''] = text.split('Sent usage tracking command event');
    assert.match(after_, /secret/);
    assert.doesNotMatch(after_, /error|failed/i);
  });
});
