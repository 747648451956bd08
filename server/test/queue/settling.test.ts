// How runs end, and that they do so once: fences, retries, rescue. With a real PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import type { World } from '../../src/accounts/account.ts';
import { createRunCanceller } from '../../src/queue/cancel-run.ts';
import type { ClaimedRun } from '../../src/queue/claimed-run.ts';
import { NodeLife } from '../../src/queue/node-life.ts';
import { type Rescuer, startRescuer } from '../../src/queue/rescuer.ts';
import { Settler } from '../../src/queue/settler.ts';
import { ActiveRuns } from '../../src/runs/active-runs.ts';
import type { EndedRun } from '../../src/runs/run-follower.ts';
import { KEYS, openScene, type Scene, settledOf } from './queue-scene.ts';

const log = pino({ level: 'silent' });
const FAILED = { type: 'Error', message: 'no', stack: '' };

describe('the end of a queued run', () => {
  let scene: Scene;
  let world: World;
  let fn: string;
  let rescuer: Rescuer;
  const ended: EndedRun[] = [];
  const endings = {
    followers: {
      api_direct: async (_: unknown, runs: readonly EndedRun[]) => void ended.push(...runs),
    },
    onEveryEnd: [],
    watch: async () => {},
  };
  before(async () => {
    scene = await openScene();
    await scene.makeNode('one');
    await scene.makeNode('two');
    world = await scene.makeAccount();
    fn = await scene.makeFunction(world);
    const { database } = scene;
    rescuer = startRescuer({
      database,
      endings,
      node: () => 'two',
      mostLosses: 3,
      everyMs: 60_000,
      wake: () => {},
      log,
    });
  });
  after(async () => {
    await rescuer?.stop();
    await scene?.database.close();
  });

  async function claimOne(node = 'one'): Promise<ClaimedRun> {
    const { runs } = await scene.claim(node, { runs: 1 });
    const [run] = runs;
    assert.ok(run !== undefined);
    return run;
  }
  /** The node is lost with all that it has in hand. */
  async function lose(node: string): Promise<void> {
    await scene.database.query('update nodes set lease_until = now() where id = $1', [node]);
    await rescuer.rescue();
  }

  test('is written by the claim that holds it, and by no earlier one', async () => {
    const id = await scene.enqueue(world, fn);
    const first = await claimOne('one');
    await lose('one');
    await scene.makeNode('one');
    const second = await claimOne('two');
    assert.deepEqual([first.id, second.id, second.claims], [id, id, 2]);
    assert.equal(await scene.settle(first, { next: { final: 'failed' } }), null);
    assert.equal((await scene.look(world, id)).status, 'running');
    assert.equal((await scene.settle(second))?.status, 'succeeded');
    assert.equal(await scene.settle(second, { next: { final: 'failed' } }), null);
    assert.equal((await scene.look(world, id)).status, 'succeeded');
  });

  test('of an attempt that is tried again keeps it in the history and waits its time', async () => {
    const id = await scene.enqueue(world, fn);
    const run = await claimOne();
    const { attempt } = settledOf(run);
    assert.ok(attempt !== null);
    const failed = { ...attempt, status: 'failed', error: FAILED, blame: 'function' } as const;
    await scene.settle(run, { attempt: failed, next: { queuedAfterMs: 60_000 } });
    const seen = await scene.look(world, id);
    assert.deepEqual([seen.status, seen.attempts, seen.endedAtMs], ['queued', 1, null]);
    assert.ok((seen.dueAtMs ?? 0) > Date.now() + 50_000);
    assert.deepEqual(
      seen.history.map(({ attempt: number, status, error }) => [number, status, error]),
      [[1, 'failed', FAILED]],
    );
    assert.match(seen.history[0]?.ended_at ?? '', /^20..-..-..T..:..:..\.\d{3}Z$/);
    assert.deepEqual((await scene.claim('one')).runs, []);
    await scene.database.query('update runs set due_at = now() where id = $1', [id]);
    const again = await claimOne();
    assert.deepEqual([again.attempt, again.faults], [2, 1]);
    await scene.settle(again);
  });

  test('that is handed back costs no attempt', async () => {
    const id = await scene.enqueue(world, fn);
    await scene.settle(await claimOne(), { attempt: null, next: { queuedAfterMs: 0 } });
    const seen = await scene.look(world, id);
    assert.deepEqual([seen.status, seen.attempts, seen.history], ['queued', 0, []]);
    await scene.settle(await claimOne());
  });

  test('is told to its follower, with its result, in the transaction that writes it', async () => {
    const settler = new Settler({
      ...{ database: scene.database, keys: KEYS, endings, onFaulty: async () => {} },
      ...{ keptResultBytes: 100, log, clock: Date.now },
    });
    const ids = [await scene.enqueue(world, fn), await scene.enqueue(world, fn)];
    const { runs } = await scene.claim('one');
    ended.length = 0;
    await Promise.all(
      runs.map((run) => {
        const { sealedResult: _, ...settled } = settledOf(run);
        const result = Buffer.from('{"a":1}');
        return settler.settle({ settled, atMs: Date.now(), recorded: null, result, faults: null });
      }),
    );
    assert.deepEqual(ended.map(({ id }) => id).sort(), ids.sort());
    assert.deepEqual(
      [ended[0]?.result, ended[0]?.status, ended[0]?.isResultKept],
      ['{"a":1}', 'succeeded', true],
    );
  });

  test('is not written while its follower can’t take it, and then once', async () => {
    let isBroken = true;
    const followers = {
      api_direct: async () => {
        if (isBroken) throw new Error('not now');
      },
    };
    const settler = new Settler({
      ...{
        database: scene.database,
        keys: KEYS,
        endings: { followers, onEveryEnd: [], watch: async () => {} },
        onFaulty: async () => {},
      },
      ...{ keptResultBytes: 100, log, clock: Date.now },
    });
    const id = await scene.enqueue(world, fn);
    const { sealedResult: _, ...settled } = settledOf(await claimOne());
    const settling = settler.settle({
      settled,
      atMs: Date.now(),
      recorded: null,
      result: null,
      faults: null,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await scene.look(world, id)).status, 'running');
    isBroken = false;
    await settling;
    assert.equal((await scene.look(world, id)).status, 'succeeded');
  });

  test('comes by others when its node is lost; after three nodes it is poison', async () => {
    const id = await scene.enqueue(world, fn);
    for (const losses of [1, 2]) {
      await claimOne('one');
      await lose('one');
      await scene.makeNode('one');
      const seen = await scene.look(world, id);
      assert.deepEqual([seen.status, seen.history.length], ['queued', losses]);
    }
    ended.length = 0;
    await claimOne('one');
    await lose('one');
    await scene.makeNode('one');
    const seen = await scene.look(world, id);
    assert.deepEqual([seen.status, seen.error?.type], ['dead', 'Platform.Poison']);
    assert.deepEqual(
      ended.map((run) => run.id),
      [id],
    );
  });

  test('is not taken from a node by itself: back from a pause, it goes on', async () => {
    const id = await scene.enqueue(world, fn);
    const run = await claimOne('two');
    await scene.database.query("update nodes set lease_until = now() where id = 'two'");
    assert.equal(await rescuer.rescue(), 0);
    await scene.database.query("update nodes set lease_until = now() + interval '1 hour' where id = 'two'");
    assert.equal((await scene.settle(run))?.id, id);
  });

  test('of a run that somebody waited for comes with the node', async () => {
    const id = '01900000-0000-7000-8000-000000000001';
    await scene.database.query(
      `insert into runs (id, account_id, mode, function_id, version, trigger, cause, status, node, memory_mb, created_at)
       values ($1, $2, $3, $4, 1, 'http', '{}', 'running', 'nobody', 256, now())`,
      [id, world.accountId, world.mode, fn],
    );
    await rescuer.rescue();
    const seen = await scene.look(world, id);
    assert.deepEqual([seen.status, seen.error?.type], ['crashed', 'Platform.Stopped']);
  });

  test('by its owner’s wanted outlasts the loss of its node', async () => {
    const { database } = scene;
    const id = await scene.enqueue(world, fn);
    await claimOne('one');
    const cancel = createRunCanceller({ database, endings, active: new ActiveRuns() });
    assert.equal((await cancel(world, id)).status, 'running');
    await lose('one');
    await scene.makeNode('one');
    assert.equal((await scene.look(world, id)).status, 'cancelled');
    await assert.rejects(cancel(world, id), { code: 'invalid_state' });
    await assert.rejects(cancel({ ...world, mode: 'test' }, id), { code: 'not_found' });
  });

  test('is queued as held again when its function was paused meanwhile', async () => {
    const id = await scene.enqueue(world, fn);
    const run = await claimOne();
    await scene.database.query('update functions set paused_at = now() where id = $1', [fn]);
    await scene.settle(run, { attempt: null, next: { queuedAfterMs: 0 } });
    assert.equal((await scene.look(world, id)).isHeld, true);
    await scene.database.query('update functions set paused_at = null where id = $1', [fn]);
    await scene.database.query('delete from runs where id = $1', [id]);
  });

  test('counts faults in a row, and says when they are too many', async () => {
    const faulty: string[] = [];
    const shaky = await scene.makeFunction(world, { disableAfterFaults: 3 });
    const settler = new Settler({
      ...{ database: scene.database, keys: KEYS, endings, keptResultBytes: 0, log, clock: Date.now },
      onFaulty: async (_, functions) => void faulty.push(...functions.map(({ functionId }) => functionId)),
    });
    const end = async (isFault: boolean): Promise<void> => {
      await scene.enqueue(world, shaky);
      const { sealedResult: _, ...settled } = settledOf(await claimOne());
      const said = { how: isFault ? 'failed' : null, loadError: null };
      const faults = { accountId: world.accountId, functionId: shaky, isFault, ...said };
      await settler.settle({ settled, atMs: Date.now(), recorded: null, result: null, faults });
    };
    for (const isFault of [true, true, false, true, true]) await end(isFault);
    assert.deepEqual(faulty, []);
    await end(true);
    assert.deepEqual(faulty, [shaky]);
  });
});

