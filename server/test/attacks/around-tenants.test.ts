// Attacks by anyone who holds a token: of another account, of the other mode, of few permissions.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newResourceId } from '../../src/ids/ids.ts';
import { makeToken } from '../../src/tokens/token-format.ts';
import { makeAuthority } from '../internet/certificates.ts';
import { Customer } from '../promises/customer.ts';
import { type MailReceiver, openMailReceiver, openReceiver, type Receiver } from '../promises/receivers.ts';
import { Site } from '../promises/site.ts';
import { attackAround, skipAround } from './attack.ts';
import { type AroundScene, json, openAround, raw } from './open-around.ts';
import { procText } from './open-scene.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'millrace-around-'));
const FROM = 'Platform <noreply@platform.example>';

let scene: AroundScene;
let mails: MailReceiver;
let receiver: Receiver;

before(async () => {
  if (skipAround !== false) return;
  chmodSync(folder, 0o755);
  const authority = makeAuthority(folder);
  mails = await openMailReceiver(authority, { user: 'mill', password: 'pass', secure: true });
  receiver = await openReceiver();
  scene = await openAround({
    MILLRACE_EGRESS_ALLOW: '127.0.0.0/8,::1/128',
    MILLRACE_EXTRA_CA_CERTS: authority.caFile,
    MILLRACE_SMTP_URL: `smtps://mill:pass@localhost:${mails.port}`,
    MILLRACE_MAIL_FROM: FROM,
    MILLRACE_ACCOUNT_BOUNDS: 'mails_per_hour=20',
    MILLRACE_LOG_LEVEL: 'info',
  });
});
after(async () => {
  await scene?.close();
  await Promise.all([mails, receiver].map((one) => one?.close()));
  rmSync(folder, { recursive: true, force: true });
});

/** A token of the account that may do only this. */
async function tokenFor(
  customer: Customer,
  permissions: { resource: string; methods: string[] }[],
  isTest = false,
): Promise<Customer> {
  const given = permissions.map((one) => ({ ...one, allow: true }));
  const { token } = await customer.json<{ token: string }>(
    `/api/v1/auths/secret?test=${isTest}`,
    json({ permissions: given }),
  );
  return new Customer(customer.millrace, token);
}

const statusOf = async (customer: Customer, url: string, init?: RequestInit): Promise<number> =>
  (await customer.request(url, init)).status;

attackAround('test-token-for-live', async () => {
  const { victim, attacker } = scene;
  const everything = [{ resource: '*', methods: ['*'] }];
  const testToken = await tokenFor(victim.customer, everything, true);
  const requests: [path: string, init: RequestInit][] = [
    ['/millrace/v1/account/egress', json({ deny: ['203.0.113.0/24'] }, 'PUT')],
    ['/millrace/v1/account/limits', json({ runs_per_minute: 1_000 }, 'PATCH')],
    [`/millrace/v1/accounts/${attacker.accountId}/limits`, json({ runs_per_minute: 1_000 }, 'PATCH')],
    ['/millrace/v1/domains', json({ domain: 'given.example', account_number: attacker.accountNumber })],
    ['/millrace/v1/portals', json({ portal_id: 777, account_number: attacker.accountNumber })],
    ['/millrace/v1/event-types', json({ name: 'thing:done' })],
    ['/millrace/v1/event-types/thing:done', { method: 'DELETE' }],
  ];
  for (const [url, init] of requests) {
    assert.equal(await statusOf(testToken, url, init), 403, url);
    const allowed = await statusOf(victim.customer, url, init);
    assert.ok(allowed < 300, `${url} by a live token: ${allowed}`);
  }
});

