// What an API writes out, the same API reads in: what was read is changed, sent back, or sent elsewhere, as
// it is. Through the public port.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

let millrace: Millrace;
let customer: RevcentCustomer;
let functionId: string;
/** One that may listen to events. */
let eventFunctionId: string;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new RevcentCustomer(millrace);
  const made = await customer.v2<{ function_id: string }>('POST', '/functions', {
    ...{ name: 'sent back', event_source: 'api_direct', function_code: 'callback();' },
    environment_variables: [{ name: 'A', value: 'b' }],
  });
  functionId = made.function_id;
  eventFunctionId = (await customer.uploadCode('exports.handler = async () => null;')).id;
});
after(() => millrace?.close());

type Json = Record<string, unknown>;

async function send(method: string, path: string, body: unknown, status: number): Promise<Json> {
  const answer = await customer.request(`/millrace/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.equal(answer.status, status, `${method} ${path}: ${text}`);
  return JSON.parse(text) as Json;
}

/** What changes with every write. */
function lasting(thing: Json): Json {
  const { modified_at: _, updated_at: __, ...rest } = thing;
  return rest;
}

const template = { template_subject: 'hello', template_html: '<p>hello</p>', template_to: ['a@example.com'] };
/** Where they are made, what of; what a copy needs of its own. */
const resources: [noun: string, path: string, make: () => Json, own: Json][] = [
  ['a key value', '/key-values', () => ({ key: 'my_key', value: 'v' }), { key: 'my_copy' }],
  ['a function value', '/function-values', () => ({ name: 'VALUE', value: 'v' }), { name: 'COPY' }],
  [
    'an encrypted function value',
    '/function-values',
    () => ({ name: 'SECRET', value: 'v', encrypted: true }),
    { name: 'SECRET_COPY', value: 'its own' },
  ],
  [
    'an e-mail template',
    '/email-templates',
    () => ({ name: 'mail', template_trigger: 'api_direct', ...template }),
    { name: 'copy' },
  ],
  [
    'a payment profile',
    '/payment-profiles',
    () => ({ name: 'paid', nodes: [{ id: 's', type: 'start_payment_request' }] }),
    { name: 'copy' },
  ],
  [
    'a flow',
    '/flows',
    () => ({
      ...{ name: 'flow', kind: 'customer_lifecycle', starts: ['customer.created'], enabled: false },
      nodes: [
        { id: 's', type: 'start', next: 'w' },
        { id: 'w', type: 'wait', delay_s: 60, next: 'f' },
        {
          ...{ id: 'f', type: 'filter', on_pass: null, on_fail: null },
          conditions: [{ path: 'item_id', operator: 'equals', value: '1' }],
        },
      ],
    }),
    { name: 'copy of the flow' },
  ],
  [
    'a query',
    '/queries',
    () => ({
      ...{ name: 'query', source: { kind: 'events', item_type: 'sale' }, group_by: 'item_details.product' },
      ...{ date_range: { preset: 'last_24_hours' }, metrics: [{ function: 'count' }] },
    }),
    { name: 'copy of the query' },
  ],
  [
    'an SMTP profile',
    '/smtp_profiles',
    () => ({ name: 'smtp', host: 'mail.example', sender: 'Shop <a@b.example>' }),
    { name: 'copy of the profile' },
  ],
  [
    'an event trigger',
    '/triggers',
    () => ({
      function_id: eventFunctionId,
      ...{ kind: 'account_event', settings: { notations: ['order:created'] } },
    }),
    {},
  ],
  [
    'a function URL',
    '/triggers',
    () => ({ function_id: functionId, kind: 'function_url', settings: {} }),
    {},
  ],
  ['a webhook', '/triggers', () => ({ function_id: functionId, kind: 'webhook', settings: {} }), {}],
  [
    'a schedule',
    '/triggers',
    () => ({ function_id: functionId, kind: 'schedule', settings: { cron: '0 0 * * *' } }),
    {},
  ],
];

for (const [noun, path, make, own] of resources) {
  test(`${noun} can be sent back, and sent again as another one`, { skip }, async () => {
    const made = await send('POST', path, make(), 201);
    const at = `${path}/${made.id ?? made.key}`;
    const read = await customer.json<Json>(`/millrace/v1${at}`).catch(() => made);
    assert.deepEqual(lasting(await send('PATCH', at, read, 200)), lasting(read));
    await send('POST', path, { ...read, ...own }, 201);
  });
}

test('what names a function that was deleted meanwhile can be sent back, and named by nothing new', {
  skip,
}, async () => {
  const { id } = await customer.uploadCode('exports.handler = async () => null;');
  const mail = { name: 'with a function', template_trigger: 'api_direct', ...template, function_id: id };
  const profile = {
    name: 'runs one',
    nodes: [
      { id: 's', type: 'start_payment_request', next: 'r' },
      { id: 'r', type: 'run_function', function_id: id },
    ],
  };
  const [made, paid] = [
    await send('POST', '/email-templates', mail, 201),
    await send('POST', '/payment-profiles', profile, 201),
  ];
  assert.equal((await customer.request(`/api/v1/hosted_functions/${id}`, { method: 'DELETE' })).status, 204);
  await send('PATCH', `/email-templates/${made.id}`, made, 200);
  await send('PATCH', `/payment-profiles/${paid.id}`, paid, 200);
  await send('POST', '/email-templates', { ...mail, name: 'another' }, 400);
});

test('a function can be sent back', { skip }, async () => {
  const at = `/functions/${functionId}`;
  const read = await customer.json<Json>(`/millrace/v1${at}`);
  await send('PATCH', at, read, 200);
  const own = await customer.v2<Json>('GET', `/functions/${functionId}`);
  await customer.v2('POST', `/functions/${functionId}`, own);
});

test('what names another thing than the address does, and what nobody knows, is still refused', {
  skip,
}, async () => {
  await send('POST', '/key-values', { key: 'one_key', value: 'v' }, 201);
  await send('PATCH', '/key-values/one_key', { key: 'another_key', value: 'w' }, 400);
  await send('PATCH', '/key-values/one_key', { value: 'w', turbo: true }, 400);
});

test('a value that can’t take effect is refused wherever variables are set', { skip }, async () => {
  const refused = await send('POST', '/function-values', { name: 'NODE_OPTIONS', value: '--inspect' }, 400);
  assert.match(JSON.stringify(refused), /nothing can be attached to a sandbox/);
});
