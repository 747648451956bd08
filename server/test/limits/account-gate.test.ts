// What accounts may use over all nodes: two nodes on one real PostgreSQL, that together stay within a tenth
// of each limit.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { insertAccount } from '../../src/accounts/account-store.ts';
import { shareUse } from '../../src/dialects/hubspot/serving/shared-use.ts';
import { SiteBudget } from '../../src/dialects/hubspot/serving/site-budget.ts';
import { AccountGate } from '../../src/limits/account-gate.ts';
import type { OwnLimits } from '../../src/limits/account-limits.ts';
import { setOwnLimits } from '../../src/limits/account-limits-store.ts';
import { Admission } from '../../src/limits/admission.ts';
import { type BudgetKind, takeSlice } from '../../src/limits/budget-store.ts';
import { ExecutionMeter } from '../../src/limits/execution-meter.ts';
import { LimitDirectory } from '../../src/limits/limit-directory.ts';
import { MinuteBudget } from '../../src/limits/minute-budget.ts';
import { createNearWatch } from '../../src/limits/near-watch.ts';
import { SharedSlots } from '../../src/limits/shared-slots.ts';
import { changeSlots } from '../../src/limits/slot-store.ts';
import { insertNode } from '../../src/queue/node-store.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const log = pino({ level: 'silent' });
const NO_LIMITS = {
  runsPerMinute: 0,
  executionSecondsPerMinute: 0,
  concurrentRuns: 0,
  queuedRuns: 0,
  payloadBytes: 1,
};
/** What a test may take of a minute: it must not go over its end. */
const LONGEST_S = 15;

type Node = {
  gate: AccountGate;
  meter: ExecutionMeter;
  asked: number;
  tick(): Promise<unknown>;
  stop(): void;
};

