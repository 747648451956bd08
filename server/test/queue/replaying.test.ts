// Runs that are run again, and held ones that are let go, with a real PostgreSQL: what can't be seen through
// the public door.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { World } from '../../src/accounts/account.ts';
import { systemClock } from '../../src/clock/clock.ts';
import { openFunctionDirectory } from '../../src/functions/function-directory.ts';
import { newRunId } from '../../src/ids/ids.ts';
import { createDurableQueue } from '../../src/queue/durable-queue.ts';
import { pauseFunction, releaseForgottenRuns, resumeFunction } from '../../src/queue/function-pause-store.ts';
import { QueueDepth } from '../../src/queue/queue-depth.ts';
import { type BatchReplay, openReplays, type Replays } from '../../src/queue/replay-runs.ts';
import type { RunSelection } from '../../src/runs/run-selection.ts';
import { KEYS, newRun, openScene, type Scene } from './queue-scene.ts';

const ALL: RunSelection = {
  ...{ runIds: null, functionId: null, statuses: null, trigger: null },
  ...{ createdAfter: null, createdBefore: null, errorType: null, errorGroup: null },
};

describe('a run that has ended', () => {
  let scene: Scene;
  let world: World;
  let fn: string;
  let replays: Replays;
  before(async () => {
    scene = await openScene();
    await scene.makeNode('one');
    world = await scene.makeAccount();
    fn = await scene.makeFunction(world);
    const { database } = scene;
    const depth = new QueueDepth(1_000, systemClock);
    replays = openReplays({
      ...{ database, keys: KEYS, newRunId, clock: systemClock },
      queue: createDurableQueue({ keys: KEYS, depth, inputLimitBytes: 1_000, wake: () => {} }),
      functions: openFunctionDirectory({
        ...{ sql: database, capacity: 10 },
        openVariables: () => ({ variables: {}, secretNames: [] }),
      }),
    });
  });
  after(() => scene?.database.close());

  async function endAs(status: 'dead' | 'succeeded', count: number): Promise<string[]> {
    for (let n = 0; n < count; n += 1) await scene.enqueue(world, fn);
    const { runs } = await scene.claim('one', { runs: count, ofFunction: count, ofAccount: count });
    for (const run of runs) await scene.settle(run, { next: { final: status } });
    return runs.map(({ id }) => id).sort();
  }
  async function forgetRuns(): Promise<void> {
    await scene.database.query('delete from runs');
    await scene.database.query('delete from ended_runs');
  }
  const wanted = (part: Partial<BatchReplay>): BatchReplay => ({
    ...{ kind: 'ended', selection: ALL, version: 'active', limit: 100, after: null },
    ...part,
  });

  test('is redriven once, however many ask at a time', async () => {
    const dead = await endAs('dead', 50);
    const asked = await Promise.all(
      [1, 2, 3, 4].map(() => replays.many(world, wanted({ kind: 'dead_letters' }))),
    );
    const redriven = asked.flatMap(({ replayed }) => replayed.map(({ runId }) => runId));
    assert.deepEqual(redriven.sort(), dead);
    await forgetRuns();
  });

  test('is looked at once in a batch that goes on, also when its repetition has ended meanwhile', async () => {
    const ended = await endAs('succeeded', 5);
    const seen: string[] = [];
    let after: BatchReplay['after'] = null;
    for (let pages = 0; pages < 10; pages += 1) {
      const { replayed, next } = await replays.many(world, wanted({ limit: 2, after }));
      seen.push(...replayed.map(({ runId }) => runId));
      const { runs } = await scene.claim('one');
      for (const run of runs) await scene.settle(run);
      after = next;
      if (next === null) break;
    }
    assert.deepEqual([after, seen.sort()], [null, ended]);
    await forgetRuns();
  });

  test('stops a batch where the queue is full, and the batch goes on from there', async () => {
    await endAs('succeeded', 30);
    await scene.database.query('update accounts set queued_runs = 25 where id = $1', [world.accountId]);
    const depth = new QueueDepth(1_000, systemClock);
    const { database } = scene;
    const full = openReplays({
      ...{ database, keys: KEYS, newRunId, clock: systemClock },
      queue: createDurableQueue({ keys: KEYS, depth, inputLimitBytes: 1_000, wake: () => {} }),
      functions: { find: async () => null, findVersion: async () => null },
    });
    const first = await full.many(world, wanted({}));
    assert.deepEqual([first.replayed.length, first.stopped?.code], [20, 'too_many_runs']);
    await scene.database.query('update accounts set queued_runs = null where id = $1', [world.accountId]);
    const rest = await replays.many(world, wanted({ after: first.next }));
    assert.deepEqual([rest.replayed.length, rest.next], [10, null]);
    await forgetRuns();
  });

  test('is another world’s own', async () => {
    await endAs('dead', 1);
    const other = await scene.makeAccount();
    for (const kind of ['ended', 'dead_letters'] as const) {
      assert.deepEqual((await replays.many(other, wanted({ kind }))).replayed, []);
      assert.deepEqual((await replays.many({ ...world, mode: 'test' }, wanted({ kind }))).replayed, []);
    }
    await forgetRuns();
  });

  test('that waits while its function is paused is let go, and is due when it was', async () => {
    const { database } = scene;
    const due = { at: new Date(Date.now() + 3_600_000) };
    const id = await scene.enqueue(world, fn, { due });
    await pauseFunction(database, world, fn);
    assert.equal((await scene.look(world, id)).isHeld, true);
    await resumeFunction(database, world, fn);
    const run = await scene.look(world, id);
    assert.deepEqual([run.isHeld, run.dueAtMs], [false, due.at.getTime()]);
    assert.equal(await pauseFunction(database, { ...world, mode: 'test' }, fn), false);
  });

  test('and was accepted in the very moment in which the pause ended is let go later', async () => {
    const { database } = scene;
    await pauseFunction(database, world, fn);
    let id = '';
    let commit = (): void => {};
    const mayCommit = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const depth = new QueueDepth(1_000, systemClock);
    const queue = createDurableQueue({ keys: KEYS, depth, inputLimitBytes: 1_000, wake: () => {} });
    let isWritten = (): void => {};
    const written = new Promise<void>((resolve) => {
      isWritten = resolve;
    });
    const accepting = database.transaction(async (sql) => {
      const late = newRun(world, fn);
      id = late.id;
      await queue.enqueue(sql, [late]);
      isWritten();
      await mayCommit;
    });
    await written;
    await resumeFunction(database, world, fn);
    commit();
    await accepting;
    assert.equal((await scene.look(world, id)).isHeld, true);
    assert.equal(await releaseForgottenRuns(database, 10), 1);
    assert.equal((await scene.look(world, id)).isHeld, false);
    assert.equal(await releaseForgottenRuns(database, 10), 0);
  });
});
