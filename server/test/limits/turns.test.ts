// Wherever things of all accounts wait in one line, they are taken in turns over accounts: another account's
// single one is among the first that are taken, beside 20,000 older ones of one's own. On a real PostgreSQL;
// what is counted is the order, not the time.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { claimSet } from '../../src/builds/package-set-store.ts';
import { FOLDERS } from '../../src/dialects/hubspot/catalog/folder-store.ts';
import { claimUnmatched } from '../../src/events/unmatched-store.ts';
import type { WorkTable } from '../../src/queue/work-table-store.ts';
import { lockDueRuns } from '../../src/sources/flows/flow-run-store.ts';
import { EXECUTIONS } from '../../src/sources/queries/execution-store.ts';
import { MAILS } from '../../src/sources/templates/template-mail-store.ts';
import { claimDeliveries } from '../../src/subscriptions/claim-store.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const BUSY = 'AA0001';
const OTHER = 'BB0002';
const MANY = 20_000;

describe('things of all accounts that wait in one line', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
    for (const id of [BUSY, OTHER])
      await database.query('insert into accounts (id, alias, sealed_key) values ($1, $1, $2)', [
        id,
        Buffer.alloc(1),
      ]);
  });
  after(() => database?.close());
  afterEach(() =>
    database.query(
      'truncate events, flow_runs, template_mails, query_executions, deliveries, event_subscriptions, package_sets, function_folders cascade',
    ),
  );

  /** The busy account's first, the other's single one last. `n` is its number. */
  const fill = (columns: string, values: string, table: string, many = MANY) =>
    database.query(
      `insert into ${table} (account_id, mode, ${columns})
       select case when n < $1 then '${BUSY}' else '${OTHER}' end, 'live', ${values} from generate_series(1, $1) n`,
      [many],
    );
  const DUE = `now() - interval '1 hour' + n * interval '1 millisecond'`;

  test('flow runs: each account has its share of every batch', async () => {
    await fill(
      'id, flow_id, flow_name, nodes, event_id, item_type, item_id, item_details, process_id, due_at',
      `'r' || n, 'f', 'f', '[]', 'e', 'sale', 's', '{}', gen_random_uuid(), ${DUE}`,
      'flow_runs',
    );
    const batch = await database.transaction((sql) => lockDueRuns(sql, 50));
    const own = batch.filter(({ accountId }) => accountId === OTHER);
    assert.deepEqual([own.length, batch.length], [1, 26]);
    assert.ok(batch.findIndex(({ accountId }) => accountId === OTHER) < 2);
    assert.deepEqual(
      batch.filter(({ accountId }) => accountId === BUSY).map(({ id }) => id),
      Array.from({ length: 25 }, (_, at) => `r${at + 1}`),
    );
  });

  async function takesTurns(
    table: WorkTable<{ accountId: string; id: string; claims: number }>,
  ): Promise<void> {
    const room = { limit: 4, except: [], leaseMs: 60_000 };
    const first = await table.claim(database, { ...room, inHand: {} });
    assert.deepEqual(first.map(({ accountId }) => accountId).sort(), [BUSY, BUSY, BUSY, OTHER]);
  }

  test('mails: one place that comes free is the account’s that has least in hand', async () => {
    await fill('id, template_id, input, due_at', `gen_random_uuid(), 't', '{}', ${DUE}`, 'template_mails');
    await takesTurns(MAILS);
    await database.query(`update template_mails set lease_until = null where account_id = '${OTHER}'`);
    const [next] = await MAILS.claim(database, {
      limit: 1,
      except: [],
      inHand: { [BUSY]: 3 },
      leaseMs: 60_000,
    });
    assert.equal(next?.accountId, OTHER);
  });

  test('executions of queries', async () => {
    await fill(
      'id, query_id, cause, at, due_at',
      `gen_random_uuid(), 'q', 'request', now(), ${DUE}`,
      'query_executions',
    );
    await takesTurns(EXECUTIONS);
  });

  test('folders of functions that are deployed', async () => {
    await fill('path, due_at', `n || '.functions', ${DUE}`, 'function_folders', 500);
    await takesTurns(FOLDERS);
  });

  test('events that are routed', async () => {
    await fill(
      'id, type, notations, item_type, item_id, happened_at, data',
      `'e' || n, 'sale.created', '{sale.created}', 'sale', 's', now(), '{}'`,
      'events',
    );
    const claimed = await database.transaction((sql) => claimUnmatched(sql, 100));
    assert.ok([0, 1].includes(claimed.findIndex(({ accountId }) => accountId === OTHER)));
    const own = claimed.filter(({ accountId }) => accountId === BUSY).map(({ id }) => id);
    assert.deepEqual(own.slice(0, 3), ['e1', 'e2', 'e3']);
  });

  test('deliveries, over however many subscriptions', async () => {
    await fill(
      'id, type, notations, item_type, item_id, happened_at, data, matched_at',
      `'e' || n, 'sale.created', '{sale.created}', 'sale', 's', now(), '{}', now()`,
      'events',
    );
    await database.query('analyze events');
    await fill(
      'id, subscription_id, event_id, event_type, due_at',
      `'d' || n, 's' || (n % 200) || (case when n = ${MANY} then 'other' else '' end), 'e' || n, 'sale.created', ${DUE}`,
      'deliveries',
    );
    const wanted = { node: 'one', mostPerSubscription: 8, busySubscriptions: [], busyAccounts: [] };
    const all = await claimDeliveries(database, { ...wanted, most: 64, ofAccounts: {} });
    assert.deepEqual([all.length, all.filter(({ accountId }) => accountId === OTHER).length], [64, 1]);
    await database.query('update deliveries set node = null');
    const [next] = await claimDeliveries(database, { ...wanted, most: 1, ofAccounts: { [BUSY]: 31 } });
    assert.equal(next?.accountId, OTHER);
  });

  test('packages that are built: after one of an account it is another’s turn', async () => {
    const set = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const ask = async (n: number, accountId: string): Promise<void> => {
      await database.query(
        `insert into functions (id, account_id, mode, dialect, name, timeout_ms, memory_mb, reuse, concurrency, active_version)
         values ($1, $2, 'live', 'any', $1, 1000, 128, 'warm', 1, 1)`,
        [`f${n}`, accountId],
      );
      await database.query(
        `insert into package_sets (id, request_hash, dependencies, engine_major, platform, created_at)
         values ($1::uuid, $1::text, '{}', 24, 'here', now() - interval '1 hour' + $2::integer * interval '1 second')`,
        [set(n), n],
      );
      await database.query(
        `insert into builds (id, account_id, mode, function_id, set_id, dependencies, purpose)
         values ($1::uuid, $2, 'live', $3, $1::uuid, '{}', 'any')`,
        [set(n), accountId, `f${n}`],
      );
    };
    for (let n = 1; n <= 50; n += 1) await ask(n, BUSY);
    await ask(51, OTHER);
    const claim = { node: 'one', platform: 'here', leaseMs: 60_000, except: [] as string[] };
    const taken: (string | undefined)[] = [];
    for (let n = 0; n < 3; n += 1) {
      const one = await claimSet(database, claim);
      if (one !== null) claim.except.push(one.id);
      taken.push(one?.id);
    }
    assert.deepEqual(taken, [set(1), set(51), set(2)]);
  });
});
