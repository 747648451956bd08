// Events reach those who subscribed to them: what the console sends, and what a destination gets. Through the
// public port, with real receivers. What becomes of deliveries: deliveries.test.ts.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DOMParser } from '@xmldom/xmldom';
import { Webhook } from 'standardwebhooks';
import { makeAuthority } from '../internet/certificates.ts';
import { openReceiver, type Receiver } from './receivers.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';
import { type EventView, type Json, type Page, Subscriber, type Subscription } from './subscriber.ts';

describe('event subscriptions', { skip: noJails() }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-receivers-'));
  let plain: Receiver;
  let secure: Receiver;
  let resources: Receiver;
  let millrace: Millrace;
  let customer: Subscriber;

  before(async () => {
    chmodSync(folder, 0o755);
    const authority = makeAuthority(folder);
    [plain, secure, resources] = await Promise.all([openReceiver(), openReceiver(authority), openReceiver()]);
    millrace = await startMillrace({
      env: {
        MILLRACE_EGRESS_ALLOW: '127.0.0.0/8,::1/128',
        MILLRACE_EXTRA_CA_CERTS: authority.caFile,
        MILLRACE_RESOURCE_URL: resources.url,
        MILLRACE_RESOURCE_TOKEN: 'the-service-token',
      },
    });
    customer = new Subscriber(millrace);
  });
  after(async () => {
    await millrace?.close();
    await Promise.all([plain, secure, resources].map((receiver) => receiver?.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  test('the console makes, lists, changes and deletes one', async () => {
    const made = await customer.post<Subscription>(
      '/api/v1/event_subscriptions?timezone=UTC&show=event_subscription_id,name,url',
      {
        ...{ method: 'http', format: 'json', active: true, event_type: 'order:created', expand: 'customer' },
        ...{ destination: 'https://hooks.example.com/in', environment_variables: {} },
      },
    );
    assert.deepEqual(Object.keys(made).sort(), ['event_subscription_id', 'url']);
    const read = await customer.json<Subscription>(
      `/api/v1/event_subscriptions/${made.event_subscription_id}`,
    );
    assert.equal(read.format, 'json');
    assert.equal(read.signature_key, null);
    const changed = await customer.post<Subscription>(`${made.url}?timezone=UTC`, {
      ...read,
      ...{ signature_key: 'k', comments: '', environment_variables: { colour: 'red' } },
    });
    assert.deepEqual(
      [changed.signature_key, changed.comments, changed.environment_variables],
      ['k', null, { colour: 'red' }],
    );
    const list = await customer.json<Json & { data: Subscription[] }>(
      '/api/v1/event_subscriptions?timezone=UTC&limit=50&desc=true&sort_by=date_created&active=true&q=hooks.example',
    );
    assert.deepEqual([list.total_items, list.next_page_offset, list.previous_page_offset], [1, null, null]);
    assert.equal('signature_key' in (list.data[0] as Json), false);
    const gone = await customer.request(`${made.url}?timezone=UTC`, { method: 'DELETE' });
    assert.equal(gone.status, 204);
    assert.equal((await customer.request(made.url)).status, 404);
  });

  test('what can not work is refused with the field and the rule', async () => {
    const good = { event_type: 'order:created', destination: plain.url };
    const cases: [Json, RegExp][] = [
      [{ event_type: 'order:create' }, /^event_type: .*near it are .*order:created/],
      [{ destination: 'ftp://host/x' }, /^destination: must be one address/],
      [{ destination: 'https://user:pass@host/x' }, /^destination: must not hold a user name/],
      [{ method: 'email', destination: 'a@b.example, c' }, /^destination: must be e-mail addresses/],
      [{ show: 'a', hide: 'b' }, /^hide: can not be set together with show/],
      [{ expand: 'a b' }, /^expand: must be names/],
      [{ custom_header_name: 'Content-Length' }, /^custom_header_name: can't be/],
      [
        { custom_header_name: 'X-A', custom_header_value: 'a\r\nX-B: c' },
        /^custom_header_value: must be one line/,
      ],
      [{ timezone: 'Mars/Base' }, /timezone must be/],
      [{ environment_variables: { a: 1 } }, /^environment_variables.a: must be text/],
      [
        { destination: `${millrace.url}/func/v1/0123456789012abcdefghi` },
        /^destination: there is no such function/,
      ],
    ];
    for (const [fields, rule] of cases) {
      const { status, message } = await customer.refused('/api/v1/event_subscriptions', {
        ...good,
        ...fields,
      });
      assert.equal(status, 400, message);
      assert.match(message, rule);
    }
  });

  test('an event is posted with its headers and both signatures', async () => {
    const key = `whsec_${Buffer.from('a key of some length').toString('base64')}`;
    const subscription = await customer.subscribe({
      ...{ event_type: 'order:created', destination: `${secure.url}/orders?from=mill`, signature_key: key },
      ...{ http_authorization_username: 'shop', http_authorization_password: 'päss' },
      ...{
        custom_header_name: 'X-Own',
        custom_header_value: 'mine',
        environment_variables: { colour: 'red' },
      },
      ...{ hide: 'items.price', timezone: 'Europe/Berlin' },
    });
    const data = { order_id: 'o1', items: [{ name: 'a', price: 1 }], date_created: '2026-01-02T03:04:05Z' };
    await customer.publish('order:created', data);
    const [request] = await secure.arrived('/orders?from=mill');
    assert.ok(request);
    const { headers, body } = request;
    assert.equal(request.method, 'POST');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers.authorization, `Basic ${Buffer.from('shop:päss').toString('base64')}`);
    assert.equal(headers['x-own'], 'mine');
    assert.equal(headers['x-comecero-signature'], createHmac('sha256', key).update(body).digest('hex'));
    new Webhook(key).verify(body, headers as Record<string, string>);
    const document = JSON.parse(body) as Json;
    const shown = await customer.delivery(subscription, 'delivered');
    assert.equal(document.event_id, shown.event_id);
    assert.equal(headers['webhook-id'], shown.event_id);
    assert.equal(document.type, 'order:created');
    assert.deepEqual(document.environment_variables, { colour: 'red' });
    assert.deepEqual(document.data, {
      ...{ order_id: 'o1', items: [{ name: 'a' }], date_created: '2026-01-02T04:04:05.000+01:00' },
    });
    assert.equal(
      (shown.event_subscription as Json).event_subscription_id,
      subscription.event_subscription_id,
    );
    assert.equal('signature_key' in (shown.event_subscription as Json), false);
    assert.equal(shown.debug, null);
    assert.ok(shown.date_last_delivery_attempt);
    assert.equal(shown.date_next_delivery_attempt, null);
  });

  test('a key of any text signs as its bytes, and without one nothing is signed', async () => {
    await customer.subscribe({
      event_type: 'order:fulfilled',
      destination: `${plain.url}/any`,
      signature_key: 'any text',
    });
    await customer.subscribe({ event_type: 'order:fulfilled', destination: `${plain.url}/none` });
    await customer.publish('order:fulfilled', { order_id: 'o1' });
    const [[signed], [unsigned]] = await Promise.all([plain.arrived('/any'), plain.arrived('/none')]);
    assert.ok(signed && unsigned);
    new Webhook('any text', { format: 'raw' }).verify(signed.body, signed.headers as Record<string, string>);
    assert.equal(unsigned.headers['x-comecero-signature'], undefined);
    assert.equal(unsigned.headers['webhook-signature'], undefined);
    assert.ok(unsigned.headers['webhook-id']);
  });

  test('what names no key is signed with the account’s, where it has one, from the next attempt on', async () => {
    const sign = (key: string | null): Promise<unknown> =>
      customer.post('/api/v1/settings/technical', { signature_key: key });
    await sign('key of the account');
    const event_type = 'invoice:published';
    const own = { event_type, destination: `${plain.url}/own-key`, signature_key: 'its own' };
    const without = await customer.subscribe({ event_type, destination: `${plain.url}/account-key` });
    assert.equal(without.signature_key, null);
    await customer.subscribe(own);
    await customer.publish(event_type, { invoice_id: 'n1' });
    const [[byAccount], [byOwn]] = await Promise.all([
      plain.arrived('/account-key'),
      plain.arrived('/own-key'),
    ]);
    assert.ok(byAccount && byOwn);
    for (const [key, { body, headers }] of [
      ['key of the account', byAccount],
      ['its own', byOwn],
    ] as const) {
      assert.equal(headers['x-comecero-signature'], createHmac('sha256', key).update(body).digest('hex'));
      new Webhook(key, { format: 'raw' }).verify(body, headers as Record<string, string>);
    }
    await sign(null);
    await customer.publish(event_type, { invoice_id: 'n2' });
    const [, unsigned] = await plain.arrived('/account-key', 2);
    assert.equal(unsigned?.headers['x-comecero-signature'], undefined);
  });

  test('what becomes of a subscription is an event itself, without its secrets', async () => {
    const listeners = ['created', 'modified', 'deleted'].map((what) =>
      customer.subscribe({
        event_type: `event_subscription:${what}`,
        destination: `${plain.url}/subscription-${what}`,
      }),
    );
    await Promise.all(listeners);
    const secrets = { signature_key: 'hidden', http_authorization_username: 'u' };
    const one = await customer.subscribe({
      ...{ event_type: 'gateway:created', destination: 'https://hooks.example.com/told' },
      ...{ ...secrets, http_authorization_password: 'hidden', environment_variables: { a: 'hidden' } },
    });
    await customer.post(one.url, { active: false });
    await customer.refused(one.url, { show: 'a', hide: 'b' });
    await customer.request(one.url, { method: 'DELETE' });
    const id = one.event_subscription_id;
    for (const [what, active] of [
      ['created', true],
      ['modified', false],
      ['deleted', false],
    ] as const) {
      const told = await toldOf(`/subscription-${what}`, id);
      assert.deepEqual(
        told.map(({ type, data }) => [type, (data as Json).active, (data as Json).destination]),
        [[`event_subscription:${what}`, active, 'https://hooks.example.com/told']],
      );
      assert.equal(JSON.stringify(told).includes('hidden'), false);
    }
  });

  /** What a receiver got of one subscription, once it was. */
  async function toldOf(where: string, id: string): Promise<Json[]> {
    for (let count = 1; ; count += 1) {
      const documents = (await plain.arrived(where, count)).map(({ body }) => JSON.parse(body) as Json);
      const told = documents.filter(({ data }) => (data as Json).event_subscription_id === id);
      if (told.length > 0) return told;
    }
  }

  test('children come from the event, else from the resource URL, and one out of reach stays a link', async () => {
    resources.answer = ({ path: asked }) =>
      asked === '/payment_methods/m1' ? { status: 200, body: '{"type":"card"}' } : { status: 500 };
    const link = (end: string): string => `${millrace.url}/api/v1/${end}`;
    const subscription = await customer.subscribe({
      event_type: 'payment:completed',
      destination: `${plain.url}/expanded`,
      expand: 'customer,order.payment_method,invoice',
    });
    await customer.publish(
      'payment:completed',
      { customer: link('customers/c1'), order: link('orders/o1'), invoice: link('invoices/n1') },
      { related: { customer: { name: 'Jo' }, order: { payment_method: link('payment_methods/m1') } } },
    );
    const [request] = await plain.arrived('/expanded');
    assert.deepEqual((JSON.parse(request?.body ?? '') as Json).data, {
      customer: { name: 'Jo' },
      order: { payment_method: { type: 'card' } },
      invoice: link('invoices/n1'),
    });
    const [asked] = await resources.arrived('/payment_methods/m1');
    assert.equal(asked?.headers.authorization, 'Bearer the-service-token');
    assert.ok(asked?.headers['x-account-id']);
    const shown = await customer.delivery(subscription, 'delivered');
    assert.equal(shown.debug, 'not expanded: invoice: the resource answered 500');
  });

  test('XML and HTML hold the same, escaped', async () => {
    await customer.subscribe({
      event_type: 'refund:deleted',
      destination: `${plain.url}/xml`,
      format: 'xml',
    });
    await customer.subscribe({
      event_type: 'refund:deleted',
      destination: `${plain.url}/html`,
      format: 'html',
    });
    const text = `<script>alert("&'")</script>\n\u0001 ü \u{1F600}`;
    await customer.publish('refund:deleted', { reason: text, 'not a name': [1, null, true], none: null });
    const [[xml], [html]] = await Promise.all([plain.arrived('/xml'), plain.arrived('/html')]);
    assert.match(xml?.headers['content-type'] ?? '', /^application\/xml/);
    const fatal = (level: string, message: string): void => assert.equal(level, 'warning', message);
    const document = new DOMParser({ onError: fatal }).parseFromString(xml?.body ?? '', 'text/xml');
    const [reason] = document.getElementsByTagName('reason');
    assert.equal(reason?.textContent, text.replace('\u0001', '\uFFFD'));
    assert.equal(document.documentElement?.tagName, 'event');
    const [odd] = [...document.getElementsByTagName('member')];
    assert.equal(odd?.getAttribute('name'), 'not a name');
    assert.deepEqual(
      [...(odd?.childNodes ?? [])].map((item) => item.textContent),
      ['1', '', 'true'],
    );
    assert.match(html?.headers['content-type'] ?? '', /^text\/html/);
    assert.equal(html?.body.includes('<script>'), false);
    assert.ok(html?.body.includes('&#60;script&#62;'));
  });

  test('an inactive subscription gets nothing', async () => {
    await customer.subscribe({
      event_type: 'shipment:modified',
      destination: `${plain.url}/inactive`,
      active: false,
    });
    const other = await customer.subscribe({
      event_type: 'shipment:modified',
      destination: `${plain.url}/active`,
    });
    await customer.publish('shipment:modified', { shipment_id: 's1' });
    await customer.delivery(other, 'delivered');
    assert.equal(
      plain.received.some((request) => request.path === '/inactive'),
      false,
    );
  });

  test('events are listed page by page, both ways', async () => {
    const subscription = await customer.subscribe({
      event_type: 'product:created',
      destination: `${plain.url}/pages`,
    });
    for (const item of ['a', 'b', 'c']) await customer.publish('product:created', { product_id: item });
    await plain.arrived('/pages', 3);
    await customer.delivery(subscription, 'delivered');
    const base = `/api/v1/events?timezone=UTC&limit=2&desc=true&sort_by=date_created&event_subscription_id=${subscription.event_subscription_id}`;
    const first = await customer.json<Page>(base);
    assert.deepEqual([first.data.length, first.previous_page_before_item], [2, null]);
    const second = await customer.json<Page>(`${base}&after_item=${first.next_page_after_item}`);
    assert.deepEqual([second.data.length, second.next_page_after_item], [1, null]);
    const back = await customer.json<Page>(`${base}&before_item=${second.previous_page_before_item}`);
    assert.deepEqual(
      back.data.map((one) => one.event_id),
      first.data.map((one) => one.event_id),
    );
    assert.equal(back.previous_page_before_item, null);
    const none = await customer.json<Page>(`${base}&status=failed`);
    assert.deepEqual(none.data, []);
  });

  test('a token without the permission is refused, and one that reads events alone sees no subscription', async () => {
    const { token } = await customer.post<{ token: string }>('/api/v1/auths/secret', {
      permissions: [{ resource: 'events', methods: ['read'] }],
    });
    const reader = new Subscriber(millrace, token);
    const [one] = (await customer.json<Page>('/api/v1/events?limit=1')).data;
    assert.ok(one);
    const shown = await reader.json<EventView>(`${one.url}?expand=event_subscription`);
    assert.match(String(shown.event_subscription), /^http.*\/api\/v1\/event_subscriptions\//);
    assert.equal((await reader.request('/api/v1/event_subscriptions')).status, 403);
    assert.equal((await reader.request(`${one.url}/retry`, { method: 'POST' })).status, 403);
  });

  test('a template is sent on request, and what came back is the answer', async () => {
    const template = await customer.post<Json>('/api/v1/event_test_templates?timezone=UTC', {
      ...{ event_test_template_id: 'my-order', name: 'An order', event_type: 'order:created' },
      payload: { order_id: 'test' },
    });
    assert.equal(template.event_test_template_id, 'my-order');
    const again = await customer.refused('/api/v1/event_test_templates', { ...template, name: 'Another' });
    assert.equal(again.status, 409);
    const list = await customer.json<{ data: Json[] }>(
      '/api/v1/event_test_templates?event_type=order:created&show=event_test_template_id,name&event_expand=',
    );
    assert.deepEqual(list.data, [{ event_test_template_id: 'my-order', name: 'An order' }]);
    const changed = await customer.post<Json>('/api/v1/event_test_templates/my-order', {
      ...template,
      public: true,
    });
    assert.equal(changed.public, true);
    const subscription = await customer.subscribe({
      event_type: 'order:created',
      destination: `${plain.url}/test`,
    });
    plain.answer = () => ({ status: 201, body: '{"taken":true}' });
    const taken = await customer.post<Json>(`${subscription.url}/test/my-order?timezone=UTC`, {});
    assert.deepEqual([taken.status_code, taken.body], [201, { taken: true }]);
    const [request] = await plain.arrived('/test');
    assert.deepEqual((JSON.parse(request?.body ?? '') as Json).data, { order_id: 'test' });
    plain.answer = () => ({ status: 500, body: 'broken' });
    const failed = await customer.refused(`${subscription.url}/test/my-order?timezone=UTC`, {});
    assert.deepEqual(failed, { status: 502, message: 'the destination answered 500: broken' });
    plain.answer = () => ({ status: 200 });
  });
});
