// Claims of deliveries on a real database: who gets what, what counts after a node's life is over, and that
// nobody stands in another's way.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { World } from '../../src/accounts/account.ts';
import type { PublishedEvent } from '../../src/events/account-event.ts';
import { insertEvents } from '../../src/events/event-store.ts';
import {
  claimDeliveries,
  handOver,
  lockHandedOver,
  releaseClaims,
  settleClaim,
} from '../../src/subscriptions/claim-store.ts';
import type { Claim } from '../../src/subscriptions/delivery.ts';
import { settleLostRuns } from '../../src/subscriptions/delivery-janitor.ts';
import { getDelivery, listDeliveries, queueAgain } from '../../src/subscriptions/delivery-store.ts';
import { createDeliveryStarter } from '../../src/subscriptions/event-deliveries.ts';
import { deleteSubscription, insertSubscription } from '../../src/subscriptions/subscription-store.ts';
import { holdWorlds } from '../../src/triggers/interest-directory.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const WORLD: World = { accountId: 'AA0001', mode: 'live' };
const DELIVERED = { status: 'delivered', nextAfterMs: null, debug: null } as const;
const RUN = '01900000-0000-7000-8000-000000000001';

const { consume: deliver } = createDeliveryStarter();
let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
  for (const id of ['AA0001', 'AA0002']) {
    await database.query('insert into accounts (id, alias, sealed_key) values ($1, $1, $2)', [
      id,
      Buffer.alloc(1),
    ]);
  }
});
after(() => database.close());
beforeEach(async () => {
  await database.query('delete from deliveries');
  await database.query('delete from events');
  await database.query('delete from event_subscriptions');
  await database.query('delete from nodes');
  for (const node of ['a', 'b']) await live(node);
});

const live = (node: string): Promise<unknown> =>
  database.query(
    `insert into nodes (id, place, roles, lease_until) values ($1, $1, '{worker}', now() + interval '1 hour')`,
    [node],
  );
const die = (node: string): Promise<unknown> => database.query('delete from nodes where id = $1', [node]);

async function subscribe(id: string, world: World = WORLD, active = true): Promise<void> {
  const rest = {
    expand: null,
    show: null,
    hide: null,
    comments: null,
    authorizationUsername: null,
    customHeaderName: null,
  };
  await insertSubscription(
    database,
    {
      ...{
        ...world,
        id,
        active,
        shape: 'resource',
        eventType: 'order:created',
        method: 'http',
        format: 'json',
        timeZone: 'UTC',
        ...rest,
      },
      ...{ destination: 'https://host.example/', sealedSecrets: Buffer.alloc(1) },
    },
    100,
  );
}

async function publish(id: string, world: World = WORLD): Promise<void> {
  const event: PublishedEvent = {
    ...{ ...world, id, type: 'order:created', notations: ['order:created'], itemType: 'order', itemId: 'o1' },
    ...{ campaign: null, shop: null, date: '2026-11-22T08:00:00Z', data: {}, related: {}, depth: 0 },
  };
  await database.transaction(async (sql) => {
    await insertEvents(sql, [event], 'matched');
    await deliver(sql, [event], await holdWorlds(sql, [event]));
  });
}

const claim = (node: string, more: Partial<Parameters<typeof claimDeliveries>[1]> = {}): Promise<Claim[]> =>
  claimDeliveries(database, {
    ...{
      node,
      most: 100,
      mostPerSubscription: 100,
      busySubscriptions: [],
      busyAccounts: [],
      ofAccounts: {},
      ...more,
    },
  });
const statusOf = async (id: string): Promise<string | undefined> =>
  (await getDelivery(database, WORLD, id))?.status;

test('an event makes one delivery for each active subscription of its world, however often it is given', async () => {
  await subscribe('s1');
  await subscribe('s2');
  await subscribe('sleeping', WORLD, false);
  await subscribe('elsewhere', { accountId: 'AA0002', mode: 'live' });
  await subscribe('test', { accountId: 'AA0001', mode: 'test' });
  await publish('e1');
  await publish('e1');
  assert.deepEqual((await claim('a')).map((one) => one.subscriptionId).sort(), ['s1', 's2']);
});

test('a subscription that is made, switched or deleted counts from the next event on', async () => {
  await publish('e1');
  await subscribe('s1');
  await publish('e2');
  await database.query("update event_subscriptions set active = false where id = 's1'");
  await publish('e3');
  await database.query("update event_subscriptions set active = true where id = 's1'");
  await publish('e4');
  await database.query("update event_subscriptions set event_type = 'refund:created' where id = 's1'");
  await publish('e5');
  const made = await database.query<{ event_id: string }>(
    'select event_id from deliveries order by event_id',
  );
  assert.deepEqual(
    made.map((one) => one.event_id),
    ['e2', 'e4'],
  );
  await database.query("delete from event_subscriptions where id = 's1'");
  await publish('e6');
  assert.deepEqual(await database.query("select from deliveries where event_id = 'e6'"), []);
});

