// Whom a site's call is for, where several accounts share an installation: with a real database.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type HostDirectory, openHostDirectory } from '../../src/accounts/host-directory.ts';
import { insertHost } from '../../src/accounts/host-store.ts';
import { findNamedPortal } from '../../src/dialects/hubspot/catalog/portal-store.ts';
import {
  openSiteDirectory,
  type Site,
  type SiteDirectory,
} from '../../src/dialects/hubspot/catalog/site-directory.ts';
import { insertPortal } from '../../src/dialects/hubspot/catalog/site-store.ts';
import { siteEndpoints } from '../../src/dialects/hubspot/cli/site-endpoints.ts';
import { EVERYTHING, effectivePermissions } from '../../src/tokens/permissions.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

let database: TestDatabase;
let hosts: HostDirectory;
let sites: SiteDirectory;
const numbers: Record<string, number> = {};

before(async () => {
  database = await openTestDatabase();
  for (const id of ['ann', 'bob']) {
    const [row] = await database.query<{ number: number }>(
      "insert into accounts (id, alias, sealed_key) values ($1, $1, '') returning number",
      [id],
    );
    numbers[id] = row?.number ?? 0;
  }
  await insertHost(database, { accountId: 'ann', mode: 'live' }, 'ann.example');
  await insertPortal(database, { accountId: 'ann', mode: 'live' }, 62_515);
  const configured = [
    { host: 'bob.example', find: () => findNamedPortal(database, `${numbers.bob}.test`) },
    { host: 'carl.example', find: () => findNamedPortal(database, String(Number(numbers.bob) + 1)) },
  ];
  hosts = await openHostDirectory({
    sql: database,
    configured,
    onError: (error) => assert.fail(String(error)),
  });
  sites = openSiteDirectory({ sql: database, hosts, clock: Date.now });
});
after(() => database?.close());

async function found(host: string, portal: string | null): Promise<string | null> {
  const site: Site | null = await sites.find({ host, portal });
  return site === null ? null : `${site.accountId} ${site.mode}`;
}

describe('the account that a call is for', () => {
  test('is the one whose host it is, by database and by configuration', async () => {
    assert.equal(await found('ann.example', null), 'ann live');
    assert.equal(await found('bob.example', null), 'bob test');
  });

  test('is the one whom a setting names, also where he comes after the start', async () => {
    assert.equal(await hosts.ownerOf('carl.example'), null);
    await database.query("insert into accounts (id, alias, sealed_key) values ('carl', 'carl', '')");
    assert.equal((await hosts.ownerOf('carl.example'))?.accountId, 'carl');
    // From then on from memory.
    assert.deepEqual(hosts.ownerOf('carl.example'), { accountId: 'carl', mode: 'live' });
  });

  test('is the one that portalid names: by its number, by its former portal id, live or test', async () => {
    assert.equal(await found('shared.example', String(numbers.bob)), 'bob live');
    assert.equal(await found('', '62515'), 'ann live');
    assert.equal(await found('', '62515.test'), 'ann test');
  });

  test('is nobody at a host of one account with the portalid of another', async () => {
    assert.equal(await found('ann.example', String(numbers.bob)), null);
    assert.equal(await found('ann.example', '62515'), 'ann live');
  });

  test('is nobody where several accounts are and none is named', async () => {
    assert.equal(await found('shared.example', null), null);
    for (const portal of ['0', '-1', 'x', '99999', '1e3', '1'.repeat(20)]) {
      assert.equal(await found('shared.example', portal), null, portal);
    }
  });

  test('is shown to functions as the id that it had elsewhere', async () => {
    assert.equal((await sites.find({ host: 'ann.example', portal: null }))?.portalId, 62_515);
  });
});

describe('names', () => {
  const world = (accountId: string) => ({ accountId, mode: 'live' as const });

  test('belong to one account at a time', async () => {
    assert.equal(await insertHost(database, world('bob'), 'ann.example'), false);
    assert.equal(await insertHost(database, world('ann'), 'ann.example'), true);
    assert.equal(await insertPortal(database, world('bob'), 62_515), false);
    assert.equal(await insertPortal(database, world('bob'), numbers.ann ?? 0), false);
  });

  test('are given away by the first account alone', async () => {
    const endpoints = siteEndpoints({ sql: database, domains: [], hasAuthority: false, clock: Date.now });
    const add = endpoints.find(({ method, path }) => method === 'POST' && path === '/domains');
    const ask = (accountId: string, body: object) =>
      add?.answer({
        world: world(accountId),
        params: {},
        query: {},
        body,
        upload: null,
        headers: {},
        host: '',
        tokenId: 't',
        caller: {
          ...{ ...world(accountId), tokenId: 't', kind: 'secret', userId: null },
          permissions: effectivePermissions(EVERYTHING),
        },
        ip: '198.51.100.7',
        mayGoOn: async () => true,
      }) ?? Promise.reject(new Error('no such endpoint'));
    await assert.rejects(ask('bob', { domain: 'victim.example' }), { code: 'insufficient_permissions' });
    await ask('ann', { domain: 'given.example', account_number: numbers.bob });
    await hosts.refresh();
    assert.equal(await found('given.example', null), 'bob live');
    await assert.rejects(ask('ann', { domain: 'no host' }), { code: 'invalid_input' });
  });
});
