// Ticks and executions of queries on a real PostgreSQL with the real queue: one execution for a tick over all
// nodes, one run for an execution, whatever becomes of the nodes.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { World } from '../../src/accounts/account.ts';
import { createTimetableCache } from '../../src/cron/timetable-cache.ts';
import { fail } from '../../src/errors/failure.ts';
import { newItemId, newRunId } from '../../src/ids/ids.ts';
import { type ClaimEngine, startClaimEngine } from '../../src/queue/claim-engine.ts';
import { createDurableQueue } from '../../src/queue/durable-queue.ts';
import { QueueDepth } from '../../src/queue/queue-depth.ts';
import { type AnswerQuery, createQueryAnswerer } from '../../src/sources/queries/answer-query.ts';
import {
  EXECUTIONS,
  type Execution,
  findExecution,
  insertExecutions,
  listExecutions,
} from '../../src/sources/queries/execution-store.ts';
import { askOwn, QueryError } from '../../src/sources/queries/query-databases.ts';
import { readQuery } from '../../src/sources/queries/query-fields.ts';
import { getQuery, putQuery } from '../../src/sources/queries/query-store.ts';
import { startQueryTicker, tickDue } from '../../src/sources/queries/tick-queries.ts';
import { createExecutionWorker } from '../../src/sources/queries/work-execution.ts';
import { type EventScene, LIVE, openEventScene, SILENT } from '../events/event-scene.ts';

const USUAL = {
  ...{ source: { kind: 'events', item_type: 'sale' }, metrics: [{ function: 'count' }] },
  frequency: { cron: '0 8 * * *', time_zone: 'UTC' },
};
const ROOM = { limit: 10, except: [], inHand: {}, leaseMs: 60_000 };

let scene: EventScene;
let usualAnswer: AnswerQuery;
const timetables = createTimetableCache(10);

before(async () => {
  scene = await openEventScene();
  usualAnswer = createQueryAnswerer({
    ...{ askOwn: askOwn(scene.database), databases: [], firstAccountId: '' },
    ...{ mostGroups: 10, timeoutMs: 5_000, mostAtOnce: 100 },
  });
});
after(() => scene.database.close());
beforeEach(async () => {
  await scene.clear();
  await scene.database.query('truncate queries, query_executions');
});

async function makeQuery(part: Record<string, unknown> = {}, dueAgo = '1 second'): Promise<string> {
  const id = newItemId();
  const fields = readQuery({ name: id, ...USUAL, ...part });
  await putQuery(scene.database, LIVE, id, { ...fields, nextAt: null });
  await scene.database.query('update queries set next_at = now() - $2::interval where id = $1', [id, dueAgo]);
  return id;
}

const executions = (queryId: string): Promise<Execution[]> =>
  listExecutions(scene.database, LIVE, { queryId, limit: 500, after: null });

function workerOf(answer: AnswerQuery = usualAnswer, queuedRuns = 1_000) {
  const { database, keys } = scene;
  const depth = new QueueDepth(queuedRuns, Date.now);
  const queue = createDurableQueue({ keys, depth, inputLimitBytes: 2_000, wake: () => {} });
  return createExecutionWorker({ ...{ database, queue, answer, newRunId, clock: Date.now, log: SILENT } });
}

async function requested(queryId: string): Promise<Execution> {
  const id = newRunId(Date.now());
  await insertExecutions(scene.database, [{ ...LIVE, id, queryId, cause: 'request', at: null }]);
  const [claimed] = await EXECUTIONS.claim(scene.database, ROOM);
  assert.equal(claimed?.id, id);
  return claimed as Execution;
}

async function now(world: World, { id }: { id: string }): Promise<Execution> {
  return (await findExecution(scene.database, world, id)) as Execution;
}

test('a tick is one execution over three nodes, and the next one follows', async () => {
  const ids = await Promise.all(Array.from({ length: 40 }, () => makeQuery()));
  const parts = { database: scene.database, timetables, newExecutionId: newRunId };
  const ticked = await Promise.all(
    [1, 2, 3].map(() => scene.database.transaction((sql) => tickDue(parts, sql))),
  );
  await scene.database.transaction((sql) => tickDue(parts, sql));
  assert.equal(ticked.reduce((sum, n) => sum + n, 0) <= 40, true);
  for (const id of ids) {
    assert.equal((await executions(id)).length, 1);
    const query = await getQuery(scene.database, LIVE, id);
    assert.equal(query?.nextAt?.toISOString().slice(10), 'T08:00:00.000Z');
    assert.ok((query?.nextAt?.getTime() ?? 0) > Date.now());
  }
});

test('ticks that were missed are one execution, of the latest', async () => {
  const id = await makeQuery({ frequency: { every_s: 3600 } }, '3 days');
  await scene.database.transaction((sql) =>
    tickDue({ database: scene.database, timetables, newExecutionId: newRunId }, sql),
  );
  const [only, ...others] = await executions(id);
  assert.equal(others.length, 0);
  assert.ok(Date.now() - (only?.at.getTime() ?? 0) <= 3_600_000);
});