attackAround('secrets-by-moving', async () => {
  const { customer } = scene.victim;
  const made = await customer.json<{ event_subscription_id: string }>(
    '/api/v1/event_subscriptions',
    json({
      ...{ event_type: 'order:created', method: 'http', format: 'json' },
      destination: 'https://partner.example/in',
      ...{ http_authorization_username: 'svc', http_authorization_password: 'CANARY-PASSWORD' },
      ...{ custom_header_name: 'X-Partner-Key', custom_header_value: 'CANARY-HEADER' },
      ...{ signature_key: 'CANARY-KEY', environment_variables: { V: 'CANARY-VARIABLE' } },
    }),
  );
  const url = `/api/v1/event_subscriptions/${made.event_subscription_id}`;
  const updater = await tokenFor(customer, [{ resource: 'event_subscriptions', methods: ['update'] }]);
  assert.equal(await statusOf(updater, url), 403);
  const elsewhere = { destination: `${receiver.url}/take` };
  const secrets = {
    signature_key: 'mine',
    http_authorization_password: 'mine',
    custom_header_value: 'mine',
    environment_variables: { V: 'mine' },
  };
  for (const left of Object.keys(secrets)) {
    const others = Object.fromEntries(Object.entries(secrets).filter(([name]) => name !== left));
    const refused = await updater.request(url, json({ ...elsewhere, ...others }));
    assert.equal(refused.status, 400, left);
    assert.match(await refused.text(), new RegExp(left));
  }
  assert.equal(
    await statusOf(updater, url, json({ ...elsewhere, method: 'email', destination: 'me@a.example' })),
    400,
  );
  // At the same place it may be changed, and elsewhere with secrets of their own.
  assert.equal(await statusOf(updater, url, json({ destination: 'https://partner.example/other' })), 200);
  assert.equal(await statusOf(updater, url, json({ ...elsewhere, ...secrets })), 200);

  const profile = await customer.json<{ id: string }>(
    '/millrace/v1/smtp_profiles',
    json({ name: 'shop', host: 'mail.example', sender: 's@shop.example', username: 'u', password: 'CANARY' }),
  );
  for (const change of [{ host: 'other.example' }, { port: 2525 }, { security: 'none' }]) {
    const answer = await customer.request(`/millrace/v1/smtp_profiles/${profile.id}`, json(change, 'PATCH'));
    assert.equal(answer.status, 400, JSON.stringify(change));
  }
});

attackAround('forged-sender-address', async () => {
  const { customer } = scene.attacker;
  const subscribe = (name: string): Promise<Response> =>
    customer.request(
      '/api/v1/event_subscriptions',
      json({
        ...{ event_type: 'order:created', method: 'http', destination: `${receiver.url}/in` },
        ...{ custom_header_name: name, custom_header_value: '192.0.2.77' },
      }),
    );
  const names = [
    'X-Forwarded-For',
    'x-forwarded-host',
    'Forwarded',
    'X-Real-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
    'X-Client-IP',
    'Via',
    'Cookie',
  ];
  for (const name of names) assert.equal((await subscribe(name)).status, 400, name);
  assert.equal((await subscribe('X-Partner-Key')).status, 201);
});

attackAround('facts-for-anyone', async () => {
  const { millrace, victim, attacker } = scene;
  const site = new Site(millrace);
  const declaration = { endpoints: { payroll: { file: 'main.js' } } };
  await site.upload('payroll.functions', declaration, {
    'main.js': 'exports.main = (context, sendResponse) => sendResponse({ body: 1 });',
    'package.json': '{"dependencies": {"never-deployed": "1.0.0"}}',
  });
  const alarm = '/firealarm/v4/alarm/hubspot-cli/1';
  for (const giveUpAt = Date.now() + 20_000; ; await sleep(50)) {
    if ((await (await victim.customer.request(alarm)).text()).includes('payroll.functions')) break;
    assert.ok(Date.now() < giveUpAt, 'the owner is told which folder must be deployed');
  }
  const limited = await victim.customer.json<{ token: string }>(
    '/api/v1/auths/limited',
    json({ account_id: victim.accountId }),
  );
  const stranger = new Customer(millrace, limited.token);
  assert.deepEqual(await stranger.json(alarm), []);
  assert.equal(await statusOf(attacker.customer, '/millrace/v1/platform'), 403);
  assert.equal(await statusOf(victim.customer, '/millrace/v1/platform'), 200);
});

attackAround('functions-of-others', async () => {
  const { victim, attacker } = scene;
  const template = {
    template_subject: 's',
    template_html: 'h',
    template_to: ['a@b.example'],
    template_trigger: 'api_direct',
  };
  const flow = { name: 'flow', kind: 'customer_lifecycle', starts: ['customer.created'] };
  const start = (type: string) => ({ id: 'start', type, next: 'ask' });
  const query = {
    ...{ source: { kind: 'events', item_type: 'sale' }, date_range: { preset: 'last_24_hours' } },
    ...{ group_by: 'item_details.product', metrics: [{ function: 'sum', field: 'item_details.amount' }] },
  };
  const things = (function_id: string): [path: string, body: object][] => [
    ['triggers', { function_id, kind: 'function_url' }],
    ['email-templates', { ...template, name: function_id, function_id }],
    ['flows', { ...flow, nodes: [start('start'), { id: 'ask', type: 'function', function_id }] }],
    [
      'payment-profiles',
      {
        name: function_id,
        nodes: [start('start_payment_request'), { id: 'ask', type: 'run_function', function_id, next: null }],
      },
    ],
    ['queries', { ...query, name: function_id, function_id }],
  ];
  for (const [url, body] of things(victim.fn.id)) {
    const refused = await attacker.customer.request(`/millrace/v1/${url}`, json(body));
    const text = await refused.text();
    assert.match(text, /no such function/, url);
    assert.ok([400, 404, 422].includes(refused.status), `${url}: ${refused.status} ${text}`);
  }
  for (const [url, body] of things(attacker.fn.id)) {
    const made = await attacker.customer.request(`/millrace/v1/${url}`, json(body));
    assert.equal(made.status, 201, `${url}: ${await made.text()}`);
  }
});

