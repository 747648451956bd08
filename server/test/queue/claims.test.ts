// Claims, with a real PostgreSQL: what a node gets, and what it never gets.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { claimingIn, openScene, type Scene } from './queue-scene.ts';

describe('a claim', () => {
  let scene: Scene;
  before(async () => {
    scene = await openScene();
    await scene.makeNode('one');
    await scene.makeNode('two');
  });
  after(() => scene?.database.close());

  /** Claims all there is, so that the next test begins with an empty queue. */
  async function drain(): Promise<void> {
    while ((await scene.claim('one', { runs: 1000, ofFunction: 1000, ofAccount: 1000 })).runs.length > 0);
  }

  test('takes a run with what it is told, and counts it', async () => {
    const world = await scene.makeAccount();
    const id = await scene.enqueue(world, await scene.makeFunction(world));
    const { runs } = await scene.claim('one');
    assert.deepEqual(
      runs.map((run) => [run.id, run.accountId, run.claims, run.attempt, run.sealedInput !== null]),
      [[id, world.accountId, 1, 1, true]],
    );
    const run = await scene.look(world, id);
    assert.deepEqual([run.status, run.attempts, run.startedAtMs !== null], ['running', 1, true]);
  });

  test('never gives the same run to two nodes', async () => {
    const world = await scene.makeAccount();
    const functions = await Promise.all(Array.from({ length: 5 }, () => scene.makeFunction(world)));
    for (const fn of functions) await scene.enqueueMany(world, fn, 200);
    const taken: string[] = [];
    const nodes = ['one', 'two', 'one', 'two'].map(async (node) => {
      for (let none = 0; none < 3; ) {
        const { runs } = await scene.claim(node, { runs: 25, ofFunction: 25, ofAccount: 25 });
        taken.push(...runs.map(({ id }) => id));
        none = runs.length === 0 ? none + 1 : 0;
      }
    });
    await Promise.all(nodes);
    assert.equal(taken.length, 1000);
    assert.equal(new Set(taken).size, 1000);
  });

  test('takes the earliest first, and nothing before its time, by the database’s clock', async () => {
    const world = await scene.makeAccount();
    const fn = await scene.makeFunction(world);
    await scene.enqueue(world, fn, { due: { afterMs: 60_000 } });
    const late = await scene.enqueue(world, fn, { due: { at: new Date(Date.now() - 1000) } });
    const early = await scene.enqueue(world, fn, { due: { at: new Date(Date.now() - 5000) } });
    const claim = await scene.claim('one', { runs: 1 });
    assert.deepEqual([claim.runs[0]?.id], [early]);
    const rest = await scene.claim('one');
    assert.deepEqual(
      rest.runs.map(({ id }) => id),
      [late],
    );
    const none = await scene.claim('one');
    assert.deepEqual(none.runs, []);
    assert.ok(none.nextDueMs !== null && none.nextDueMs > 50_000 && none.nextDueMs <= 60_000);
    await scene.database.query('delete from runs where function_id = $1', [fn]);
  });

  test('takes nothing for a node whose lease has passed, or that there is not', async () => {
    const world = await scene.makeAccount();
    await scene.enqueue(world, await scene.makeFunction(world));
    await scene.makeNode('gone', -1);
    assert.deepEqual((await scene.claim('gone')).runs, []);
    assert.deepEqual((await scene.claim('never')).runs, []);
    assert.equal((await scene.claim('one')).runs.length, 1);
  });

  test('leaves held runs and those of paused functions', async () => {
    const world = await scene.makeAccount();
    const fn = await scene.makeFunction(world);
    const before = await scene.enqueue(world, fn);
    await scene.database.query('update functions set paused_at = now() where id = $1', [fn]);
    const meanwhile = await scene.enqueue(world, fn);
    assert.deepEqual(
      [(await scene.look(world, before)).isHeld, (await scene.look(world, meanwhile)).isHeld],
      [false, true],
    );
    assert.deepEqual((await scene.claim('one')).runs, []);
    await scene.database.query('update functions set paused_at = null where id = $1', [fn]);
    assert.deepEqual(
      (await scene.claim('one')).runs.map(({ id }) => id),
      [before],
    );
    await scene.database.query('delete from runs where function_id = $1', [fn]);
  });

  test('gives runs of a deleted function too: somebody has to end them', async () => {
    const world = await scene.makeAccount();
    const fn = await scene.makeFunction(world);
    const id = await scene.enqueue(world, fn);
    await scene.database.query('delete from functions where id = $1', [fn]);
    assert.deepEqual(
      (await scene.claim('one')).runs.map((run) => run.id),
      [id],
    );
  });

  test('keeps a function’s limit over all nodes, however many claim at once', async () => {
    const world = await scene.makeAccount();
    const fn = await scene.makeFunction(world, { maxConcurrentRuns: 3 });
    await scene.enqueueMany(world, fn, 50);
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, n) => scene.claim(n % 2 === 0 ? 'one' : 'two')),
    );
    const more = await scene.claim('two');
    const taken = [...claims, more].flatMap(({ runs }) => runs);
    assert.equal(taken.length, 3);
    await scene.settle(taken[0] as (typeof taken)[number]);
    assert.equal((await scene.claim('two')).runs.length, 1);
    await scene.database.query('delete from runs where function_id = $1', [fn]);
  });

  test('shares its places among accounts, then among an account’s functions', async () => {
    const [busy, other] = [await scene.makeAccount(), await scene.makeAccount()];
    const functions = await Promise.all([1, 2, 3].map(() => scene.makeFunction(busy)));
    for (const fn of functions) await scene.enqueueMany(busy, fn, 20);
    await scene.enqueueMany(other, await scene.makeFunction(other), 20);
    const { runs } = await scene.claim('one', { runs: 8 });
    const count = (isOf: (run: (typeof runs)[number]) => boolean): number => runs.filter(isOf).length;
    assert.equal(runs.length, 8);
    assert.equal(count((run) => run.accountId === other.accountId) >= 2, true);
    for (const fn of functions) assert.ok(count((run) => run.functionId === fn) >= 1);
    await drain();
  });

  test('keeps within the room of each function and account', async () => {
    const world = await scene.makeAccount();
    const [first, second] = [await scene.makeFunction(world), await scene.makeFunction(world)];
    await scene.enqueueMany(world, first, 10);
    await scene.enqueueMany(world, second, 10);
    const narrow = await scene.claim('one', { functions: { [first]: 0, [second]: 2 } });
    assert.deepEqual(
      narrow.runs.map((run) => run.functionId),
      [second, second],
    );
    assert.equal((await scene.claim('one', { accounts: { [world.accountId]: 3 } })).runs.length, 3);
    assert.equal((await scene.claim('one', { accounts: { [world.accountId]: 0 } })).runs.length, 0);
    await drain();
  });

  /** How many rows of the queue something reads. */
  async function rowsReadBy(act: (scene_: Pick<Scene, 'claim'>) => Promise<unknown>): Promise<number> {
    return await scene.database.transaction(async (sql) => {
      const read = async (): Promise<number> => {
        const [row] = await sql.query<{ n: number }>(
          `select (seq_tup_read + idx_tup_fetch)::integer as n from pg_stat_xact_user_tables where relname = 'runs'`,
        );
        return row?.n ?? 0;
      };
      const before = await read();
      await act(claimingIn(sql));
      return (await read()) - before;
    });
  }

  test('of one run among 100,000 of another account comes with the first look, and reads few of them', async (t) => {
    const [busy, other] = [await scene.makeAccount(), await scene.makeAccount()];
    await scene.enqueueMany(busy, await scene.makeFunction(busy), 100_000);
    const lone = await scene.enqueue(other, await scene.makeFunction(other));
    await scene.database.query('analyze runs');
    const startedAt = performance.now();
    const read = await rowsReadBy(async ({ claim }) => {
      const { runs } = await claim('one');
      assert.ok(runs.some(({ id }) => id === lone));
    });
    t.diagnostic(`${read} rows read in ${Math.round(performance.now() - startedAt)} ms`);
    assert.ok(read > 0 && read < 1_000, `the claim read ${read} rows`);
    await scene.database.query('truncate runs cascade');
  });

  test('looks at many functions in several steps, and at all of them', async () => {
    const world = await scene.makeAccount();
    const functions = await Promise.all(Array.from({ length: 620 }, () => scene.makeFunction(world)));
    for (const fn of functions) await scene.enqueueMany(world, fn, 1);
    const taken = new Set<string>();
    let after = '';
    for (let steps = 0; taken.size < 620 && steps < 100; steps += 1) {
      const claim = await scene.claim('one', { runs: 100, ofAccount: 100, after });
      for (const run of claim.runs) taken.add(run.functionId);
      after = claim.next;
    }
    assert.equal(taken.size, 620);
  });
});
