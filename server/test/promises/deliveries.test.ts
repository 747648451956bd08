// What becomes of an event that is on its way to a subscriber: failures, time limits, mail, functions of
// ours, the death of everything in the middle. Through the public port, with real receivers.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Authority, makeAuthority } from '../internet/certificates.ts';
import type { RunView } from './customer.ts';
import { type MailReceiver, openMailReceiver, openReceiver, type Receiver } from './receivers.ts';
import { processOf } from './remains.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';
import { type EventView, type Json, PATIENCE_MS, type Page, Subscriber } from './subscriber.ts';

describe('deliveries', { skip: noJails() }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-receivers-'));
  const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-data-'));
  let authority: Authority;
  let plain: Receiver;
  let mail: MailReceiver;
  let millrace: Millrace;
  let customer: Subscriber;

  async function start(): Promise<void> {
    millrace = await startMillrace({
      dataDir,
      env: {
        MILLRACE_EGRESS_ALLOW: '127.0.0.0/8,::1/128',
        MILLRACE_EXTRA_CA_CERTS: authority.caFile,
        MILLRACE_DELIVERY_TIMEOUT_MS: '2000',
        MILLRACE_SMTP_URL: `smtps://mill:p%40ss@localhost:${mail.port}`,
        MILLRACE_MAIL_FROM: 'Shop <events@shop.example>',
      },
    });
    customer = new Subscriber(millrace);
  }

  before(async () => {
    chmodSync(folder, 0o755);
    authority = makeAuthority(folder);
    plain = await openReceiver();
    mail = await openMailReceiver(authority, { user: 'mill', password: 'p@ss', secure: true });
    await start();
  });
  after(async () => {
    await millrace?.stop();
    await Promise.all([plain, mail].map((receiver) => receiver?.close()));
    for (const made of [folder, dataDir]) rmSync(made, { recursive: true, force: true });
  });

  test('a failure is tried again by itself, and told meanwhile', async () => {
    let calls = 0;
    plain.answer = ({ path: asked }) =>
      asked === '/flaky' && ++calls === 1 ? { status: 503, body: 'not now' } : { status: 204 };
    const subscription = await customer.subscribe({
      event_type: 'order:licenses_assigned',
      destination: `${plain.url}/flaky`,
    });
    await customer.publish('order:licenses_assigned', { order_id: 'o1' });
    const waiting = await customer.delivery(subscription, 'retry');
    assert.equal(waiting.debug, 'the destination answered 503: not now');
    const waitMs = Date.parse(String(waiting.date_next_delivery_attempt)) - Date.now();
    assert.ok(waitMs > 0 && waitMs < 6_000, `${waitMs}`);
    const [first, second] = await plain.arrived('/flaky', 2);
    assert.equal(first?.body, second?.body);
    assert.equal(first?.headers['webhook-id'], second?.headers['webhook-id']);
    await customer.delivery(subscription, 'delivered');
  });

  test('redirects are not followed, 410 is final, and an event is sent again on request', async () => {
    plain.answer = ({ path: asked }) =>
      asked === '/moved' ? { status: 302, headers: { location: `${plain.url}/elsewhere` } } : { status: 410 };
    const moved = await customer.subscribe({
      event_type: 'shipment:created',
      destination: `${plain.url}/moved`,
    });
    const gone = await customer.subscribe({
      event_type: 'shipment:created',
      destination: `${plain.url}/gone`,
    });
    await customer.publish('shipment:created', { shipment_id: 's1' });
    assert.match(
      String((await customer.delivery(moved, 'retry')).debug),
      /302 \(redirects are not followed\)/,
    );
    const failed = await customer.delivery(gone, 'failed');
    assert.equal(
      plain.received.some((request) => request.path === '/elsewhere'),
      false,
    );
    plain.answer = () => ({ status: 200 });
    const again = await customer.post<EventView>(`${failed.url}/retry?timezone=UTC`);
    assert.equal(again.status, 'queued');
    await customer.delivery(gone, 'delivered');
    assert.equal((await plain.arrived('/gone', 2)).length, 2);
  });

  test('a destination that does not answer is given up after the time limit', async () => {
    plain.answer = () => 'never';
    const subscription = await customer.subscribe({
      event_type: 'shipment:deleted',
      destination: `${plain.url}/silent`,
    });
    await customer.publish('shipment:deleted', { shipment_id: 's1' });
    assert.match(
      String((await customer.delivery(subscription, 'retry')).debug),
      /no whole answer within 2000 ms/,
    );
    plain.answer = () => ({ status: 200 });
  });

  test('an event goes out by mail, over TLS with the password, one copy a recipient', async () => {
    const subscription = await customer.subscribe({
      ...{ event_type: 'invoice:paid', method: 'email', format: 'html' },
      destination: 'a@shop.example, nobody@shop.example,b@shop.example',
    });
    await customer.publish('invoice:paid', { invoice_id: 'n1', note: '<b>' });
    const [one] = await mail.arrived(1);
    assert.deepEqual(one?.to, ['a@shop.example', 'b@shop.example']);
    assert.equal(one?.isEncrypted, true);
    assert.equal(one?.user, 'mill');
    assert.match(one?.text ?? '', /^From: Shop <events@shop.example>\r$/m);
    assert.match(one?.text ?? '', /^Subject: Event invoice:paid\r$/m);
    assert.match(one?.text ?? '', /&#60;b&#62;/);
    const shown = await customer.delivery(subscription, 'delivered');
    assert.equal(shown.debug, 'refused by the mail server: nobody@shop.example');
  });

  test('a private address is not reached, however it is written', async () => {
    const hidden = 'http://[::ffff:10.1.2.3]:8080/';
    const subscription = await customer.subscribe({ event_type: 'user:created', destination: hidden });
    await customer.publish('user:created', { user_id: 'u1' });
    const shown = await customer.delivery(subscription, 'retry');
    assert.match(String(shown.debug), /leads into a private network, which is not allowed here/);
  });

  test('the mail of an account goes by its own profile, whose password is never shown', async () => {
    const own = await openMailReceiver(authority, { user: 'own', password: 'secret', secure: false });
    try {
      const profile = await customer.post<Json & { id: string }>('/millrace/v1/smtp_profiles', {
        ...{ name: 'own', host: 'localhost', port: own.port, security: 'starttls', is_default: true },
        ...{ username: 'own', password: 'secret', sender: 'own@shop.example' },
      });
      assert.equal('password' in profile, false);
      await customer.subscribe({
        event_type: 'user:modified',
        method: 'email',
        destination: 'a@shop.example',
        format: 'xml',
      });
      await customer.publish('user:modified', { user_id: 'u1' });
      const [one] = await own.arrived(1);
      assert.deepEqual([one?.from, one?.isEncrypted, one?.user], ['own@shop.example', true, 'own']);
      assert.match(one?.text ?? '', /filename=event.xml/);
      const gone = await customer.request(`/millrace/v1/smtp_profiles/${profile.id}`, { method: 'DELETE' });
      assert.equal(gone.status, 200);
    } finally {
      await own.close();
    }
  });

  test('a function of the same account gets the event as a run, without a token', async () => {
    const fn = await customer.uploadCode(
      `exports.handler = async ({ body, headers, path }) => {
        const { data, type } = JSON.parse(body);
        console.log(JSON.stringify({ data, type, path, signed: 'X-Comecero-Signature' in headers, own: headers['X-Own'] }));
        return { statusCode: data.fails ? 500 : 200, body: null };
      };`,
    );
    const fields = { signature_key: 'k', custom_header_name: 'X-Own', custom_header_value: 'v' };
    const subscription = await customer.subscribe({
      event_type: 'cart:payment_completed',
      // Many destinations bear one still, which nobody who reads runs may find.
      destination: `${fn.invokeUrl}?a=1&token=secret.live.x`,
      ...fields,
    });
    await customer.publish('cart:payment_completed', { cart_id: 'c1' });
    await customer.delivery(subscription, 'delivered');
    const { data: runs } = await customer.json<{ data: RunView[] }>(`/millrace/v1/runs?function_id=${fn.id}`);
    assert.deepEqual(
      runs.map((run) => run.status),
      ['succeeded'],
    );
    const input = await customer.json<Json>(`/millrace/v1/runs/${runs[0]?.id}/input`);
    assert.equal((input.request as Json).query, 'a=1');
    // The log is written behind the run's end.
    let line: string | undefined;
    for (const giveUpAt = Date.now() + PATIENCE_MS; line === undefined; ) {
      assert.ok(Date.now() < giveUpAt, 'the log is not there');
      line = (await customer.logOf(runs[0] as RunView)).find((text) => text.includes('cart_id'));
    }
    assert.deepEqual(JSON.parse(line.slice(line.indexOf('{'))), {
      ...{
        data: { cart_id: 'c1' },
        type: 'cart:payment_completed',
        path: `/func/v1/${fn.id}`,
        signed: true,
        own: 'v',
      },
    });
    const failing = await customer.subscribe({ event_type: 'account:modified', destination: fn.invokeUrl });
    await customer.publish('account:modified', { fails: true });
    assert.match(
      String((await customer.delivery(failing, 'retry')).debug),
      /^the run .* ended as failed: .*status 500/,
    );
    const template = { name: 'c', event_type: 'cart:payment_completed', payload: { cart_id: 'test' } };
    const { event_test_template_id: id } = await customer.post<Json>(
      '/api/v1/event_test_templates',
      template,
    );
    const tested = await customer.post<Json>(`${subscription.url}/test/${id}`, {});
    assert.equal(tested.status_code, 200);
    assert.ok(tested.run_id);
  });

  test('a function of the other mode is no destination', async () => {
    const { token } = await customer.post<{ token: string }>('/api/v1/auths/trusted?test=true');
    const tester = new Subscriber(millrace, token);
    const fn = await tester.uploadCode('exports.handler = async () => ({ statusCode: 200 });');
    const { status, message } = await customer.refused('/api/v1/event_subscriptions', {
      event_type: 'order:created',
      destination: fn.invokeUrl,
    });
    assert.equal(status, 400);
    assert.match(message, /^destination: there is no such function/);
  });

  test('an accepted event is delivered although everything is killed while it is on its way', async () => {
    const count = 40;
    await customer.subscribe({ event_type: 'gateway:created', destination: `${plain.url}/in` });
    plain.answer = () => 'never';
    const events = Array.from({ length: count }, (_, index) => ({
      ...{
        id: `e${index}`,
        type: 'gateway:created',
        item_id: `g${index}`,
        data: { gateway_id: `g${index}` },
      },
    }));
    await customer.post('/millrace/v1/events', events);
    await plain.arrived('/in');
    const server = processOf(millrace, 'serve');
    process.kill(millrace.pid, 'SIGKILL');
    process.kill(server, 'SIGKILL');
    await millrace.ended;
    plain.answer = () => ({ status: 200 });
    await start();
    const delivered = async (): Promise<number> =>
      (await customer.json<Page>('/api/v1/events?limit=100&status=delivered&type=gateway:created')).data
        .length;
    for (const giveUpAt = Date.now() + PATIENCE_MS; (await delivered()) < count; ) {
      assert.ok(Date.now() < giveUpAt, `${await delivered()} of ${count} are delivered`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const taken = plain.received.filter((request) => request.path === '/in');
    const gateways = taken.map((request) => (JSON.parse(request.body) as { data: Json }).data.gateway_id);
    assert.equal(new Set(gateways).size, count);
  });
});
