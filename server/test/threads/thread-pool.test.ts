import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Failure } from '../../src/errors/failure.ts';
import { jobOf } from '../../src/threads/job.ts';
import { THREAD_LIMITS, ThreadPool } from '../../src/threads/thread-pool.ts';
import * as zoo from './job-zoo.ts';

const ZOO = new URL('./job-zoo.ts', import.meta.url).href;
const addUp = jobOf(ZOO, zoo.addUp);
const open: ThreadPool[] = [];
function pool(limits: Partial<ConstructorParameters<typeof ThreadPool>[0]> = {}): ThreadPool {
  const made = new ThreadPool({ ...THREAD_LIMITS, threads: 1, ...limits });
  open.push(made);
  return made;
}
after(() => Promise.all(open.map((one) => one.close())));

describe('a pool of threads', () => {
  test('answers with what the job returns', async () => {
    assert.equal(await pool().run(addUp, 'A', [1, 2, 3]), 6);
  });

  test('hands over a refusal with its code, field and facts', async () => {
    const refusal = await pool()
      .run(jobOf(ZOO, zoo.refuse), 'A', 'name')
      .catch((error: unknown) => error);
    assert.ok(refusal instanceof Failure);
    assert.deepEqual([refusal.code, refusal.field, refusal.facts], ['invalid_input', 'name', { limit: 7 }]);
  });

  test('tells a defect from a refusal', async () => {
    await assert.rejects(
      pool().run(jobOf(ZOO, zoo.breakDown), 'A', null),
      /a job failed in its thread: a defect/,
    );
  });

  test('ends a job that takes too long, and goes on with the next', async () => {
    const threads = pool({ jobMs: 300 });
    const endless = threads.run(jobOf(ZOO, zoo.goOnForEver), 'A', null);
    const next = threads.run(addUp, 'A', [4]);
    await assert.rejects(endless, { code: 'payload_too_large' });
    assert.equal(await next, 4);
  });

  test('ends a job that takes too much memory, and goes on with the next', async () => {
    const threads = pool({ heapMb: 32 });
    await assert.rejects(threads.run(jobOf(ZOO, zoo.fillMemory), 'A', null), { code: 'payload_too_large' });
    assert.equal(await threads.run(addUp, 'A', [5]), 5);
  });

  test('serves accounts in turns', async () => {
    const threads = pool();
    const order: string[] = [];
    const one = (accountId: string): Promise<unknown> =>
      threads.run(addUp, accountId, [1]).then(() => order.push(accountId));
    await Promise.all(['A', 'A', 'A', 'A', 'A', 'B'].map(one));
    assert.ok(order.indexOf('B') <= 2, order.join());
  });

  test('refuses what one account has waiting beyond its share, and nothing of others', async () => {
    const threads = pool({ waitingPerAccount: 3 });
    const inHand = Array.from({ length: 4 }, () => threads.run(addUp, 'A', [1]));
    assert.throws(() => threads.run(addUp, 'A', [1]), { code: 'too_many_requests' });
    assert.equal(await threads.run(addUp, 'B', [2]), 2);
    await Promise.all(inHand);
  });

  test('gives its threads none of the process’s settings', async () => {
    assert.equal(await pool().run(jobOf(ZOO, zoo.isFreeOfSettings), 'A', null), true);
  });

  test('ends threads that have had nothing to do for a while, and starts new ones', async () => {
    const threads = pool({ idleMs: 1 });
    assert.equal(await threads.run(addUp, 'A', [1]), 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await threads.run(addUp, 'A', [2]), 2);
  });

  test('refuses what waits when it is closed', async () => {
    const threads = pool();
    const inHand = threads.run(jobOf(ZOO, zoo.goOnForEver), 'A', null);
    const waiting = threads.run(addUp, 'A', [1]);
    const refused = [inHand, waiting].map((one) => assert.rejects(one, { code: 'unavailable' }));
    await threads.close();
    await Promise.all(refused);
  });
});
