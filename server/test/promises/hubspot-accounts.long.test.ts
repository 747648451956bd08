// HubSpot's CLI beside the configuration that its user has at HubSpot: the recipe of the docs leaves that
// alone and sends no key of it, both of the account's numbers are good, and a key of HubSpot that arrives all
// the same is refused in plain words, and is kept nowhere.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RUNS_ALL } from '../long-test.ts';
import { zipOf } from './customer.ts';
import { ensureCli, HubspotCli } from './hubspot-cli.ts';
import { Site } from './site.ts';
import { ADMIN_TOKEN, freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const NEWEST = '8.14.0';
const VERSIONS = process.env.MILLRACE_TEST_CLIS?.split(',') ?? (RUNS_ALL ? [NEWEST, '7.11.3'] : [NEWEST]);
const NUMBER = 1001;
/** What the account was called at HubSpot, where the user's own key belongs. */
const PORTAL = 62515;
const HUBSPOT_KEY = 'CiRuYTEtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwEAAYASAA';
const PRIVATE_APP_KEY = 'pat-na1-12345678-abcd-1234-abcd-123456789012';
const API_KEY = '12345678-abcd-4321-abcd-123456789012';
const GLOBAL = '.hscli/config.yml';

let millrace: Millrace;
let tlsPort: number;

// Before any test's time begins: minutes, where npm has to fetch it.
if (!skip) {
  for (const version of VERSIONS) ensureCli(version);
}

before(async () => {
  if (skip) return;
  tlsPort = await freePort();
  millrace = await startMillrace({
    env: { MILLRACE_TLS_PORT: String(tlsPort), MILLRACE_LOG_LEVEL: 'trace' },
  });
  await new Site(millrace).manageJson('/millrace/v1/portals', { portal_id: PORTAL });
});
after(() => millrace?.close());

/**
 * Whose user has an account at HubSpot: its key is in the project's configuration, and from version 7 on in
 * the one of the home, too.
 */
function openCli(version: string): HubspotCli {
  const account = { portalId: PORTAL, authType: 'personalaccesskey', personalAccessKey: HUBSPOT_KEY };
  const cli = new HubspotCli(version, { millrace, tlsPort, account });
  if (isNew(version)) {
    cli.writeHome(
      GLOBAL,
      `defaultAccount: real\naccounts:\n  - name: real\n    accountId: ${PORTAL}\n    env: prod\n    authType: personalaccesskey\n` +
        `    personalAccessKey: ${HUBSPOT_KEY}\n    auth:\n      tokenInfo: {}\n`,
    );
  }
  return cli;
}

function isNew(version: string): boolean {
  return Number(version.split('.')[0]) >= 7;
}

function configurationsOf(cli: HubspotCli): string[] {
  const files = [path.join(cli.folder, 'hubspot.config.yml'), path.join(cli.home, GLOBAL)];
  return files.map((file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  });
}

for (const version of VERSIONS) {
  const secrets = version === NEWEST ? 'secret' : 'secrets';
  for (const account of [NUMBER, PORTAL]) {
    test(`@hubspot/cli ${version} with --use-env works as account ${account}, and leaves what is configured alone`, {
      skip,
    }, async () => {
      const cli = openCli(version);
      const was = configurationsOf(cli);
      const env = {
        HUBSPOT_ACCOUNT_ID: String(account),
        HUBSPOT_PORTAL_ID: String(account),
        HUBSPOT_PERSONAL_ACCESS_KEY: ADMIN_TOKEN,
      };
      const { code, text } = await cli.run(`${secrets} list --use-env`, [], env);
      const is = configurationsOf(cli);
      cli.close();
      assert.equal(code, 0, text);
      assert.match(text, new RegExp(`Secrets for account .*${account}`));
      assert.deepEqual(is, was);
    });
  }

  test(`@hubspot/cli ${version} with --config and a HOME of its own leaves what is configured alone`, {
    skip,
  }, async () => {
    const cli = openCli(version);
    const own = new HubspotCli(version, {
      ...{ millrace, tlsPort },
      account: { portalId: NUMBER, authType: 'personalaccesskey', personalAccessKey: ADMIN_TOKEN },
    });
    const was = configurationsOf(cli);
    const args = `${secrets} list --config=${own.folder}/hubspot.config.yml`;
    const { code, text } = await cli.run(args, [], { HOME: own.home });
    const is = configurationsOf(cli);
    cli.close();
    own.close();
    assert.equal(code, 0, text);
    assert.deepEqual(is, was);
  });
}

test('a client that names no account is given the number, so that its key takes the place of none at HubSpot', {
  skip,
}, async () => {
  const exchange = async (query: string): Promise<{ code: number; hubId?: number; message?: string }> => {
    const answer = await fetch(`${millrace.url}/localdevauth/v1/auth/refresh${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ encodedOAuthRefreshToken: ADMIN_TOKEN }),
    });
    return { ...((await answer.json()) as object), code: answer.status };
  };
  assert.equal((await exchange('')).hubId, NUMBER);
  assert.equal((await exchange(`?portalId=${NUMBER}`)).hubId, NUMBER);
  assert.equal((await exchange(`?portalId=${PORTAL}`)).hubId, PORTAL);
  const { code, message } = await exchange('?portalId=4711');
  assert.deepEqual([code, message], [401, 'this key belongs to account 1001 or 62515, not to 4711']);
});

describe('a key of HubSpot', { skip }, () => {
  test('is refused by the CLI in words that say what it looks like and what to do', async () => {
    const cli = openCli(NEWEST);
    const { code, text } = await cli.run('secret list');
    cli.close();
    assert.equal(code, 1);
    assert.match(
      text,
      /this key is no token of this Millrace. It looks like a key of HubSpot: nothing of it was kept/,
    );
    assert.match(text, /add --use-env/);
    assert.ok(!text.includes(HUBSPOT_KEY));
  });

  test('is refused at every door of the CLI and the import, and stands neither in the log nor in the data dir', async () => {
    const keys = [HUBSPOT_KEY, PRIVATE_APP_KEY, API_KEY];
    for (const key of keys) {
      for (const answer of await showEverywhere(key)) {
        const text = await answer.text();
        assert.equal(answer.status, 401, text);
        assert.match(text, /looks like a key of HubSpot/);
        assert.ok(!text.includes(key));
      }
    }
    await millrace.stop();
    const kept = allFiles(millrace.dataDir);
    assert.ok(kept.length > 100, 'the data dir is read');
    for (const key of keys) {
      assert.ok(!millrace.output().includes(key), 'the log holds the key');
      for (const file of kept) assert.ok(!readFileSync(file).includes(key), `${file} holds the key`);
    }
  });
});

function showEverywhere(key: string): Promise<Response[]> {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const call = (address: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${millrace.url}${address}`, init);
  const bearer = { authorization: `Bearer ${key}` };
  return Promise.all([
    call('/localdevauth/v1/auth/refresh', {
      ...json,
      body: JSON.stringify({ encodedOAuthRefreshToken: key }),
    }),
    call(`/localdevauth/v1/auth/refresh?portalId=${PORTAL}`, {
      ...json,
      body: JSON.stringify({ encodedOAuthRefreshToken: key }),
    }),
    call('/oauth/v1/token', { ...json, body: JSON.stringify({ refresh_token: key }) }),
    call('/cms/v3/functions/secrets', { headers: bearer }),
    call(`/cms/v3/functions/routes?hapikey=${encodeURIComponent(key)}`),
    call('/content/filemapper/v1/meta//', { headers: bearer }),
    call('/millrace/v1/import/hubspot', {
      method: 'POST',
      headers: { ...bearer, 'content-type': 'application/zip' },
      body: new Uint8Array(zipOf({ 'a.txt': 'a' })),
    }),
  ]);
}

function allFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