test('what one node has claimed no other gets while it lives, and any other once it does not', async () => {
  await subscribe('s1');
  await publish('e1');
  const [first] = await claim('a');
  assert.ok(first);
  assert.deepEqual(await claim('b'), []);
  await die('a');
  const [second] = await claim('b');
  assert.equal(second?.id, first.id);
  assert.equal(await settleClaim(database, first, { status: 'retry', nextAfterMs: 1, debug: 'late' }), false);
  assert.equal(await settleClaim(database, second as Claim, DELIVERED), true);
  assert.equal(await statusOf(first.id), 'delivered');
});

test('a claim whose answer was lost on its way is due again, for its own node too', async () => {
  await subscribe('s1');
  await publish('e1');
  const [lost] = await claim('a');
  assert.ok(lost);
  assert.deepEqual(await claim('a', { inHand: [`${lost.id}/${lost.claims}`] }), []);
  const [again] = await claim('a', { inHand: [] });
  assert.deepEqual([again?.id, again?.claims], [lost.id, lost.claims + 1]);
  assert.equal(await settleClaim(database, lost, DELIVERED), false);
});

test('one that is sent again while an attempt goes on is not settled by that attempt', async () => {
  await subscribe('s1');
  await publish('e1');
  const [first] = await claim('a');
  assert.ok(first);
  assert.equal(await queueAgain(database, WORLD, first.id), true);
  assert.equal(await settleClaim(database, first, DELIVERED), false);
  assert.equal(await statusOf(first.id), 'queued');
  assert.equal((await claim('a')).length, 1);
  assert.equal(await queueAgain(database, { accountId: 'AA0002', mode: 'live' }, first.id), false);
});

test('a subscription with much to do, or busy, stands in nobody’s way', async () => {
  await subscribe('busy');
  for (let index = 0; index < 20; index += 1) await publish(`e${index}`);
  await subscribe('idle');
  await publish('last');
  const claims = await claim('a', { mostPerSubscription: 3 });
  assert.equal(claims.filter((one) => one.subscriptionId === 'busy').length, 3);
  assert.equal(claims.filter((one) => one.subscriptionId === 'idle').length, 1);
  assert.deepEqual(await claim('a', { busySubscriptions: ['busy'] }), []);
  assert.deepEqual(await claim('a', { busyAccounts: ['AA0001'] }), []);
  await releaseClaims(database, claims);
  assert.equal((await claim('b')).length, 22);
});

test('many claims at once never share one', async () => {
  await subscribe('s1');
  for (let index = 0; index < 30; index += 1) await publish(`e${index}`);
  const all = await Promise.all(['a', 'b', 'a', 'b', 'a'].map((node) => claim(node, { most: 10 })));
  const ids = all.flat().map((one) => one.id);
  assert.equal(new Set(ids).size, ids.length);
});

test('what is due later is not claimed, and what a run has in hand neither', async () => {
  await subscribe('s1');
  await publish('e1');
  const [first] = await claim('a');
  await settleClaim(database, first as Claim, {
    status: 'retry',
    nextAfterMs: 3_600_000,
    debug: 'x'.repeat(5_000),
  });
  assert.deepEqual(await claim('a'), []);
  assert.equal((await getDelivery(database, WORLD, (first as Claim).id))?.debug?.length, 2_000);
  await publish('e2');
  const [second] = await claim('a');
  assert.equal(await handOver(database, second as Claim, { runId: RUN, debug: null }), true);
  await die('a');
  assert.deepEqual(await claim('b'), []);
  assert.equal((await lockHandedOver(database, [RUN]))[0]?.id, second?.id);
});

test('a delivery whose run is gone is settled all the same', async () => {
  await subscribe('s1');
  await publish('e1');
  const [one] = await claim('a');
  await handOver(database, one as Claim, { runId: RUN, debug: null });
  await settleLostRuns({ database, chance: () => 0 });
  assert.equal(await statusOf((one as Claim).id), 'queued');
  await database.query(`update deliveries set last_attempt_at = now() - interval '2 minutes'`);
  await settleLostRuns({ database, chance: () => 0 });
  assert.equal(await statusOf((one as Claim).id), 'retry');
});

test('a subscription that is deleted takes its waiting deliveries to their end', async () => {
  await subscribe('s1');
  await publish('e1');
  const [one] = await claim('a');
  assert.ok(await deleteSubscription(database, WORLD, 's1'));
  assert.equal(await statusOf((one as Claim).id), 'failed');
  assert.equal(await settleClaim(database, one as Claim, DELIVERED), false);
  assert.deepEqual(await claim('b'), []);
});

test('a cursor of another world is none', async () => {
  await subscribe('s1');
  await publish('e1');
  const [one] = await claim('a');
  const query = {
    status: null,
    subscriptionId: null,
    eventType: null,
    order: 'descending',
    limit: 1,
  } as const;
  const cursor = { side: 'after', id: (one as Claim).id } as const;
  assert.equal(
    await listDeliveries(database, { accountId: 'AA0002', mode: 'live' }, { ...query, cursor }),
    null,
  );
  assert.deepEqual(await listDeliveries(database, WORLD, { ...query, cursor }), {
    deliveries: [],
    hasMore: false,
  });
});
