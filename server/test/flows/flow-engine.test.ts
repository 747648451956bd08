// Flow runs on a real PostgreSQL with the real queue: they survive their engines, wait in the database, and
// never do a step twice. Functions aren't executed here: the test ends their runs as the queue does.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { newItemId, newRunId } from '../../src/ids/ids.ts';
import { createDurableQueue } from '../../src/queue/durable-queue.ts';
import { QueueDepth } from '../../src/queue/queue-depth.ts';
import type { EndedRun } from '../../src/runs/run-follower.ts';
import type { FlowRun } from '../../src/sources/flows/flow.ts';
import { type FlowEngine, startFlowEngine } from '../../src/sources/flows/flow-engine.ts';
import { readFlow } from '../../src/sources/flows/flow-fields.ts';
import { cancelFlowRun, findFlowRun, listFlowRuns } from '../../src/sources/flows/flow-run-store.ts';
import { insertFlow } from '../../src/sources/flows/flow-store.ts';
import { flowFollower } from '../../src/sources/flows/follow-runs.ts';
import { createFlowStarter } from '../../src/sources/flows/start-flow-runs.ts';
import { type EventScene, type Facts, LIVE, OTHER, openEventScene, SILENT } from '../events/event-scene.ts';

type EngineSettings = { mostSteps?: number; queuedRuns?: number; inputLimitBytes?: number };

