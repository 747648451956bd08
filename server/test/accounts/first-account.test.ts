import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { findSealedKey } from '../../src/accounts/account-store.ts';
import { ensureFirstAccount, type FirstAccountParts } from '../../src/accounts/first-account.ts';
import { AccountKeys, makeSealedKey } from '../../src/environment/account-keys.ts';
import { openDatabase } from '../../src/postgres/database.ts';
import { issueFullToken } from '../../src/tokens/issue-token.ts';
import { TokenDirectory } from '../../src/tokens/token-directory.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const masterKey = randomBytes(32);

function partsWith(adminToken: string | null): FirstAccountParts {
  return {
    makeSealedKey: async (accountId) => makeSealedKey(masterKey, accountId),
    issueToken: (sql, owner) =>
      issueFullToken(sql, owner, { chosen: adminToken, comments: 'first', keep: () => {} }).then(
        ({ clear }) => clear,
      ),
  };
}

describe('first account', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(() => database.close());

  const authenticate = (token: string) =>
    new TokenDirectory({ sql: database, clock: Date.now, onError: () => {} }).authenticate(
      token,
      '198.51.100.7',
    );

  test('is made once, with a key that opens, and its token is told once', async () => {
    const first = await ensureFirstAccount(database, partsWith(null));
    assert.match(first.account.id, /^[A-Z]{2}[0-9]{4}$/);
    const keys = new AccountKeys(masterKey, (accountId) => findSealedKey(database, accountId));
    await keys.check(first.account.id);
    const caller = await authenticate(String(first.token));
    assert.deepEqual([caller?.kind, caller?.mode, caller?.accountId], ['secret', 'live', first.account.id]);
    const second = await ensureFirstAccount(database, partsWith('another-token-entirely'));
    assert.deepEqual([second.account, second.token], [first.account, null]);
    assert.equal(await authenticate('another-token-entirely'), null);
  });

  test("takes the configured administrator's token", async () => {
    const { token } = await ensureFirstAccount(database, partsWith('configured-admin-token'));
    assert.equal(token, 'configured-admin-token');
    const caller = await authenticate('configured-admin-token');
    assert.equal(caller?.permissions.hosted_functions.delete, true);
  });

  test('is one, however many nodes start at once', async () => {
    const nodes = Array.from({ length: 5 }, () => openDatabase(database.url, () => {}));
    const results = await Promise.all(nodes.map((node) => ensureFirstAccount(node, partsWith(null))));
    await Promise.all(nodes.map((node) => node.close()));
    assert.equal(new Set(results.map((result) => result.account.id)).size, 1);
    assert.equal(results.filter((result) => result.token !== null).length, 1);
  });

  test('leaves nothing behind when its token can not be made', async () => {
    const broken: FirstAccountParts = {
      ...partsWith(null),
      issueToken: () => Promise.reject(new Error('no randomness')),
    };
    await assert.rejects(ensureFirstAccount(database, broken), /no randomness/);
    assert.deepEqual(await database.query('select id from accounts'), []);
  });
});
