// What waits for an account that is suspended is not claimed, wherever things of all accounts wait in one
// line; nobody looks for it again and again meanwhile, and it is taken when the account is resumed. On a real
// PostgreSQL, where the claims are made.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setAccountStatus } from '../../src/accounts/account-status-store.ts';
import { claimSet } from '../../src/builds/package-set-store.ts';
import { FOLDERS } from '../../src/dialects/hubspot/catalog/folder-store.ts';
import { claimUnmatched } from '../../src/events/unmatched-store.ts';
import { claimRuns } from '../../src/queue/claim-store.ts';
import type { WorkTable } from '../../src/queue/work-table-store.ts';
import { lockDueSchedules, lockReadySchedules, untilNextTick } from '../../src/schedules/schedule-store.ts';
import { lockDueRuns, msUntilDue } from '../../src/sources/flows/flow-run-store.ts';
import { EXECUTIONS } from '../../src/sources/queries/execution-store.ts';
import { lockDueQueries, msUntilQuery } from '../../src/sources/queries/query-store.ts';
import { MAILS } from '../../src/sources/templates/template-mail-store.ts';
import { claimDeliveries } from '../../src/subscriptions/claim-store.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const STOPPED = 'AA0001';
const SERVED = 'BB0002';

/** Whose things are claimed now; and how long until the next is due, as a sleeping loop asks. */
type Line = { claim(): Promise<string[]>; untilNextMs?(): Promise<number | null> };

