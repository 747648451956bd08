// Accepting webhooks on a real PostgreSQL with the real queue, on two nodes: a delivery is run once, whatever
// arrives together.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { systemClock } from '../../src/clock/clock.ts';
import { type Accepted, type AcceptWebhook, createWebhookAcceptor } from '../../src/doors/accept-webhooks.ts';
import { deleteExpiredReceipts } from '../../src/doors/receipt-store.ts';
import { Failure } from '../../src/errors/failure.ts';
import { newRunId } from '../../src/ids/ids.ts';
import { createDurableQueue } from '../../src/queue/durable-queue.ts';
import { QueueDepth } from '../../src/queue/queue-depth.ts';
import { type EventScene, LIVE, OTHER, openEventScene } from '../events/event-scene.ts';

describe('webhooks that arrive', () => {
  let scene: EventScene;
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  afterEach(async () => {
    await scene.clear();
    await scene.database.query('truncate webhook_receipts');
  });

  function openNode(queuedRuns = 1_000_000): AcceptWebhook {
    const { database, keys } = scene;
    const queue = createDurableQueue({
      ...{ keys, inputLimitBytes: 10_000, wake: () => {} },
      depth: new QueueDepth(queuedRuns, systemClock),
    });
    return createWebhookAcceptor({ database, queue, memoryHours: 1 });
  }

  type Sent = { functionId?: string; messageId?: string | null; world?: typeof LIVE; body?: string };

  function send(node: AcceptWebhook, sent: Sent = {}): Promise<Accepted> {
    const { functionId = 'f', messageId = null, world = LIVE, body = '{}' } = sent;
    return node.accept({
      triggerId: `trigger-of-${functionId}`,
      messageId,
      sizeBytes: body.length,
      run: {
        ...{ id: newRunId(Date.now()), ...world, functionId, cause: {}, triggerId: null, eventId: null },
        input: { trigger: 'webhook', source: { id: null, name: null }, data: body },
        ...{ due: { afterMs: 0 }, version: null, replayOf: null },
      },
    });
  }

  test('are runs once they are accepted, each of those without an id one', async () => {
    await scene.addFunction('f');
    const node = openNode();
    const accepted = await Promise.all(Array.from({ length: 500 }, () => send(node)));
    assert.deepEqual(new Set(accepted), new Set(['accepted']));
    assert.equal(await scene.count('runs'), 500);
  });

  test('again and again, at two nodes at once, in any order, are one run each', async () => {
    await scene.addFunction('f');
    await scene.addFunction('g');
    const nodes = [openNode(), openNode()] as const;
    const sent: Promise<Accepted>[] = [];
    for (let round = 0; round < 6; round += 1) {
      for (let n = 0; n < 100; n += 1) {
        const id = round % 2 === 0 ? n : 99 - n;
        for (const functionId of ['f', 'g']) {
          sent.push(send(nodes[(round + n) % 2] as AcceptWebhook, { functionId, messageId: `d${id}` }));
        }
      }
      await new Promise(setImmediate);
    }
    const accepted = Object.groupBy(await Promise.all(sent), (one) => one);
    assert.deepEqual([accepted.accepted?.length, accepted.repeated?.length], [200, 1000]);
    assert.equal(await scene.count('runs'), 200);
  });

  test('again after their memory has expired run again, swept or not', async () => {
    await scene.addFunction('f');
    const node = openNode();
    const expire = () =>
      scene.database.query("update webhook_receipts set expires_at = now() - interval '1 second'");
    assert.equal(await send(node, { messageId: 'd' }), 'accepted');
    assert.equal(await send(node, { messageId: 'd' }), 'repeated');
    assert.equal(await deleteExpiredReceipts(scene.database, 10), 0);
    await expire();
    assert.equal(await send(node, { messageId: 'd' }), 'accepted');
    assert.equal(await send(node, { messageId: 'd' }), 'repeated');
    await expire();
    assert.equal(await deleteExpiredReceipts(scene.database, 10), 1);
    assert.equal(await send(node, { messageId: 'd' }), 'accepted');
  });

  test('for a function that is gone, too large, or over an account’s limit, fail alone and can come again', async () => {
    await scene.addFunction('f');
    await scene.addFunction('o', OTHER);
    await scene.database.query('update accounts set queued_runs = 0 where id = $1', [LIVE.accountId]);
    const node = openNode();
    const [full, gone, large, good] = await Promise.allSettled([
      send(node, { messageId: 'd' }),
      send(node, { functionId: 'gone' }),
      send(node, { functionId: 'o', world: OTHER, messageId: 'e', body: 'x'.repeat(20_000) }),
      send(node, { functionId: 'o', world: OTHER, messageId: 'g' }),
    ]);
    await scene.database.query('update accounts set queued_runs = null where id = $1', [LIVE.accountId]);
    const codeOf = (settled: PromiseSettledResult<Accepted>): unknown =>
      settled.status === 'rejected' && settled.reason instanceof Failure ? settled.reason.code : settled;
    assert.equal(codeOf(full), 'too_many_runs');
    assert.equal(codeOf(large), 'payload_too_large');
    assert.deepEqual(good, { status: 'fulfilled', value: 'accepted' });
    assert.ok(gone.status === 'rejected' || gone.value === 'gone');
    assert.equal(await scene.count('runs'), 1);
    assert.equal(await send(openNode(), { messageId: 'd' }), 'accepted');
    assert.equal(await send(openNode(), { functionId: 'gone' }), 'gone');
  });
});
