// What senders and callers of webhooks and function URLs get, and what their functions see: through the
// public port, with real jails, signed by the packages that the senders publish.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { sign as signGithub } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import type { RunView } from './customer.ts';
import { noJails } from './start-millrace.ts';
import {
  addTrigger,
  customer,
  errorOf,
  FAR_OFF,
  here,
  type Message,
  millrace,
  openTriggerScene,
  post,
  runBehind,
  runCount,
  send,
  statusIs,
  type TriggerView,
  teller,
  toldIn,
} from './trigger-scene.ts';

const skip = noJails();

before(async () => {
  if (skip === false) await openTriggerScene();
});
after(() => millrace?.close());

describe('a webhook', { skip }, () => {
  test('answers 200 OK with the static body, and runs the function with what was posted', async () => {
    const hook = await addTrigger({ kind: 'webhook', name: 'orders' });
    assert.match(hook.url, /^http:\/\/localhost:\d+\/hook\/[0-9a-f-]{36}$/);
    const body = '<order id="7">ü</order>\r\n';
    const headers = { 'Content-Type': 'application/xml', 'X-Shop': 'one' };
    const answer = await fetch(`${here(hook)}?a=1&b=2`, { method: 'POST', headers, body });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(await answer.clone().text(), '{"result":"OK"}');
    const run = await runBehind(answer);
    assert.equal(run.status, 'succeeded');
    const told = await toldIn(run);
    assert.equal(told.body, body);
    assert.equal(told.httpMethod, 'POST');
    assert.deepEqual(told.queryStringParameters, { a: '1', b: '2' });
    assert.equal(
      (told.headers as Record<string, string>)['x-shop'] ??
        (told.headers as Record<string, string>)['X-Shop'],
      'one',
    );
  });

  test('hands over what the sender shows to say who he is', async () => {
    const hook = await addTrigger({ kind: 'webhook' });
    const headers = { authorization: 'Bearer sender-secret' };
    const told = await toldIn(await runBehind(await send(hook, { headers })));
    assert.equal((told.headers as Record<string, string>).authorization, 'Bearer sender-secret');
  });

  test('keeps bytes that are no text', async () => {
    const hook = await addTrigger({ kind: 'webhook' });
    const bytes = new Uint8Array([0, 255, 10, 13, 128]);
    const told = await toldIn(await runBehind(await send(hook, { body: bytes })));
    assert.deepEqual([told.body, told.isBase64Encoded], [Buffer.from(bytes).toString('base64'), true]);
  });

  test('takes POST only, and says so', async () => {
    const hook = await addTrigger({ kind: 'webhook' });
    for (const method of ['GET', 'PUT', 'DELETE', 'HEAD']) {
      const answer = await send(hook, { method });
      assert.equal(answer.status, 405, method);
      assert.match(answer.headers.get('allow') ?? '', /POST/);
    }
    const options = await send(hook, { method: 'OPTIONS' });
    assert.deepEqual([options.status, options.headers.get('access-control-allow-origin')], [204, null]);
  });

  test('is 404 at an address that is nobody’s, or not a UUID', async () => {
    for (const address of ['00000000-0000-4000-8000-000000000000', 'nonsense']) {
      const answer = await fetch(`${millrace.url}/hook/${address}`, { method: 'POST', body: 'x' });
      assert.equal(answer.status, 404);
      assert.match((await errorOf(answer)).reference, /^\w{7}$/);
    }
  });

  test('whose function or trigger is paused accepts and holds what comes', async () => {
    const hook = await addTrigger({ kind: 'webhook' });
    await customer.json(`/millrace/v1/triggers/${hook.id}/pause`, { method: 'POST' });
    const answer = await send(hook);
    assert.equal(answer.status, 200);
    const id = answer.headers.get('x-run-id');
    assert.equal((await customer.json<RunView>(`/millrace/v1/runs/${id}`)).status, 'queued');
    await customer.json(`/millrace/v1/triggers/${hook.id}/resume`, { method: 'POST' });
    assert.equal((await runBehind(answer)).status, 'succeeded');
  });

  test('that is switched off refuses, and takes messages again once it is on', async () => {
    const hook = await addTrigger({ kind: 'webhook' });
    assert.equal((await send(hook)).status, 200);
    const change = async (enabled: boolean) => {
      const { init } = post('', { enabled });
      await customer.json(`/millrace/v1/triggers/${hook.id}`, { ...init, method: 'PATCH' });
    };
    await change(false);
    await statusIs(hook, 403);
    await change(true);
    await statusIs(hook, 200);
  });

  test('whose address is renewed is at the new one and no more at the old one', async () => {
    const hook = await addTrigger({ kind: 'webhook' });
    assert.equal((await send(hook)).status, 200);
    const renewed = await customer.json<TriggerView>(`/millrace/v1/triggers/${hook.id}/renew-address`, {
      method: 'POST',
    });
    assert.notEqual(renewed.url, hook.url);
    await statusIs(renewed, 200);
    await statusIs(hook, 404);
  });

  test('takes a message that its owner sends in the place of its sender, of every scheme', async () => {
    const secrets = {
      standard_webhooks: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      stripe: 'whsec_of_an_endpoint_of_stripe',
      ...{ shopify: 'secret of an app', github: 'secret of a hook', slack: 'signing secret' },
    };
    for (const [scheme, secret] of Object.entries(secrets)) {
      const verification = { scheme, secrets: [secret] };
      const allowed_ips = ['198.51.100.0/24'];
      const hook = await addTrigger({ kind: 'webhook', settings: { verification, allowed_ips } });
      const { path, init } = post(`/millrace/v1/triggers/${hook.id}/test-message`, { body: '{"scheme":1}' });
      const sent = await customer.json<{ run_id: string; answer: unknown; headers: object }>(path, init);
      assert.deepEqual(sent.answer, { result: 'OK' });
      assert.ok(Object.values(sent.headers).includes('****'), JSON.stringify(sent.headers));
      const run = await runBehind(new Response(null, { headers: { 'x-run-id': sent.run_id } }));
      const told = await toldIn(run);
      assert.deepEqual(
        [run.status, told.body, told.httpMethod],
        ['succeeded', '{"scheme":1}', 'POST'],
        scheme,
      );
    }
    const url = await addTrigger({ kind: 'function_url' });
    const { path, init } = post(`/millrace/v1/triggers/${url.id}/test-message`, {});
    assert.equal((await customer.request(path, init)).status, 422);
  });

  test('with a delay runs that much later', async () => {
    const hook = await addTrigger({ kind: 'webhook', delay_ms: 1_500 });
    const answer = await send(hook);
    const run = (await runBehind(answer)) as RunView & { created_at: string; started_at: string };
    assert.ok(Date.parse(run.started_at) - Date.parse(run.created_at) >= 1_490);
  });

  test('with an allow-list refuses others with 403, and believes a named proxy about who they are', async () => {
    const hook = await addTrigger({ kind: 'webhook', settings: { allowed_ips: ['198.51.100.0/24'] } });
    const own = await send(hook);
    assert.equal(own.status, 403);
    assert.equal((await errorOf(own)).code, 'ip_not_allowed');
    const proxied = (forwarded: string) => send(hook, { headers: { 'x-forwarded-for': forwarded } });
    assert.equal((await proxied(FAR_OFF)).status, 200);
    assert.equal((await proxied(`10.0.0.1, ${FAR_OFF}`)).status, 200);
    // The rightmost address that is no proxy counts: what stands before it anybody can write.
    assert.equal((await proxied(`${FAR_OFF}, 10.0.0.1`)).status, 403);
    assert.equal((await proxied('unknown')).status, 403);
  });
});