describe('a node', () => {
  let scene: Scene;
  before(async () => {
    scene = await openScene();
  });
  after(() => scene?.database.close());
  const begin = (place: string, leaseMs: number): Promise<NodeLife> =>
    NodeLife.begin({ sql: scene.database, place, roles: ['worker'], leaseMs, log });

  test('whose lease has passed revives it while nobody has taken its runs', async () => {
    const life = await begin('here', 60_000);
    const { id } = life;
    await scene.database.query("update nodes set lease_until = now() - interval '1 hour' where id = $1", [
      id,
    ]);
    await life.renew();
    assert.equal(life.id, id);
    await life.end();
  });

  test('that was taken for dead begins a new life and says so', async () => {
    const life = await begin('here', 60_000);
    const { id } = life;
    let isLost = false;
    life.onLost(() => {
      isLost = true;
    });
    await scene.database.query('delete from nodes where id = $1', [id]);
    await life.renew();
    assert.notEqual(life.id, id);
    assert.equal(isLost, true);
    await life.end();
    assert.deepEqual(await scene.database.query('select id from nodes'), []);
  });

  test('ends the former life of its place when it begins, and counts the others', async () => {
    const former = await begin('here', 60_000);
    const other = await begin('there', 60_000);
    const next = await begin('here', 60_000);
    await next.renew();
    assert.equal(next.others, 1);
    const rows = await scene.database.query<{ id: string }>('select id from nodes order by id');
    assert.deepEqual(rows.map(({ id }) => id).sort(), [next.id, other.id].sort());
    for (const life of [former, other, next]) await life.end();
  });
});
