// Makes accounts on a real PostgreSQL: whose ids, and which are never given again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findAccount, insertAccount } from '../../src/accounts/account-store.ts';
import { makeAccount, newAccountId } from '../../src/accounts/make-account.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

describe('an account', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
  });
  after(() => database?.close());

  const words = (externalId: string | null) => ({
    ...{ externalId, name: null, labels: {}, requestHash: Buffer.alloc(32) },
  });
  const make = (externalId: string | null) =>
    database.transaction((sql) =>
      makeAccount(sql, { ownerName: 'o', words: words(externalId), makeSealedKey: () => Buffer.alloc(1) }),
    );

  test('has a longer id once many short ones are taken', () => {
    for (const [tries, form] of [
      [0, /^[A-Z]{2}\d{4}$/],
      [9, /^[A-Z]{2}\d{4}$/],
      [10, /^[A-Z]{2}\d{6}$/],
      [1_000, /^[A-Z]{2}\d{12}$/],
    ] as const)
      assert.match(newAccountId(tries), form, String(tries));
  });

  test('is not made where its id is taken, or was one of an account that is deleted', async () => {
    const account = { alias: 'a', sealedKey: Buffer.alloc(1) };
    assert.equal(await insertAccount(database, { id: 'AA0001', ...account }), true);
    assert.equal(await insertAccount(database, { id: 'AA0001', ...account }), false);
    await database.query(`insert into account_deletions (account_id, requested_at) values ('BB0002', now())`);
    assert.equal(await insertAccount(database, { id: 'BB0002', ...account }), false);
    assert.equal(await findAccount(database, 'BB0002'), null);
  });

  test('of an external id is one, and of none is another each time', async () => {
    const made = await make('mine');
    assert.notEqual(made, null);
    assert.equal(await make('mine'), null);
    assert.notEqual((await make(null))?.accountId, (await make(null))?.accountId);
  });
});
