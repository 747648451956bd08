// How runs are accepted, and how those that execute them are notified: with a real PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { newRunId } from '../../src/ids/ids.ts';
import { openListener } from '../../src/postgres/listener.ts';
import { createDurableQueue } from '../../src/queue/durable-queue.ts';
import type { NewRun } from '../../src/queue/new-run.ts';
import { QueueDepth } from '../../src/queue/queue-depth.ts';
import { WAKE_CHANNEL, WakeCall } from '../../src/queue/wake-call.ts';
import { EVERY_RUN, listRuns } from '../../src/runs/run-list-store.ts';
import { findSealed } from '../../src/runs/run-store.ts';
import { openInput } from '../../src/runs/sealed-contents.ts';
import { KEYS, newRun, openScene, type Scene } from './queue-scene.ts';

const log = pino({ level: 'silent' });

describe('the queue', () => {
  let scene: Scene;
  let now = Date.now();
  before(async () => {
    scene = await openScene();
  });
  after(() => scene?.database.close());

  const open = (queuedRuns: number) =>
    createDurableQueue({
      ...{ keys: KEYS, inputLimitBytes: 500, wake: () => {} },
      depth: new QueueDepth(queuedRuns, () => now),
    });

  test('keeps what a run is told, sealed', async () => {
    const world = await scene.makeAccount();
    const run = newRun(world, await scene.makeFunction(world));
    assert.deepEqual(await scene.database.transaction((sql) => open(10).enqueue(sql, [run])), [run.id]);
    const sealed = await findSealed(scene.database, world, run.id);
    assert.ok(sealed?.input != null && !sealed.input.includes('api_direct'));
    const owner = { accountId: world.accountId, runId: run.id };
    assert.deepEqual(await openInput(KEYS, owner, sealed.input), run.input);
    await assert.rejects(openInput(KEYS, { ...owner, runId: newRunId(now) }, sealed.input));
  });

  test('leaves out runs of functions that are not in their world', async () => {
    const [world, other] = [await scene.makeAccount(), await scene.makeAccount()];
    const fn = await scene.makeFunction(world);
    const runs: NewRun[] = [newRun(world, fn), newRun(other, fn), newRun({ ...world, mode: 'test' }, fn)];
    const taken = await scene.database.transaction((sql) => open(10).enqueue(sql, runs));
    assert.deepEqual(taken, [runs[0]?.id]);
  });

  test('refuses what is too large, and then takes none of its companions', async () => {
    const world = await scene.makeAccount();
    const fn = await scene.makeFunction(world);
    const large = newRun(world, fn);
    large.input = { ...large.input, data: 'x'.repeat(500) };
    const enqueueing = scene.database.transaction((sql) => open(10).enqueue(sql, [newRun(world, fn), large]));
    await assert.rejects(enqueueing, { code: 'payload_too_large' });
    assert.deepEqual(await listRuns(scene.database, world, EVERY_RUN, 10), []);
  });

  test('refuses runs over the account’s depth, its own where it has one, and counts anew', async () => {
    const world = await scene.makeAccount();
    const fn = await scene.makeFunction(world);
    const queue = open(3);
    const enqueue = (count: number): Promise<string[]> =>
      scene.database.transaction((sql) =>
        queue.enqueue(
          sql,
          Array.from({ length: count }, () => newRun(world, fn)),
        ),
      );
    await enqueue(2);
    await assert.rejects(enqueue(2), { code: 'too_many_runs' });
    await enqueue(1);
    await assert.rejects(enqueue(1), { code: 'too_many_runs' });
    await scene.database.query('delete from runs where account_id = $1', [world.accountId]);
    now += 10_000;
    await enqueue(1);
    await scene.database.query('update accounts set queued_runs = 1 where id = $1', [world.accountId]);
    now += 10_000;
    await assert.rejects(enqueue(1), { code: 'too_many_runs' });
  });

  test('holds an account to a limit of its own above the usual one, and refuses for nothing that was undone', async () => {
    const world = await scene.makeAccount();
    const fn = await scene.makeFunction(world);
    const queue = open(2);
    const enqueue = (count: number, isUndone = false): Promise<void> =>
      scene.database.transaction(async (sql) => {
        const runs = Array.from({ length: count }, () => newRun(world, fn));
        await queue.enqueue(sql, runs);
        if (isUndone) throw new Error('undone');
      });
    await scene.database.query('update accounts set queued_runs = 10 where id = $1', [world.accountId]);
    await assert.rejects(enqueue(7, true), /undone/);
    await enqueue(7);
    now += 10_000;
    await assert.rejects(enqueue(4), { code: 'too_many_runs' });
    await enqueue(3);
  });

  test('wakes the worker of its own process at once, and those of other nodes', async () => {
    const { database } = scene;
    const heard: string[] = [];
    const listener = await openListener(
      database.url,
      { channels: { [WAKE_CHANNEL]: (node) => other.heard(node) }, onMissed: () => {} },
      log,
    );
    const mine = new WakeCall({ sql: database, log, node: () => 'one', others: () => 1 });
    const other = new WakeCall({ sql: database, log, node: () => 'two', others: () => 1 });
    mine.onCall(() => heard.push('one'));
    const told = new Promise<void>((resolve) => {
      other.onCall(() => {
        heard.push('two');
        resolve();
      });
    });
    mine.call();
    assert.deepEqual(heard, ['one']);
    mine.call();
    await told;
    assert.deepEqual(heard, ['one', 'one', 'two']);
    await listener.close();
  });
});