const SECRETS = {
  standard_webhooks: `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
  stripe: 'whsec_of_the_endpoint',
  github: 'github-secret',
  shopify: 'shopify-secret',
  slack: 'slack-secret',
};
type Scheme = keyof typeof SECRETS;

/** As the sender does, with an id of its own; `again` gives a repetition as the sender would send it. */
async function signed(scheme: Scheme, id: string, secret = SECRETS[scheme]): Promise<Required<Message>> {
  const body = JSON.stringify({ id: `evt_${id}`, event_id: `Ev${id}`, type: 'event_callback' });
  const nowS = Math.floor(Date.now() / 1000);
  const hmac = (text: string) => createHmac('sha256', secret).update(text);
  const headers = {
    standard_webhooks: async () => ({
      'webhook-id': `msg_${id}`,
      'webhook-timestamp': String(nowS),
      'webhook-signature': new Webhook(secret).sign(`msg_${id}`, new Date(nowS * 1000), body),
    }),
    stripe: async () => ({
      'stripe-signature': new Stripe('sk_test_x').webhooks.generateTestHeaderString({
        payload: body,
        secret,
      }),
    }),
    github: async () => ({
      ...{ 'x-github-delivery': `delivery-${id}`, 'x-hub-signature-256': await signGithub(secret, body) },
    }),
    shopify: async () => ({
      ...{ 'x-shopify-webhook-id': `hook-${id}`, 'x-shopify-hmac-sha256': hmac(body).digest('base64') },
    }),
    slack: async () => ({
      'x-slack-request-timestamp': String(nowS),
      'x-slack-signature': `v0=${hmac(`v0:${nowS}:${body}`).digest('hex')}`,
    }),
  }[scheme];
  return { method: 'POST', body, headers: { 'content-type': 'application/json', ...(await headers()) } };
}

const addVerified = (scheme: Scheme, secrets: string[] = [SECRETS[scheme]]): Promise<TriggerView> =>
  addTrigger({ kind: 'webhook', settings: { verification: { scheme, secrets } } });

for (const scheme of Object.keys(SECRETS) as Scheme[]) {
  describe(`a webhook that is verified as ${scheme}`, { skip }, () => {
    test('runs a signed message once, however often it is delivered', async () => {
      const hook = await addVerified(scheme);
      const before = await runCount();
      const message = await signed(scheme, '1');
      const first = await send(hook, message);
      assert.equal((await runBehind(first)).status, 'succeeded');
      for (const again of [message, await signed(scheme, '1')]) {
        const answer = await send(hook, again);
        assert.deepEqual([answer.status, await answer.text()], [200, '{"result":"OK"}']);
      }
      const atOnce = await Promise.all(
        [1, 2, 3, 4, 5, 6].map(async () => send(hook, await signed(scheme, '2'))),
      );
      assert.deepEqual(new Set(atOnce.map((answer) => answer.status)), new Set([200]));
      assert.equal((await runCount()) - before, 2);
    });

    test('refuses an unsigned or wrongly signed one with 401, and no code runs', async () => {
      const hook = await addVerified(scheme);
      const before = await runCount();
      const wrong =
        scheme === 'standard_webhooks' ? `whsec_${Buffer.alloc(32).toString('base64')}` : 'whsec_wrong';
      for (const message of [
        {},
        { ...(await signed(scheme, '3')), body: '{}' },
        await signed(scheme, '3', wrong),
      ]) {
        const answer = await send(hook, message);
        assert.equal(answer.status, 401);
        const { code, message: text, reference } = await errorOf(answer);
        assert.equal(code, 'unauthorized');
        assert.ok(text.includes(scheme));
        assert.match(reference, /^\w{7}$/);
      }
      assert.equal(await runCount(), before);
    });

    test('never shows its secret', async () => {
      const hook = await addVerified(scheme);
      const shown = await (await customer.request(`/millrace/v1/triggers/${hook.id}`)).text();
      assert.ok(shown.includes(`"scheme":"${scheme}"`));
      assert.ok(!shown.includes(SECRETS[scheme]));
    });
  });
}

describe('a verified webhook', { skip }, () => {
  test('takes both secrets while they are being changed, and keeps them when other settings change', async () => {
    const hook = await addVerified('github', ['the-old-secret', 'the-new-secret']);
    assert.equal((await send(hook, await signed('github', 'a', 'the-old-secret'))).status, 200);
    assert.equal((await send(hook, await signed('github', 'b', 'the-new-secret'))).status, 200);
    const patch = async (settings: unknown) => {
      const { init } = post('', { settings });
      await customer.json(`/millrace/v1/triggers/${hook.id}`, { ...init, method: 'PATCH' });
    };
    await patch({ verification: { scheme: 'github', replay_window_s: 60 } });
    assert.equal((await send(hook, await signed('github', 'c', 'the-old-secret'))).status, 200);
    await patch({ verification: { scheme: 'github', secrets: ['the-new-secret'] } });
    const oldIsTaken = async (id: string): Promise<boolean> =>
      (await send(hook, await signed('github', id, 'the-old-secret'))).status !== 401;
    const giveUpAt = Date.now() + 20_000;
    for (let n = 0; await oldIsTaken(`d${n}`); n += 1) assert.ok(Date.now() < giveUpAt, `${n} were taken`);
    assert.equal((await send(hook, await signed('github', 'e', 'the-new-secret'))).status, 200);
  });

  test('answers Slack’s challenge, and runs nothing for it', async () => {
    const hook = await addVerified('slack');
    const before = await runCount();
    const body = JSON.stringify({ token: 'x', type: 'url_verification', challenge: 'abc' });
    const time = String(Math.floor(Date.now() / 1000));
    const signature = `v0=${createHmac('sha256', SECRETS.slack).update(`v0:${time}:${body}`).digest('hex')}`;
    const headers = { 'x-slack-request-timestamp': time, 'x-slack-signature': signature };
    const answer = await send(hook, { body, headers });
    assert.deepEqual([answer.status, await answer.json()], [200, { challenge: 'abc' }]);
    assert.equal((await send(hook, { body })).status, 401);
    assert.equal(await runCount(), before);
  });

  for (const [what, settings, message] of [
    [
      'a scheme that there is none of',
      { scheme: 'paypal', secrets: ['12345678'] },
      /verification\.scheme: must be/,
    ],
    ['no secret', { scheme: 'github' }, /verification\.secrets: is required/],
    [
      'a secret that is no base64',
      { scheme: 'standard_webhooks', secrets: ['whsec_!!!!!!!'] },
      /secrets\.0: must be base64/,
    ],
    ['a Stripe secret that is none', { scheme: 'stripe', secrets: ['sk_live_12345678'] }, /whsec_/],
    [
      'a window of no length',
      { scheme: 'github', secrets: ['12345678'], replay_window_s: 0 },
      /replay_window_s/,
    ],
  ] as const) {
    test(`isn't made with ${what}`, async () => {
      const { path, init } = post('/millrace/v1/triggers', {
        ...{ function_id: teller.id, kind: 'webhook', settings: { verification: settings } },
      });
      const answer = await customer.request(path, init);
      assert.equal(answer.status, 400);
      assert.match((await errorOf(answer)).message, message);
    });
  }
});