describe('a flow', () => {
  let scene: EventScene;
  let engines: FlowEngine[] = [];
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  beforeEach(() => scene.addFunction('f'));
  afterEach(async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
    engines = [];
    await scene.clear();
    await scene.database.query('truncate flows, flow_runs');
  });

  function startEngine({
    mostSteps = 100,
    queuedRuns = 1_000,
    inputLimitBytes = 10_000,
  }: EngineSettings = {}): FlowEngine {
    const { database, keys } = scene;
    const depth = new QueueDepth(queuedRuns, Date.now);
    const queue = createDurableQueue({ keys, depth, inputLimitBytes, wake: () => {} });
    const engine = startFlowEngine({
      ...{ database, queue, newRunId, clock: Date.now, log: SILENT, mostSteps, retentionDays: 1 },
    });
    engines.push(engine);
    return engine;
  }

  /** Begins with a start whose arrow leads to the first of `nodes`. */
  async function start(nodes: Facts[], data: Facts = {}, world = LIVE): Promise<string> {
    const [first] = nodes;
    const flow = readFlow({
      ...{ name: 'a flow', kind: 'sale_lifecycle', enabled: true, starts: ['sale.created'] },
      nodes: [{ id: 'start', type: 'start', next: first?.id }, ...nodes],
    });
    await insertFlow(scene.database, world, newItemId(), flow);
    const node = scene.openNode({ consumers: [createFlowStarter(newItemId)] });
    await node.publish({ notations: ['sale.created'], item_id: 's', data }, world);
    wake();
    const [run] = await listFlowRuns(scene.database, world, { flowId: null, limit: 1, after: null });
    return run?.id ?? '';
  }

  /** As the database's notification does. */
  const wake = (): void => {
    for (const engine of engines) engine.wake();
  };
  const look = async (id: string, world = LIVE): Promise<FlowRun> =>
    (await findFlowRun(scene.database, world, id)) as FlowRun;

  async function when(id: string, isSo: (run: FlowRun) => boolean, world = LIVE): Promise<FlowRun> {
    for (const giveUpAt = Date.now() + 15_000; ; ) {
      const run = await look(id, world);
      if (isSo(run)) return run;
      assert.ok(Date.now() < giveUpAt, JSON.stringify(run));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  const over = (id: string): Promise<FlowRun> => when(id, ({ status }) => status !== 'going');
  const asking = (id: string): Promise<FlowRun> =>
    when(id, ({ runId, phase }) => runId !== null && phase === 'waiting');

  /** Ends a function's run as the settler does: followers are called in the transaction that writes it. */
  async function endRun(runId: string | null, status: string, result: string | null): Promise<void> {
    await scene.database.transaction(async (sql) => {
      await sql.query('update runs set status = $2::run_status where id = $1', [runId, status]);
      const ended = { accountId: LIVE.accountId, id: runId, status, result } as EndedRun;
      await flowFollower(sql, [ended]);
    });
    wake();
  }

  const ask = (id: string, part: Facts = {}): Facts => ({ id, type: 'function', function_id: 'f', ...part });

  test('goes on with another engine where the one before was stopped, and asks each function once', async () => {
    const first = startEngine();
    const id = await start([ask('a', { next: 'b' }), ask('b', { next: 'c' }), ask('c')]);
    const atA = await asking(id);
    await first.stop();
    await endRun(atA.runId, 'succeeded', '{"n":1}');
    assert.equal((await look(id)).phase, 'returned');
    startEngine();
    const atB = await when(id, ({ nodeId, phase }) => nodeId === 'b' && phase === 'waiting');
    startEngine();
    await endRun(atB.runId, 'succeeded', 'null');
    const atC = await when(id, ({ nodeId, phase }) => nodeId === 'c' && phase === 'waiting');
    await endRun(atC.runId, 'succeeded', null);
    const ended = await over(id);
    assert.deepEqual([ended.status, ended.steps, ended.error], ['completed', 3, null]);
    const runs = await scene.runs();
    assert.deepEqual(
      runs.map((run) => run.cause.node_id),
      ['a', 'b', 'c'],
    );
    const told = await scene.inputOf(runs[1]?.id ?? '');
    assert.deepEqual(told.source.facts, {
      ...{ run_id: id, node_id: 'b', process_id: atB.processId, prior_process_id: atA.processId },
    });
    assert.deepEqual(told.data, { item_type: 'sale', item_id: 's', item_details: {} });
  });

  test('waits in the database, not in an engine', async () => {
    const first = startEngine();
    const id = await start([{ id: 'w', type: 'wait', delay_s: 3600, next: 'a' }, ask('a')]);
    const waiting = await when(id, ({ phase }) => phase === 'waiting');
    assert.ok((waiting.dueAt?.getTime() ?? 0) > Date.now() + 3_590_000);
    await first.stop();
    await scene.database.query('update flow_runs set due_at = now()');
    startEngine();
    await asking(id);
    assert.equal((await scene.runs()).length, 1);
  });

  test('of two engines only one takes a step', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 30; at += 1) {
      await scene.database.query('delete from flows');
      ids.push(await start([ask('a', { next: 'b' }), { id: 'b', type: 'wait', delay_s: 60, next: null }]));
    }
    for (let at = 0; at < 3; at += 1) startEngine();
    const runs = await Promise.all(ids.map(asking));
    assert.equal((await scene.runs()).length, ids.length);
    await Promise.all(runs.map(({ runId }) => endRun(runId, 'succeeded', '1')));
    await Promise.all(
      ids.map((id) => when(id, ({ nodeId, phase }) => nodeId === 'b' && phase === 'waiting')),
    );
    assert.equal((await scene.runs()).length, ids.length);
  });

  test('that would never end is ended after as many nodes as are allowed', async () => {
    startEngine({ mostSteps: 120 });
    const always = { conditions: [{ path: 'item_id', operator: 'exists' }], on_fail: null };
    const id = await start([
      { id: 'a', type: 'filter', ...always, on_pass: 'b' },
      { id: 'b', type: 'filter', ...always, on_pass: 'a' },
    ]);
    const ended = await over(id);
    assert.deepEqual([ended.status, ended.steps], ['failed', 120]);
    assert.match(ended.error ?? '', /entered 120 nodes/);
    assert.ok(ended.history.length <= 200);
  });

  test('goes by what its function responded, and holds what no jsonb can', async () => {
    startEngine();
    const when7 = { when: { path: 'response.n', operator: 'equals', value: 7 }, next: 'yes' };
    const nodes = [ask('a', { branches: [when7], next: null }), ask('yes')];
    const id = await start(nodes);
    await endRun((await asking(id)).runId, 'succeeded', '{"n":7,"odd\\u0000":"\\u0000\\ud800"}');
    await when(id, ({ nodeId }) => nodeId === 'yes');
    await scene.database.query('delete from flows');
    const other = await start(nodes);
    await endRun((await asking(other)).runId, 'succeeded', '['.repeat(5_000) + ']'.repeat(5_000));
    assert.equal((await over(other)).status, 'completed');
  });

  test('fails with its function, or goes another way', async () => {
    startEngine();
    const strict = await start([ask('a', { next: 'b' }), ask('b')]);
    await endRun((await asking(strict)).runId, 'timed_out', null);
    assert.match((await over(strict)).error ?? '', /ended as timed_out/);
    await scene.database.query('delete from flows');
    const careful = await start([ask('a', { next: null, on_error: 'e' }), ask('e')]);
    await endRun((await asking(careful)).runId, 'failed', null);
    await when(careful, ({ nodeId }) => nodeId === 'e');
  });

  test('whose function is gone fails, or goes another way', async () => {
    startEngine();
    const id = await start([ask('a', { function_id: 'gone' })]);
    const ended = await over(id);
    assert.deepEqual([ended.status, ended.error], ['failed', "the function gone isn't there any more"]);
    await scene.database.query('delete from flows');
    const careful = await start([ask('a', { function_id: 'gone', on_error: 'e' }), ask('e')]);
    assert.equal((await asking(careful)).nodeId, 'e');
  });

  test('is cancelled where it stands, whatever its function returns later', async () => {
    startEngine();
    const id = await start([ask('a', { next: 'b' }), ask('b')]);
    const { runId } = await asking(id);
    assert.equal(await cancelFlowRun(scene.database, OTHER, id), false);
    assert.equal(await cancelFlowRun(scene.database, LIVE, id), true);
    await endRun(runId, 'succeeded', '1');
    const ended = await look(id);
    assert.deepEqual([ended.status, ended.nodeId, ended.dueAt], ['cancelled', 'a', null]);
    assert.equal(await cancelFlowRun(scene.database, LIVE, id), false);
    assert.equal((await scene.runs()).length, 1);
  });

  test('that can’t be moved stands in no other’s way', async () => {
    await scene.addFunction('g', OTHER);
    const node = scene.openNode();
    await scene.addTrigger('f', ['order:created']);
    await node.publish({ type: 'order:created', item_id: 'o' });
    const stuck = await start([ask('a')]);
    await scene.database.query('delete from flows');
    const large = await start([ask('a')], { text: 'x'.repeat(2_000) });
    const free = await start([{ id: 'a', type: 'wait', delay_s: 60, next: null }], {}, OTHER);
    startEngine({ queuedRuns: 1, inputLimitBytes: 1_000 });
    await when(free, ({ phase }) => phase === 'waiting', OTHER);
    assert.match((await over(large)).error ?? '', /at most 1000 bytes/);
    const { status, phase, dueAt } = await when(stuck, (run) => (run.dueAt?.getTime() ?? 0) > Date.now());
    assert.deepEqual([status, phase, dueAt === null], ['going', 'entering', false]);
    await scene.database.query("delete from runs where trigger <> 'flow'");
    await scene.database.query('update flow_runs set due_at = now() where id = $1', [stuck]);
    await asking(stuck);
  });

  test('starts once for an event, as it was when the event came', async () => {
    const nodes = [{ id: 'w', type: 'wait', delay_s: 60, next: null }];
    const id = await start(nodes);
    const node = scene.openNode({ consumers: [createFlowStarter(newItemId)] });
    const event = { id: 'e1', notations: ['sale.created.success.paid'], item_id: 's2' };
    await node.publish(event);
    await node.publish(event);
    await scene.database.query(`update flows set nodes = '[]', enabled = false`);
    await node.publish({ notations: ['sale.created'], item_id: 's3' });
    const runs = await listFlowRuns(scene.database, LIVE, { flowId: null, limit: 10, after: null });
    assert.deepEqual(
      runs.map(({ itemId }) => itemId),
      ['s2', 's'],
    );
    startEngine();
    assert.equal((await when(id, ({ phase }) => phase === 'waiting')).nodeId, 'w');
  });
});
