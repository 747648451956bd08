// Event subscriptions and deliveries by Millrace's own API: plain documents signed by Standard Webhooks,
// secrets that are never shown, deliveries that are sent again. Through the public port, with real receivers.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { type Json, OwnCustomer } from './own-customer.ts';
import { openReceiver, type Receiver } from './receivers.ts';
import { makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Subscription = Json & { id: string };
type Delivery = Json & { id: string; status: string };
type Page<T> = { data: T[]; next: string | null };

const KEY = `whsec_${Buffer.from('a key of some length').toString('base64')}`;

describe('a subscription of the own API', { skip: noJails() }, () => {
  let receiver: Receiver;
  let millrace: Millrace;
  let customer: OwnCustomer;

  before(async () => {
    receiver = await openReceiver();
    millrace = await startMillrace({ env: { MILLRACE_EGRESS_ALLOW: '127.0.0.0/8,::1/128' } });
    customer = new OwnCustomer(millrace);
  });
  after(async () => {
    await millrace?.close();
    await receiver?.close();
  });

  const subscribe = (fields: Json): Promise<Subscription> =>
    customer.v1<Subscription>('POST', '/subscriptions', { event_type: 'order:created', ...fields }, 201);
  const publish = (data: Json): Promise<Json> =>
    customer.v1('POST', '/events', { type: 'order:created', item_id: 'o1', data }, 202);
  const deliveriesOf = async ({ id }: Subscription): Promise<Delivery[]> =>
    (await customer.v1<Page<Delivery>>('GET', `/deliveries?subscription_id=${id}`)).data;
  const deliveredTo = async (to: Subscription): Promise<Delivery> => {
    const [one] = await customer.until(
      () => deliveriesOf(to),
      ([first]) => first?.status === 'delivered',
    );
    return one as Delivery;
  };
  const remove = ({ id }: Subscription) => customer.v1('DELETE', `/subscriptions/${id}`, undefined, 204);

  test('gets a plain document that is signed, and shows no secret', async () => {
    const made = await subscribe({
      ...{ destination: `${receiver.url}/plain`, signing_key: KEY, variables: { colour: 'red' } },
      ...{
        basic_auth: { username: 'ann', password: 'hidden-1' },
        header: { name: 'X-Shop', value: 'hidden-2' },
      },
    });
    const path = `/subscriptions/${made.id}`;
    const texts = [JSON.stringify(made), JSON.stringify(await customer.v1('GET', path))];
    for (const secret of [KEY, 'hidden-1', 'hidden-2', 'red'])
      assert.ok(
        texts.every((text) => !text.includes(secret)),
        secret,
      );
    assert.deepEqual(
      [made.shape, made.basic_auth, made.header],
      ['plain', { username: 'ann' }, { name: 'X-Shop' }],
    );
    await publish({ total: 7 });
    const delivery = await deliveredTo(made);
    const got = receiver.received.find(({ path: at }) => at === '/plain');
    assert.ok(got !== undefined);
    const document = new Webhook(KEY).verify(got.body, got.headers as Record<string, string>) as Json;
    assert.deepEqual(
      [
        document.id,
        document.type,
        document.data,
        document.event_id,
        document.subscription_id,
        document.variables,
      ],
      [delivery.id, 'order:created', { total: 7 }, delivery.event_id, made.id, { colour: 'red' }],
    );
    assert.equal(got.headers['x-shop'], 'hidden-2');
    assert.deepEqual(
      Object.keys(got.headers).filter((name) => /signature/.test(name)),
      ['webhook-signature'],
    );
    const again = await customer.v1<Delivery>('POST', `/deliveries/${delivery.id}/retry`);
    assert.equal(again.id, delivery.id);
    await customer.until(
      async () => receiver.received.filter(({ path: at }) => at === '/plain').length,
      (count) => count === 2,
    );
    await deliveredTo(made);
    await remove(made);
    assert.equal((await customer.v1<Page<Delivery>>('GET', '/deliveries?status=failed')).data.length, 0);
  });

  test('keeps its secrets when it is changed, and loses them at another place', async () => {
    const made = await subscribe({ destination: `${receiver.url}/kept`, signing_key: KEY });
    const path = `/subscriptions/${made.id}`;
    const off = await customer.v1<Subscription>('PATCH', path, {
      ...made,
      enabled: false,
      description: 'off',
    });
    assert.deepEqual([off.enabled, off.description], [false, 'off']);
    const elsewhere = { destination: 'https://elsewhere.example/' };
    assert.equal((await customer.refused('PATCH', path, elsewhere)).error.field, 'signing_key');
    const moved = await customer.v1<Subscription>('PATCH', path, { ...elsewhere, signing_key: null });
    assert.equal(moved.destination, elsewhere.destination);
    await customer.v1('PATCH', path, {
      destination: `${receiver.url}/kept`,
      enabled: true,
      signing_key: KEY,
    });
    const tested = await customer.v1('POST', `${path}/test`, { data: { n: 1 } });
    assert.deepEqual([tested.delivered, tested.status, tested.problem], [true, 200, null]);
    const got = receiver.received.find(({ path: at }) => at === '/kept');
    new Webhook(KEY).verify(got?.body ?? '', got?.headers as Record<string, string>);
    await remove(made);
    await customer.v1('GET', path, undefined, 404);
  });

  test('signs by two keys while the receiver changes from one to the other', async () => {
    const newer = `whsec_${Buffer.from('another key of a length').toString('base64')}`;
    const made = await subscribe({ destination: `${receiver.url}/turned`, signing_key: KEY });
    const path = `/subscriptions/${made.id}`;
    /** Which of the keys the next message is signed by. */
    const signers = async (): Promise<string[]> => {
      await customer.v1('POST', `${path}/test`, { data: { n: 1 } });
      const got = receiver.received.filter(({ path: at }) => at === '/turned').at(-1);
      return [KEY, newer].filter((key) => {
        try {
          new Webhook(key).verify(got?.body ?? '', got?.headers as Record<string, string>);
          return true;
        } catch {
          return false;
        }
      });
    };
    assert.deepEqual(await signers(), [KEY]);
    const both = await customer.v1('PATCH', path, { signing_key: newer, former_signing_key: KEY });
    assert.ok(!JSON.stringify(both).includes(KEY));
    assert.deepEqual(await signers(), [KEY, newer]);
    await customer.v1('PATCH', path, { former_signing_key: null });
    assert.deepEqual(await signers(), [newer]);
    await remove(made);
  });

  test('is refused with the field, listed in pages, and of its account alone', async () => {
    const url = 'https://hooks.example/';
    for (const [fields, field] of [
      [{ event_type: 'no.such.thing.ever', destination: url }, 'event_type'],
      [{ event_type: 'order:created', destination: 'ftp://a.example/' }, 'destination'],
      [{ event_type: 'order:created', destination: 'a@b.example', method: 'fax' }, 'method'],
      [
        { event_type: 'order:created', destination: url, header: { name: 'Host', value: 'x' } },
        'header.name',
      ],
      [
        { event_type: 'order:created', destination: url, basic_auth: { username: 'a:b', password: 'c' } },
        'basic_auth.username',
      ],
      [{ event_type: 'order:created' }, 'destination'],
      [{ event_type: 'order:created', destination: url, show: 'id' }, 'show'],
    ] as const)
      assert.equal((await customer.refused('POST', '/subscriptions', fields)).error.field, field);
    const made = [await subscribe({ destination: url }), await subscribe({ destination: url })];
    const first = await customer.v1<Page<Subscription>>('GET', '/subscriptions?limit=1');
    assert.deepEqual(
      first.data.map(({ id }) => id),
      [made[1]?.id],
    );
    const rest = await customer.v1<Page<Subscription>>('GET', `/subscriptions?after=${first.next}`);
    assert.deepEqual(
      rest.data.map(({ id }) => id),
      [made[0]?.id],
    );
    const second = new OwnCustomer(millrace, (await makeSecondAccount(millrace)).token);
    assert.deepEqual((await second.v1<Page<Subscription>>('GET', '/subscriptions')).data, []);
    await second.v1('GET', `/subscriptions/${made[0]?.id}`, undefined, 404);
    for (const one of made) await remove(one);
  });
});