attackAround('guessed-tokens', async () => {
  const guess = (): Promise<{ status: number; headers: Record<string, unknown> }> =>
    raw(scene.millrace, '/millrace/v1/triggers', {
      headers: { authorization: `Bearer ${makeToken('secret', 'live', newResourceId())}` },
    });
  const statuses: number[] = [];
  for (let tries = 0; tries < 300 && !statuses.includes(429); tries += 1)
    statuses.push((await guess()).status);
  assert.equal(statuses[0], 401);
  assert.equal(statuses.at(-1), 429, `after ${statuses.length} tries`);
  assert.ok(Number((await guess()).headers['retry-after']) >= 1);
  // A client with a token that was used before goes on.
  assert.equal(await statusOf(scene.victim.customer, '/millrace/v1/triggers'), 200);
});

attackAround('addresses-in-logs', async () => {
  const { millrace, victim } = scene;
  const address = async (kind: string): Promise<string> => {
    const made = await victim.customer.json<{ url: string }>(
      '/millrace/v1/triggers',
      json({ function_id: victim.fn.id, kind, settings: { allowed_ips: ['192.0.2.1'] } }),
    );
    return new URL(made.url).pathname;
  };
  const token = makeToken('secret', 'live', newResourceId());
  const paths = [
    await address('function_url'),
    await address('webhook'),
    '/cms/v3/functions/build-logs/0123456789abcdefghij',
    `/api/v1/auths/${token}`,
    `/${token}`,
  ];
  for (const one of paths) {
    const refused = await raw(millrace, one, { method: 'POST' });
    assert.ok(refused.status >= 400, one);
  }
  await millrace.printed(/"path":"\/\*{4}/);
  for (const one of paths) assert.ok(!millrace.output().includes(one.slice(-20)), one);
  assert.match(millrace.output(), /"path":"\/fn\/\*{4}"/);
});

attackAround('secrets-in-environments', async () => {
  const { millrace } = scene;
  const family = familyOf(millrace.pid);
  assert.ok(family.length >= 2, 'server and supervisor');
  for (const pid of family) {
    const environment = procText(pid, 'environ');
    for (const secret of [millrace.token, 'mill:pass']) {
      assert.ok(!environment.includes(secret), procText(pid, 'cmdline').replaceAll('\0', ' '));
    }
  }
  assert.ok(
    readFileSync(`/proc/${millrace.pid}/environ`, 'latin1').includes(millrace.token),
    'where they came from',
  );
});

/** Every process below one; connections of the database end at any time. */
function familyOf(pid: number): number[] {
  const children = procText(pid, `task/${pid}/children`).trim().split(/\s+/);
  const pids = children.filter((text) => text !== '').map(Number);
  return pids.flatMap((child) => [child, ...familyOf(child)]);
}

attackAround('mail-in-anothers-name', async () => {
  const { customer } = scene.attacker;
  const template = await customer.json<{ id: string }>(
    '/millrace/v1/email-templates',
    json({
      ...{ name: 'phish', template_subject: 'hello', template_html: '<p>hello</p>' },
      template_from: 'Millrace Security <security@platform.example>',
      ...{ template_to: ['victim@customer.example'], template_trigger: 'api_direct', enabled: true },
    }),
  );
  const send = () =>
    customer.json<{ id: string }>(`/millrace/v1/email-templates/${template.id}/send`, json({}));
  for (let sent = 0; sent < 25; sent += 1) await send();
  const states = async (): Promise<{ status: string; error: string | null }[]> =>
    (
      await customer.json<{ data: { status: string; error: string | null }[] }>(
        '/millrace/v1/template-mails?limit=100',
      )
    ).data;
  for (const giveUpAt = Date.now() + 30_000; ; await sleep(50)) {
    const found = await states();
    if (found.every(({ status, error }) => status === 'sent' || error !== null)) break;
    assert.ok(Date.now() < giveUpAt, JSON.stringify(found));
  }
  const found = await states();
  assert.equal(found.filter(({ status }) => status === 'sent').length, 20, 'as many as an hour may have');
  assert.ok(
    found.filter(({ status }) => status !== 'sent').every(({ error }) => error?.includes('20 mails')),
  );
  const [came] = await mails.arrived(20);
  assert.deepEqual(came?.to, ['victim@customer.example']);
  assert.equal(came.from, 'noreply@platform.example');
  assert.match(came.text, /^From: Platform <noreply@platform\.example>/m);
  assert.match(came.text, /^Reply-To: Millrace Security <security@platform\.example>/m);
});
