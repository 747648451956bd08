// Another master key in the place of the one that there is, while functions with secrets are called: begun,
// gone on with, ended. Through the operator's API; what opens by which key is looked up in the database.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { findSealedKey } from '../../src/accounts/account-store.ts';
import { AccountKeys, markOfKey } from '../../src/environment/account-keys.ts';
import { SealError } from '../../src/environment/seal.ts';
import { deleteNode, insertNode } from '../../src/queue/node-store.ts';
import { type Own, OwnCustomer } from './own-customer.ts';
import { embeddedDatabaseOf, makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const KEYS = '/operator/keys';

describe('a new master key', { skip: noJails() }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-keys-'));
  const dataDir = path.join(folder, 'data');
  const keyFile = path.join(dataDir, 'master.key');
  let millrace: Millrace;

  after(async () => {
    await millrace?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (): Promise<OwnCustomer> => {
    millrace = await startMillrace({ dataDir });
    return new OwnCustomer(millrace);
  };
  const make = (customer: OwnCustomer, secret: string): Promise<Own> =>
    customer.make({
      code: { inline: 'exports.handler = async () => process.env.API_KEY;' },
      variables: { API_KEY: { value: secret, secret: true } },
    });
  /** Accounts whose own key a master key opens. */
  const openedBy = async (key: string): Promise<string[]> => {
    const database = embeddedDatabaseOf(millrace);
    try {
      const keys = new AccountKeys(Buffer.from(key, 'base64'), (id) => findSealedKey(database, id));
      const opened: string[] = [];
      for (const { id } of await database.query<{ id: string }>('select id from accounts order by number')) {
        const isOpened = await keys.check(id).then(
          () => true,
          (error: unknown) => {
            assert.ok(error instanceof SealError);
            return false;
          },
        );
        if (isOpened) opened.push(id);
      }
      return opened;
    } finally {
      await database.close();
    }
  };

  /** While another node lives that was started with that key. */
  const beside = async (key: string, work: () => Promise<void>): Promise<void> => {
    const database = embeddedDatabaseOf(millrace);
    const node = {
      id: 'another/node',
      place: 'another',
      roles: [],
      keyMark: markOfKey(Buffer.from(key, 'base64')),
    };
    try {
      await insertNode(database, node, 60_000);
      await work();
      await deleteNode(database, node.id);
    } finally {
      await database.close();
    }
  };

  test('takes the place of the old one, and every secret stays readable in between', async () => {
    let operator = await start();
    const oldKey = readFileSync(keyFile, 'utf8').trim();
    const second = await makeSecondAccount(millrace);
    const customers = (): OwnCustomer[] => [operator, new OwnCustomer(millrace, second.token)];
    const functions = await Promise.all(customers().map((one, at) => make(one, `secret of ${at}`)));
    const secretsAreThere = async (): Promise<void> => {
      for (const [at, customer] of customers().entries())
        assert.equal(await customer.resultOf(functions[at] as Own), `secret of ${at}`);
    };
    const state = () => operator.v1('GET', KEYS);
    await operator.v1('POST', `${KEYS}/reseal`, undefined, 422);
    await operator.v1('POST', `${KEYS}/rotate`, { key: 'c2hvcnQ=' }, 400);
    await operator.v1('POST', `${KEYS}/rotate`, { key: oldKey }, 400);
    const plain = new OwnCustomer(millrace, second.token);
    await plain.v1('POST', `${KEYS}/rotate`, {}, 403);

    const { key: newKey } = await operator.v1<{ key: string }>('POST', `${KEYS}/rotate`, {});
    await operator.v1('POST', `${KEYS}/rotate`, {}, 409);
    await operator.v1('POST', `${KEYS}/finish`, undefined, 422);
    const third = await makeSecondAccount(millrace);
    assert.deepEqual(await openedBy(newKey), [third.id], 'an account that is made meanwhile');
    await secretsAreThere();

    assert.deepEqual(await operator.v1('POST', `${KEYS}/reseal`), { resealed: 3, done: true });
    assert.deepEqual(await operator.v1('POST', `${KEYS}/reseal`), { resealed: 0, done: true });
    assert.deepEqual([(await openedBy(newKey)).length, await openedBy(oldKey)], [3, []]);
    assert.equal((await state()).node_key, 'old');
    await operator.v1('POST', `${KEYS}/finish`, undefined, 422);
    await secretsAreThere();
    await millrace.stop();
    writeFileSync(keyFile, `${newKey}\n`);
    operator = await start();
    assert.deepEqual([(await state()).node_key, (await state()).resealed], ['new', true]);
    await secretsAreThere();
    await beside(oldKey, async () => {
      const refused = await operator.v1<{ error: { facts: unknown } }>(
        'POST',
        `${KEYS}/finish`,
        undefined,
        422,
      );
      assert.deepEqual(refused.error.facts, { nodes: 1 });
    });
    await operator.v1('POST', `${KEYS}/finish`);
    assert.deepEqual(await state(), { rotating: false, begun_at: null, resealed: true, node_key: 'only' });
    await secretsAreThere();
    type Entry = { action: string; after: unknown };
    const { data } = await operator.v1<{ data: Entry[] }>('GET', '/operator/audit');
    const [finished, begun] = data.filter(({ action }) => action.startsWith('keys.'));
    assert.deepEqual([finished?.action, begun?.action, begun?.after], ['keys.finish', 'keys.rotate', null]);
  });
});

describe('a master key that a service keeps', { skip: noJails() }, () => {
  test('is opened at the start and written nowhere; without the service there is no start', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'millrace-kept-key-'));
    const dataDir = path.join(folder, 'data');
    const key = randomBytes(32).toString('base64');
    const service = createServer((request, response) => {
      const isOurs = request.headers.authorization === 'Bearer service-token';
      response.writeHead(isOurs ? 200 : 403).end(JSON.stringify({ data: { plaintext: key } }));
    }).listen(0, '127.0.0.1');
    await once(service, 'listening');
    const env = {
      MILLRACE_KEY_SERVICE_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}/decrypt`,
      MILLRACE_KEY_SERVICE_TOKEN: 'service-token',
      MILLRACE_SEALED_MASTER_KEY: 'sealed:by:the:service',
    };
    try {
      const millrace = await startMillrace({ dataDir, env });
      const customer = new OwnCustomer(millrace);
      const made = await customer.make({
        code: { inline: 'exports.handler = async () => process.env.API_KEY;' },
        variables: { API_KEY: { value: 'a secret', secret: true } },
      });
      assert.equal(await customer.resultOf(made), 'a secret');
      await millrace.stop();
      assert.ok(!existsSync(path.join(dataDir, 'master.key')));
      service.close();
      service.closeAllConnections();
      await assert.rejects(
        startMillrace({ dataDir, env }),
        /the master key can not be opened: MILLRACE_KEY_SERVICE_URL .* does not answer/,
      );
    } finally {
      service.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
