import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { insertAccount } from '../../src/accounts/account-store.ts';
import type { Sql } from '../../src/postgres/database.ts';
import { issueToken, type TokenRequest } from '../../src/tokens/issue-token.ts';
import { EVERYTHING } from '../../src/tokens/permissions.ts';
import { TokenDirectory, type TokenDirectoryOptions } from '../../src/tokens/token-directory.ts';
import { deleteToken, findToken } from '../../src/tokens/token-store.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const world = { accountId: 'AA0001', mode: 'live' } as const;
const DAY_MS = 24 * 3600 * 1000;

const HERE = '198.51.100.7';

describe('token directory', () => {
  let database: TestDatabase;
  let queries = 0;
  let now = Date.now();
  /** The real database, with a count of what it was asked. */
  const counted: Sql = {
    query: (text, values) => {
      queries++;
      return database.query(text, values);
    },
  };
  before(async () => {
    database = await openTestDatabase();
    await insertAccount(database, { id: world.accountId, alias: 'aa0001', sealedKey: Buffer.alloc(1) });
  });
  after(() => database.close());

  function openDirectory(options: Partial<TokenDirectoryOptions> = {}): TokenDirectory {
    queries = 0;
    return new TokenDirectory({
      sql: counted,
      clock: () => now,
      onError: (error) => assert.fail(String(error)),
      // The tests write uses themselves.
      gatherUsesMs: DAY_MS,
      ...options,
    });
  }

  async function makeToken(wanted: Partial<TokenRequest> = {}): Promise<{ id: string; clear: string }> {
    const issued = await issueToken(database, {
      ...world,
      kind: 'secret',
      userId: null,
      permissions: [...EVERYTHING],
      comments: null,
      expiresAt: null,
      twinOf: null,
      ...wanted,
    });
    return { id: issued.stored.id, clear: issued.clear };
  }

  test('a token is asked for once and known from then on', async () => {
    const { id, clear } = await makeToken();
    const directory = openDirectory();
    assert.equal(directory.peek(clear), undefined);
    const callers = await Promise.all(Array.from({ length: 100 }, () => directory.authenticate(clear, HERE)));
    assert.ok(callers.every((caller) => caller?.tokenId === id && caller.mode === 'live'));
    assert.equal(directory.peek(clear)?.accountId, world.accountId);
    assert.equal(queries, 1);
  });

  test('an unknown token is remembered too, and at most so many of them', async () => {
    const directory = openDirectory({ capacity: 3 });
    for (const guess of ['a', 'b', 'c', 'd']) assert.equal(await directory.authenticate(guess, HERE), null);
    assert.equal(queries, 4);
    assert.equal(directory.peek('a'), undefined);
    assert.deepEqual([directory.peek('b'), directory.peek('d')], [null, null]);
  });

  test('an empty token and one that is far too long never reach the database', async () => {
    const directory = openDirectory();
    for (const token of ['', 'x'.repeat(513)]) {
      assert.equal(directory.peek(token), null);
      assert.equal(await directory.authenticate(token, HERE), null);
    }
    assert.equal(queries, 0);
  });

  test('a token deleted elsewhere is believed for no more than five seconds', async () => {
    const { id, clear } = await makeToken();
    const directory = openDirectory();
    await directory.authenticate(clear, HERE);
    await deleteToken(database, world, id);
    now += 4_999;
    assert.notEqual(directory.peek(clear), null);
    now += 1;
    assert.equal(directory.peek(clear), undefined);
    assert.equal(await directory.authenticate(clear, HERE), null);
  });

  test('a token deleted here is forgotten at once, also by a question under way', async () => {
    const { id, clear } = await makeToken();
    const directory = openDirectory();
    const underWay = directory.authenticate(clear, HERE);
    await deleteToken(database, world, id);
    directory.forget(world.accountId);
    await underWay;
    assert.equal(await directory.authenticate(clear, HERE), null);
  });

  test('after too many wrong tokens from an address, only those seen before are looked up', async () => {
    const [old, fresh] = [await makeToken(), await makeToken()];
    const directory = openDirectory({ wrongTokens: { burst: 3, perMinute: 60 } });
    const address = '2001:db8:1:2::7';
    await directory.authenticate(old.clear, address);
    for (const guess of ['a', 'b', 'c']) assert.equal(await directory.authenticate(guess, address), null);
    queries = 0;
    const neighbour = '2001:db8:1:2:ffff::1';
    for (const token of ['d', 'e', fresh.clear]) {
      await assert.rejects(directory.authenticate(token, neighbour), {
        code: 'too_many_requests',
        facts: { retryAfterS: 1 },
      });
    }
    assert.equal(queries, 0, 'no question to the database');
    now += 5_000;
    assert.notEqual(await directory.authenticate(old.clear, address), null);
    assert.notEqual(await directory.authenticate(fresh.clear, HERE), null, 'elsewhere');
    assert.equal(await directory.authenticate('f', address), null, 'and here some time later');
  });

  test('other accounts’ tokens stay known when one is changed', async () => {
    const { clear } = await makeToken();
    const directory = openDirectory();
    await directory.authenticate(clear, HERE);
    directory.forget('another account');
    assert.notEqual(directory.peek(clear), undefined);
    directory.forget(world.accountId);
    assert.equal(directory.peek(clear), undefined);
  });

  test('a known token expires on time', async () => {
    const { clear } = await makeToken({ expiresAt: new Date(now + 1_000) });
    const directory = openDirectory();
    assert.notEqual(await directory.authenticate(clear, HERE), null);
    now += 1_000;
    assert.equal(directory.peek(clear), null);
  });

  test('uses are written together, the latest of each token', async () => {
    const tokens = [await makeToken(), await makeToken()];
    const directory = openDirectory();
    for (let round = 0; round < 3; round++) {
      now += 1_000;
      for (const token of tokens) await directory.authenticate(token.clear, HERE);
    }
    queries = 0;
    await directory.flush();
    await directory.flush();
    assert.equal(queries, 1);
    for (const token of tokens) {
      assert.equal((await findToken(database, world, token.id))?.lastUsedAt?.getTime(), now);
    }
  });

  test('a use moves the expiry of a limited token by two weeks, and of no other', async () => {
    const expiresAt = new Date(now + DAY_MS);
    const limited = await makeToken({ kind: 'limited', permissions: [], expiresAt });
    const secret = await makeToken({ expiresAt });
    const directory = openDirectory();
    for (const token of [limited, secret]) await directory.authenticate(token.clear, HERE);
    await directory.close();
    const expiry = async (id: string) => (await findToken(database, world, id))?.expiresAt?.getTime();
    assert.equal(await expiry(limited.id), now + 14 * DAY_MS);
    assert.equal(await expiry(secret.id), expiresAt.getTime());
  });

  test('uses that could not be written are written with the next ones', async () => {
    const { id, clear } = await makeToken();
    let isBroken = false;
    const breaking: Sql = {
      query: (text, values) =>
        isBroken ? Promise.reject(new Error('connection lost')) : database.query(text, values),
    };
    const directory = openDirectory({ sql: breaking });
    await directory.authenticate(clear, HERE);
    isBroken = true;
    await assert.rejects(directory.flush(), /connection lost/);
    isBroken = false;
    await directory.flush();
    assert.equal((await findToken(database, world, id))?.lastUsedAt?.getTime(), now);
  });
});