describe('the limits of an account over two nodes', () => {
  let database: TestDatabase;
  let accounts = 0;
  const near: string[] = [];
  const nodes: Node[] = [];
  before(async () => {
    database = await openTestDatabase();
  });
  after(async () => {
    for (const node of nodes) node.stop();
    await database?.close();
  });

  const standing = createNearWatch(
    (accountId, { limit }) => void near.push(`${accountId} ${limit}`),
    Date.now,
  );

  async function makeNode(id: string): Promise<Node> {
    const node: Node = { ...({} as Node), asked: 0 };
    const shared = { nodes: () => 2, clock: Date.now, log };
    const budget = (kind: BudgetKind): MinuteBudget =>
      new MinuteBudget({
        ...{ ...shared, kind, onNear: (accountId) => void near.push(`${accountId} ${kind}`) },
        take: (wanted) => {
          node.asked += 1;
          return takeSlice(database, wanted);
        },
      });
    const [runs, execution] = [budget('runs'), budget('execution_ms')];
    await database.query('delete from nodes where id = $1', [id]);
    await insertNode(database, { id, place: id, roles: ['gateway'] }, 600_000);
    const slots = new SharedSlots({
      ...{ ...shared, near: standing, onNodeLost: () => {} },
      change: (wanted) => changeSlots(database, { ...wanted, node: id }),
    });
    node.meter = new ExecutionMeter((accountId, tookMs) => execution.use(accountId, tookMs), Date.now);
    const limits = new LimitDirectory(database, NO_LIMITS);
    node.gate = new AccountGate({
      ...{ admission: new Admission(10_000), limits, slots, runs, execution, meter: node.meter },
    });
    node.tick = () => {
      node.meter.tick();
      return Promise.all([runs.tick(), execution.tick(), slots.tick()]);
    };
    const timer = setInterval(() => void node.tick(), 200);
    node.stop = () => clearInterval(timer);
    nodes.push(node);
    return node;
  }

  async function makeAccount(limits: Partial<OwnLimits>): Promise<string> {
    accounts += 1;
    const id = `AA${String(accounts).padStart(4, '0')}`;
    await insertAccount(database, { id, alias: id, sealedKey: Buffer.alloc(1) });
    await setOwnLimits(database, id, limits);
    for (;;) {
      const [row] = await database.query<{ left: number }>(
        'select 60 - extract(second from clock_timestamp())::float8 as left',
      );
      if ((row?.left ?? 0) > LONGEST_S) return id;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /**
   * Lets runs in until one is refused, as several callers at a time; each takes `runMs`. @returns how many
   * there were
   */
  async function runAll(
    node: Node,
    accountId: string,
    work: { callers: number; runMs: number; most: number },
  ) {
    let count = 0;
    const caller = async (): Promise<void> => {
      for (; count < work.most; ) {
        count += 1;
        try {
          const admitted = await node.gate.enter(accountId);
          const metered = node.meter.begin(accountId);
          if (work.runMs > 0) await new Promise((resolve) => setTimeout(resolve, work.runMs));
          node.meter.end(metered);
          const runMs = Date.now() - metered.begunMs;
          tookMs += runMs;
          longestMs = Math.max(longestMs, runMs);
          node.gate.leave(admitted);
        } catch (error) {
          count -= 1;
          refusals.push(error as Error);
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: work.callers }, caller));
    return count;
  }
  let tookMs = 0;
  let longestMs = 0;
  let refusals: (Error & { facts?: { retryAfterS?: number } })[] = [];

  /** Tries for as long as what others give back may still come. */
  async function runOut(node: Node, accountId: string): Promise<number> {
    let count = 0;
    for (let lastAt = Date.now(); Date.now() - lastAt < 2_000; ) {
      const more = await runAll(node, accountId, { callers: 8, runMs: 0, most: Number.POSITIVE_INFINITY });
      if (more > 0) lastAt = Date.now();
      count += more;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return count;
  }

  test('let as many runs begin in a minute as they say, and ask much less often', async () => {
    const [one, two] = [await makeNode('one'), await makeNode('two')];
    const accountId = await makeAccount({ runsPerMinute: 2000 });
    refusals = [];
    const counts = await Promise.all([runOut(one, accountId), runOut(two, accountId)]);
    const total = (counts[0] ?? 0) + (counts[1] ?? 0);
    assert.ok(total <= 2000 && total >= 1800, `${total}`);
    assert.ok(one.asked + two.asked < total / 5, `${one.asked + two.asked} questions`);
    assert.deepEqual([...new Set(near)], [`${accountId} runs`]);
    const [refusal] = refusals;
    const waitS = refusal?.facts?.retryAfterS ?? 0;
    assert.ok(waitS >= 1 && waitS <= 60, `${waitS}`);
  });

  test('leave to one node what the other has no use for', async () => {
    const [one, two] = [await makeNode('one'), await makeNode('two')];
    const accountId = await makeAccount({ runsPerMinute: 300 });
    const idle = await runAll(one, accountId, { callers: 4, runMs: 0, most: 20 });
    const total = idle + (await runOut(two, accountId));
    assert.ok(total <= 300 && total >= 270, `${total}`);
  });

  test('are told as near once, from four fifths on', async () => {
    const node = await makeNode('one');
    const accountId = await makeAccount({ runsPerMinute: 100 });
    near.length = 0;
    await runAll(node, accountId, { callers: 1, runMs: 0, most: 60 });
    assert.deepEqual(near, []);
    await runAll(node, accountId, { callers: 1, runMs: 0, most: 40 });
    assert.deepEqual(near, [`${accountId} runs`]);
  });

  test('let runs take as much time in a minute as they say', async () => {
    const [one, two] = [await makeNode('one'), await makeNode('two')];
    const accountId = await makeAccount({ executionSecondsPerMinute: 6 });
    [tookMs, longestMs] = [0, 0];
    const work = { callers: 4, runMs: 25, most: Number.POSITIVE_INFINITY };
    await Promise.all([runAll(one, accountId, work), runAll(two, accountId, work)]);
    await Promise.all([runAll(one, accountId, work), runAll(two, accountId, work)]);
    // The eight that are in hand when nothing is left run to their end.
    assert.ok(tookMs <= 6400 + 8 * longestMs && tookMs >= 5400, `${tookMs} ms, one ${longestMs} ms`);
  });

  test('let as many runs go on at a time as they say', async () => {
    const [one, two] = [await makeNode('one'), await makeNode('two')];
    const accountId = await makeAccount({ concurrentRuns: 10 });
    near.length = 0;
    const enter = async (node: Node) => {
      try {
        return await node.gate.enter(accountId);
      } catch {
        return null;
      }
    };
    const asked = await Promise.all(Array.from({ length: 40 }, (_, n) => enter(n % 2 === 0 ? one : two)));
    assert.equal(asked.filter((admitted) => admitted !== null).length, 10);
    assert.deepEqual(near, [`${accountId} concurrent_runs`]);
    for (const [n, admitted] of asked.entries()) {
      if (admitted !== null) (n % 2 === 0 ? one : two).gate.leave(admitted);
    }
    const inOne = [];
    const giveUpAt = Date.now() + 20_000;
    while (inOne.length < 10) {
      const admitted = await enter(one);
      if (admitted !== null) inOne.push(admitted);
      assert.ok(Date.now() < giveUpAt, `${inOne.length} of 10 places`);
    }
    assert.equal(await enter(two), null);
    await database.query("delete from nodes where id = 'one'");
    const afterLoss = await (async () => {
      for (;;) {
        const admitted = await enter(two);
        if (admitted !== null || Date.now() > giveUpAt) return admitted;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    assert.notEqual(afterLoss, null);
  });

  test('pass who has none without a question', async () => {
    const node = await makeNode('one');
    const accountId = await makeAccount({});
    node.gate.leave(await node.gate.enter(accountId));
    const admitted = node.gate.enter(accountId);
    assert.ok(!(admitted instanceof Promise));
    node.gate.leave(admitted);
    assert.equal(node.asked, 0);
  });
});

describe('the minute of web sites over two nodes', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
    await insertAccount(database, { id: 'AA0001', alias: 'a', sealedKey: Buffer.alloc(1) });
  });
  after(() => database?.close());

  test('is one: what one node uses, the other has not', async () => {
    const [row] = await database.query<{ now_ms: number }>(
      "select extract(epoch from date_trunc('minute', now()))::float8 * 1000 as now_ms",
    );
    let nowMs = (row?.now_ms ?? 0) + 1;
    const near: string[] = [];
    const nodes = [new SiteBudget(), new SiteBudget()].map((budget) => ({
      budget,
      use: shareUse({
        ...{
          budget,
          budgetMs: 10_000,
          clock: () => nowMs,
          log,
          take: (wanted) => takeSlice(database, wanted),
        },
        onNear: (accountId) => void near.push(accountId),
      }),
    }));
    const leftOn = (at: number): number => nodes[at]?.budget.state('AA0001', 10_000, nowMs).remainingMs ?? -1;
    const exchange = async (): Promise<void> => {
      for (const { use } of nodes) await use.exchange();
    };
    try {
      leftOn(1);
      const spending = nodes[0]?.budget.begin('AA0001', nowMs);
      nowMs += 4_000;
      await exchange();
      assert.deepEqual([leftOn(0), leftOn(1)], [6_000, 6_000]);
      const second = nodes[1]?.budget.begin('AA0001', nowMs);
      nowMs += 3_000;
      assert.ok(spending !== undefined && second !== undefined);
      nodes[0]?.budget.end(spending, nowMs);
      nodes[1]?.budget.end(second, nowMs);
      leftOn(0);
      leftOn(1);
      await exchange();
      leftOn(0);
      leftOn(1);
      await exchange();
      assert.deepEqual([leftOn(0), leftOn(1)], [0, 0]);
      assert.deepEqual(near, ['AA0001']);
    } finally {
      for (const { use } of nodes) await use.stop();
    }
  });
});