describe('of a suspended account', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
    for (const id of [STOPPED, SERVED]) await fill(id);
    await database.query(
      `insert into nodes (id, place, roles, lease_until) values ('one', 'here', '{}', now() + interval '1 hour')`,
    );
  });
  after(() => database?.close());

  /** One of everything that can be due. */
  async function fill(id: string): Promise<void> {
    const insert = (table: string, columns: string, values: string): Promise<unknown> =>
      database.query(`insert into ${table} (account_id, mode, ${columns}) select $1, 'live', ${values}`, [
        id,
      ]);
    await database.query(`insert into accounts (id, alias, sealed_key) values ($1, $1, '\\x00')`, [id]);
    const fn = `f${id}`;
    for (const [name, most] of [
      [fn, 'null'],
      [`${fn}capped`, '5'],
    ])
      await insert(
        'functions',
        'id, dialect, name, timeout_ms, memory_mb, reuse, concurrency, active_version, max_concurrent_runs',
        `'${name}', 'any', 'f', 1000, 128, 'warm', 1, 1, ${most}`,
      );
    for (const name of [fn, `${fn}capped`])
      await insert(
        'runs',
        'id, function_id, version, trigger, cause, status, node, memory_mb, created_at, due_at, attempts',
        `gen_random_uuid(), '${name}', 1, 'http', '{}', 'queued', '', 128, now(), now(), 0`,
      );
    const tick = { timeZone: 'UTC', cron: '* * * * *', overlap: 'allow', catchUp: { policy: 'once' } };
    await insert(
      'triggers',
      'id, function_id, kind, settings, next_tick_at, waiting_tick_at',
      `'t${id}', '${fn}', 'schedule', '${JSON.stringify(tick)}', now(), now()`,
    );
    await insert('function_folders', 'path', "'site.functions'");
    const set = `01900000-0000-7000-8000-00000000${id.slice(2)}`;
    await database.query(
      `insert into package_sets (id, request_hash, dependencies, engine_major, platform) values ($1::uuid, $1::text, '{}', 24, 'here')`,
      [set],
    );
    await insert(
      'builds',
      'id, function_id, set_id, dependencies, purpose',
      `'${set}', '${fn}', '${set}', '{}', 'any'`,
    );
    await insert(
      'flow_runs',
      'id, flow_id, flow_name, nodes, event_id, item_type, item_id, item_details, process_id, due_at',
      `'r${id}', 'f', 'f', '[]', 'e', 'sale', 's', '{}', gen_random_uuid(), now()`,
    );
    await insert('template_mails', 'id, template_id, input, due_at', `gen_random_uuid(), 't', '{}', now()`);
    await insert(
      'query_executions',
      'id, query_id, cause, at, due_at',
      `gen_random_uuid(), 'q', 'request', now(), now()`,
    );
    await insert('queries', 'id, name, folded_name, definition, next_at', `'q${id}', 'q', 'q', '{}', now()`);
    await insert(
      'events',
      'id, type, notations, item_type, item_id, happened_at, data',
      `'e', 'sale.created', '{sale.created}', 'sale', 's', now(), '{}'`,
    );
    await insert(
      'event_subscriptions',
      'id, event_type, method, format, destination, active, time_zone, sealed_secrets',
      `'s${id}', 'sale:created', 'http', 'json', 'https://a.example/', true, 'UTC', '\\x00'`,
    );
    await insert(
      'deliveries',
      'id, subscription_id, event_id, event_type',
      `'d${id}', 's${id}', 'e', 'sale:created'`,
    );
  }

  const idsOf = (found: readonly { accountId: string }[]): string[] =>
    [...new Set(found.map(({ accountId }) => accountId))].sort();

  /** What was claimed is given back: the transaction is undone. */
  async function undone<T>(work: (sql: TestDatabase) => Promise<T>): Promise<T> {
    let found: T | undefined;
    await database
      .transaction(async (sql) => {
        found = await work(sql as TestDatabase);
        throw new Error('undone');
      })
      .catch((error: Error) => {
        if (error.message !== 'undone') throw error;
      });
    return found as T;
  }

  const works = (table: WorkTable<{ accountId: string; id: string; claims: number }>): Line => ({
    claim: () =>
      undone(async (sql) =>
        idsOf(await table.claim(sql, { limit: 10, except: [], inHand: {}, leaseMs: 1_000 })),
      ),
    untilNextMs: () => table.msUntilNext(database, []),
  });
  const lines: Record<string, () => Line> = {
    runs: () => ({
      claim: () =>
        undone(async (sql) => {
          const room = {
            node: 'one',
            runs: 10,
            ofFunction: 10,
            ofAccount: 10,
            functions: {},
            accounts: {},
            after: '',
          };
          const inOne = {
            ...sql,
            query: sql.query.bind(sql),
            transaction: (work: (sql: TestDatabase) => unknown) => work(sql),
          };
          const { runs } = await claimRuns(inOne as TestDatabase, room);
          assert.equal(runs.length % 2, 0, 'of functions with a limit of their own, too');
          return idsOf(runs);
        }),
    }),
    'flow runs': () => ({
      claim: () => undone(async (sql) => idsOf(await lockDueRuns(sql, 10))),
      untilNextMs: () => msUntilDue(database),
    }),
    mails: () => works(MAILS),
    'executions of queries': () => works(EXECUTIONS),
    queries: () => ({
      claim: () => undone(async (sql) => idsOf(await lockDueQueries(sql, 10))),
      untilNextMs: () => msUntilQuery(database),
    }),
    'ticks of schedules': () => ({
      claim: () =>
        undone(async (sql) =>
          (await lockDueSchedules(sql, [], 10)).map(({ account_id }) => account_id).sort(),
        ),
      untilNextMs: () => untilNextTick(database, []),
    }),
    'waiting ticks': () => ({
      claim: () =>
        undone(async (sql) =>
          (await lockReadySchedules(sql, [], 10)).map(({ account_id }) => account_id).sort(),
        ),
    }),
    'folders to deploy': () => works(FOLDERS),
    'packages to build': () => ({
      claim: () =>
        undone(async (sql) => {
          const claim = { node: 'one', platform: 'here', leaseMs: 1_000, except: [] as string[] };
          for (let one = await claimSet(sql, claim); one !== null; one = await claimSet(sql, claim))
            claim.except.push(one.id);
          const taken = await sql.query<{ accountId: string }>(
            'select account_id as "accountId" from builds where set_id = any($1)',
            [claim.except],
          );
          return idsOf(taken);
        }),
    }),
    events: () => ({ claim: () => undone(async (sql) => idsOf(await claimUnmatched(sql, 10))) }),
    deliveries: () => ({
      claim: () =>
        undone(async (sql) =>
          idsOf(
            await claimDeliveries(sql, {
              ...{ node: 'one', most: 10, mostPerSubscription: 8, ofAccounts: {} },
              ...{ busySubscriptions: [], busyAccounts: [] },
            }),
          ),
        ),
    }),
  };

  for (const [name, line] of Object.entries(lines)) {
    test(`${name} wait, and nobody sleeps less for them`, async () => {
      const { claim, untilNextMs } = line();
      const stop = (accountId: string, status: 'active' | 'suspended') =>
        setAccountStatus(database, accountId, { status, reason: null });
      assert.deepEqual(await claim(), [STOPPED, SERVED]);
      await stop(STOPPED, 'suspended');
      assert.deepEqual(await claim(), [SERVED]);
      await stop(SERVED, 'suspended');
      assert.deepEqual(await claim(), []);
      if (untilNextMs !== undefined) assert.equal(await untilNextMs(), null);
      for (const id of [STOPPED, SERVED]) await stop(id, 'active');
      assert.deepEqual(await claim(), [STOPPED, SERVED]);
      if (untilNextMs !== undefined) assert.ok(((await untilNextMs()) ?? 1) <= 0);
    });
  }
});