test('a ticker wakes by itself when a query is due, and leaves disabled ones alone', async () => {
  const disabled = await makeQuery({ enabled: false });
  const id = await makeQuery({}, '-300 milliseconds');
  const ticker = startQueryTicker({
    database: scene.database,
    timetables,
    newExecutionId: newRunId,
    log: SILENT,
  });
  while ((await executions(id)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await ticker.stop();
  assert.equal((await executions(disabled)).length, 0);
});

test('an execution ends with its results and its function’s run, told in the shape of the page', async () => {
  const functionId = await scene.addFunction('f1');
  const execution = await requested(await makeQuery({ function_id: functionId }));
  await workerOf()(execution);
  const ended = await now(LIVE, execution);
  assert.deepEqual([ended.status, ended.error], ['succeeded', null]);
  const [run] = await scene.runs();
  assert.equal(run?.id, ended.runId);
  const { trigger, source, data } = await scene.inputOf(run?.id ?? '');
  assert.deepEqual([trigger, source.id], ['auto_query', execution.queryId]);
  assert.deepEqual(data, { query_results: [{ group_by_value: null, sale_count: 0 }] });
});

test('a late worker whose claim is gone queues no second run', async () => {
  const functionId = await scene.addFunction('f1');
  const late = await requested(await makeQuery({ function_id: functionId }));
  await scene.database.query(`update query_executions set lease_until = now() - interval '1 second'`);
  const [next] = await EXECUTIONS.claim(scene.database, ROOM);
  await workerOf()(next as Execution);
  await workerOf()(late);
  assert.equal((await scene.runs()).length, 1);
  const renewed = await requested(await makeQuery());
  await EXECUTIONS.renew(scene.database, [late, renewed], 60_000);
  assert.ok(((await EXECUTIONS.msUntilNext(scene.database, [])) ?? 0) > 50_000);
});

test('one whose function is gone or disabled succeeds without a run, and says so', async () => {
  const functionId = await scene.addFunction('f1');
  await scene.database.query('update functions set enabled = false');
  for (const [id, words] of [
    [functionId, /is disabled/],
    ['gone', /isn't there any more/],
  ] as const) {
    const execution = await requested(await makeQuery({ function_id: id }));
    await workerOf()(execution);
    const { status, error, runId } = await now(LIVE, execution);
    assert.deepEqual([status, runId], ['succeeded', null]);
    assert.match(error ?? '', words);
  }
});

test('what may pass is tried again, what can not succeed fails with its reason', async () => {
  const functionId = await scene.addFunction('f1');
  const throwing =
    (error: () => never): AnswerQuery =>
    () =>
      Promise.resolve().then(error);
  const busy = throwing(() => fail('too_many_requests', { message: 'busy' }));
  const lost = throwing(() => {
    throw new QueryError('not reached', true);
  });
  for (const answer of [busy, lost]) {
    const execution = await requested(await makeQuery({ function_id: functionId }));
    await workerOf(answer)(execution);
    const { status, attempts, dueAt } = await now(LIVE, execution);
    assert.deepEqual([status, attempts], ['queued', 1]);
    assert.ok(dueAt.getTime() > Date.now());
    await scene.database.query('update query_executions set due_at = now() where id = $1', [execution.id]);
    const [again] = await EXECUTIONS.claim(scene.database, ROOM);
    await workerOf(answer)({ ...(again as Execution), attempts: 4 });
    assert.equal((await now(LIVE, execution)).status, 'failed');
  }
  const rows = Array.from({ length: 100 }, (_, at) => ({ group_by_value: `group ${at}`, n: at }));
  const large = await requested(await makeQuery({ function_id: functionId }));
  await workerOf(async () => ({ rows, isTruncated: false, span: null }))(large);
  assert.match((await now(LIVE, large)).error ?? '', /may have at most 2000 bytes/);
  const orphan = await requested('removed');
  await workerOf()(orphan);
  assert.match((await now(LIVE, orphan)).error ?? '', /query was removed/);
});

test('two engines end every execution once, though one of them is stopped in the middle', async () => {
  const functionId = await scene.addFunction('f1');
  const queryId = await makeQuery({ function_id: functionId });
  const ids = Array.from({ length: 60 }, () => newRunId(Date.now()));
  await insertExecutions(
    scene.database,
    ids.map((id) => ({ ...LIVE, id, queryId, cause: 'request', at: null })),
  );
  const slow: AnswerQuery = async (question) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return await usualAnswer(question);
  };
  const engineOf = (): ClaimEngine =>
    startClaimEngine({
      ...{ sql: scene.database, table: EXECUTIONS, subject: 'executions', log: SILENT },
      ...{ work: workerOf(slow), most: 4, retentionDays: 1 },
    });
  const [one, other] = [engineOf(), engineOf()];
  while ((await scene.runs()).length < 10) await new Promise((resolve) => setTimeout(resolve, 5));
  await one.stop();
  while ((await executions(queryId)).some(({ status }) => status === 'queued'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await other.stop();
  assert.equal((await scene.runs()).length, 60);
});
