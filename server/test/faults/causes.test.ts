// What follows from a cause is done once whatever is killed in the middle: steps of a flow, deliveries to
// subscribers, webhooks that come five times over, chains in which a run publishes the event that starts the
// next.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { openReceiver } from '../promises/receivers.ts';
import { noJails } from '../promises/start-millrace.ts';
import { FaultScene } from './fault-scene.ts';
import { sleep, WEBHOOK_SECRET } from './load.ts';
import { gone, kill } from './processes.ts';

const NODE = { environment: 'nodejs24.x' };

describe('in the middle of a kill -9 of the server', { skip: noJails(), timeout: 600_000 }, () => {
  let scene: FaultScene;
  before(async () => {
    scene = await FaultScene.open({ env: { MILLRACE_EGRESS_ALLOW: '127.0.0.0/8' } });
  });
  after(() => scene?.close());

  /** As one who asks again until they are answered. */
  async function insist(url: string, body: string, headers: Record<string, string>): Promise<Response> {
    for (const giveUpAt = Date.now() + 60_000; ; await sleep(100)) {
      const answer = await scene.customer
        .request(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
        .catch(() => null);
      if (answer?.ok) return answer;
      assert.ok(Date.now() < giveUpAt, `${answer?.status} ${await answer?.text()}`);
    }
  }

  const publish = (event: { id: string } & Record<string, unknown>): Promise<Response> =>
    insist('/millrace/v1/events', JSON.stringify({ item_id: event.id, ...event }), {});

  async function killTwice(): Promise<void> {
    for (let deaths = 0; deaths < 2; deaths += 1) {
      await sleep(300);
      await gone(await kill(scene.millrace, 'server'));
      await healthy();
    }
  }

  async function healthy(): Promise<void> {
    for (const giveUpAt = Date.now() + 60_000; ; await sleep(50)) {
      if ((await scene.customer.request('/healthz').catch(() => null))?.status === 200) return;
      assert.ok(Date.now() < giveUpAt, scene.millrace.output());
    }
  }

  async function eventually<T>(read: () => Promise<T>, isRight: (found: T) => boolean): Promise<T> {
    for (const giveUpAt = Date.now() + 60_000; ; await sleep(200)) {
      const found = await read();
      if (isRight(found) || Date.now() > giveUpAt) return found;
    }
  }

  test('flows take each of their steps once', async (t) => {
    const step = await scene.customer.uploadCode(
      `exports.handler = async () => { await new Promise((r) => setTimeout(r, 50)); return { statusCode: 200, body: '{"fine":1}' }; };`,
      NODE,
    );
    const flow = await scene.post<{ id: string }>('/millrace/v1/flows', {
      ...{ name: 'two steps', kind: 'sale_lifecycle', enabled: true, starts: ['sale.created'] },
      nodes: [
        { id: 'a', type: 'start', next: 'b' },
        { id: 'b', type: 'function', function_id: step.id, next: 'c', on_error: null },
        { id: 'c', type: 'wait', delay_s: 1, next: 'd' },
        { id: 'd', type: 'function', function_id: step.id, next: null, on_error: null },
      ],
    });
    const ids = Array.from({ length: 30 }, (_, number) => `flow-${number}`);
    await Promise.all([...ids.map((id) => publish({ notations: ['sale.created'], id })), killTwice()]);
    type FlowRun = { status: string; history: { node_id: string }[] };
    const read = async (): Promise<FlowRun[]> =>
      (await scene.customer.json<{ data: FlowRun[] }>(`/millrace/v1/flow-runs?flow_id=${flow.id}&limit=100`))
        .data;
    const flowRuns = await eventually(
      read,
      (found) => found.length === 30 && found.every(({ status }) => status !== 'going'),
    );
    assert.deepEqual([...new Set(flowRuns.map(({ status }) => status))], ['completed']);
    const runs = await scene.runRows(step);
    const again = runs.filter(({ attempts }) => attempts > 1).length;
    t.diagnostic(`${flowRuns.length} flow runs, ${runs.length} steps, ${again} of them tried again`);
    assert.equal(runs.length, 2 * ids.length);
  });

  test('every event is delivered to its subscriber, under one message id', async (t) => {
    const receiver = await openReceiver();
    try {
      await scene.post('/api/v1/event_subscriptions', {
        ...{ method: 'http', format: 'json', active: true },
        ...{ event_type: 'invoice:paid', destination: `${receiver.url}/told` },
      });
      const ids = Array.from({ length: 60 }, (_, number) => `paid-${number}`);
      await Promise.all([...ids.map((id) => publish({ type: 'invoice:paid', id })), killTwice()]);
      const messages = async (): Promise<Set<unknown>> =>
        new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
      const told = await eventually(messages, (found) => found.size >= ids.length);
      type Delivery = { status: string };
      const waiting = async (): Promise<Delivery[]> =>
        (await scene.customer.json<{ data: Delivery[] }>('/api/v1/events?limit=100')).data.filter(
          ({ status }) => status !== 'delivered',
        );
      assert.deepEqual(await eventually(waiting, (found) => found.length === 0), []);
      t.diagnostic(`${receiver.received.length} requests for ${told.size} messages`);
      assert.equal(told.size, ids.length);
    } finally {
      await receiver.close();
    }
  });

  test('webhooks that are delivered five times run once', async (t) => {
    const fn = await scene.customer.uploadCode(`exports.handler = async () => null;`, NODE);
    const settings = { verification: { scheme: 'standard_webhooks', secrets: [WEBHOOK_SECRET] } };
    const { pathname } = new URL((await scene.addTrigger('webhook', settings, fn)).url);
    const send = (number: number): Promise<Response> => {
      const now = new Date();
      const signature = new Webhook(WEBHOOK_SECRET).sign(`message-${number}`, now, '{}');
      return insist(pathname, '{}', {
        ...{ 'webhook-id': `message-${number}`, 'webhook-signature': signature },
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      });
    };
    const sending: Promise<unknown>[] = [];
    for (let number = 0; number < 60; number += 1)
      for (let times = 0; times < 5; times += 1) sending.push(send(number));
    await Promise.all([...sending, killTwice()]);
    const runs = await eventually(
      () => scene.runRows(fn),
      (found) => found.every(({ status }) => status === 'succeeded'),
    );
    t.diagnostic(`${sending.length} deliveries of 60 messages, ${runs.length} runs`);
    assert.deepEqual([runs.length, [...new Set(runs.map(({ status }) => status))]], [60, ['succeeded']]);
  });

  test('chains of three runs go on to their end, each link once', async (t) => {
    const links = ['subscription:created', 'subscription:modified', 'subscription:completed'];
    const fns = [];
    for (const [at, type] of links.entries()) {
      const fn = await scene.customer.uploadCode(linkCode(scene, links[at + 1]), NODE);
      await scene.customer.settings(fn, { retry: { delays_s: Array.from({ length: 20 }, () => 0.5) } });
      await scene.addTrigger('account_event', { notations: [type] }, fn);
      fns.push(fn);
    }
    const ids = Array.from({ length: 30 }, (_, number) => `chain-${number}`);
    await Promise.all([
      ...ids.map((id) => publish({ type: links[0] as string, id, data: { id } })),
      killTwice(),
    ]);
    for (const fn of fns) {
      const runs = await eventually(
        () => scene.runRows(fn),
        (found) => found.length >= ids.length && found.every(({ status }) => status === 'succeeded'),
      );
      t.diagnostic(`${runs.length} runs, ${runs.filter(({ attempts }) => attempts > 1).length} tried again`);
      assert.deepEqual(
        [runs.length, [...new Set(runs.map(({ status }) => status))]],
        [ids.length, ['succeeded']],
      );
    }
  });
});

/**
 * Publishes the next link's event under an id that every attempt would use, and fails unless that was
 * accepted.
 */
function linkCode(scene: FaultScene, next: string | undefined): string {
  if (next === undefined) return `exports.handler = async () => null;`;
  return `exports.handler = async (event) => {
    const id = JSON.parse(event.body).data.id + '-next';
    const answer = await fetch('${scene.millrace.url}/millrace/v1/events', {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer ${scene.millrace.token}' },
      body: JSON.stringify({ id, item_id: id, type: '${next}', data: { id } }) });
    if (!answer.ok) throw new Error('not accepted: ' + answer.status);
    return null;
  };`;
}
