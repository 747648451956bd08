// A misspelt member of a body never goes unnoticed, whatever API it is sent to: Millrace's own API and
// everything about tokens refuse it, the dialects, whose clients send more than they need, name it in a
// header.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ServedRoute } from '../../src/http/served-routes.ts';
import { newResourceId } from '../../src/ids/ids.ts';
import { routesOf } from '../attacks/open-around.ts';
import { Customer, zipOf } from './customer.ts';
import { RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const UNKNOWN = 'zzz_unknown';
const HEADER = 'millrace-ignored';
/**
 * Routes of dialects whose bodies have no members that could be misspelt, or that are tried by themselves
 * below.
 */
const NO_MEMBERS: Record<string, string> = {
  'POST /v2/functions/import': 'a file; below',
  'POST /content/filemapper/v1/upload/*': 'a file in a form',
  'POST /dfs/v1/projects/upload/:name': 'a zip in a form',
  'POST /dfs/migrations/v2/projects/upload/:name': 'a zip in a form',
};
const IS_CALL = /^\/(func\/v1|fn|hook|mcp|_hcms|hs\/serverless|healthz)(\/|$)/;
/** What a browser says of a passkey (WebAuthn's JSON): more with every version; pages send it as it is. */
const BROWSERS_OWN = /^post \/session\/passkeys? > answer$/;
const HAS_BODY = ['POST', 'PUT', 'PATCH'];

type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
};
type Operation = { requestBody?: { content: Record<string, { schema: Schema }> } };

/** Places of objects with named members that take others as well. */
function openObjects(schema: Schema, place: string): string[] {
  const { properties = {}, additionalProperties: others, items } = schema;
  const isOpen = schema.properties !== undefined && others !== false;
  const parts: [string, Schema][] = [
    ...Object.entries(properties),
    ...(items === undefined ? [] : [['0', items] as [string, Schema]]),
    ...(typeof others === 'object' ? [['*', others] as [string, Schema]] : []),
    ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((forms) =>
      (forms ?? []).map((form, at) => [`form ${at}`, form] as [string, Schema]),
    ),
  ];
  return [
    ...(isOpen ? [place] : []),
    ...parts.flatMap(([name, part]) => openObjects(part, `${place} > ${name}`)),
  ];
}

describe('an unknown member of a body', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  let revcent: RevcentCustomer;
  let routes: ServedRoute[];
  let paths: Record<string, Record<string, Operation>>;
  let functionId: string;

  before(async () => {
    millrace = await startMillrace({ env: { MILLRACE_LOG_LEVEL: 'debug' } });
    customer = new Customer(millrace);
    revcent = new RevcentCustomer(millrace);
    routes = routesOf(millrace);
    ({ paths } = await customer.json<{ paths: typeof paths }>('/millrace/v1/openapi.json'));
    functionId = (await revcent.make({ name: 'f', event_source: 'api_direct', function_code: 'callback();' }))
      .function_id;
  });
  after(() => millrace?.close());

  const send = (method: string, url: string, body: unknown): Promise<Response> =>
    customer.request(url, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const urlOf = ({ url }: ServedRoute): string =>
    url
      .replace('/functions/:id', `/functions/${functionId}`)
      .replace(/:[a-zA-Z]+/g, () => newResourceId())
      .replace('*', 'nothing');
  const refusal = async (answer: Response) =>
    ((await answer.json()) as { error: { code: string; message: string; field?: string } }).error;

  test("is refused by Millrace's own API, at any depth", async () => {
    const open = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody }]) =>
        requestBody === undefined
          ? []
          : openObjects(requestBody.content['application/json']?.schema ?? {}, `${method} ${path}`),
      ),
    );
    assert.deepEqual(
      open.filter((place) => !BROWSERS_OWN.test(place)),
      [],
    );
    const bodies = Object.values(paths).flatMap((operations) =>
      Object.values(operations).filter(({ requestBody }) => requestBody !== undefined),
    );
    assert.ok(bodies.length > 30, String(bodies.length));
  });

  test("is refused by Millrace's own API where it takes no body", async () => {
    const own = routes.filter(({ method, url }) => {
      const path = url.replace('/millrace/v1', '').replaceAll(/:([a-z]+)/gi, '{$1}');
      const operation = paths[path]?.[method.toLowerCase()];
      return (
        url.startsWith('/millrace/v1/') &&
        method !== 'HEAD' &&
        method !== 'GET' &&
        operation !== undefined &&
        operation.requestBody === undefined
      );
    });
    assert.ok(own.length > 10, String(own.length));
    for (const route of own) {
      const answer = await send(route.method, urlOf(route), { [UNKNOWN]: 1 });
      assert.equal(answer.status, 400, `${route.method} ${route.url}`);
      assert.equal((await refusal(answer)).field, UNKNOWN, `${route.method} ${route.url}`);
    }
  });

  test('is refused, or named in a header, by every route of every dialect', async () => {
    const dialects = routes.filter(
      ({ method, url }) =>
        HAS_BODY.includes(method) &&
        !url.startsWith('/millrace/v1/') &&
        !IS_CALL.test(url) &&
        !(`${method} ${url}` in NO_MEMBERS),
    );
    assert.ok(dialects.length > 25, String(dialects.length));
    for (const route of dialects) {
      const answer = await send(route.method, urlOf(route), { [UNKNOWN]: 1 });
      const text = await answer.text();
      const isNamed =
        answer.headers.get(HEADER) === UNKNOWN || (answer.status === 400 && text.includes(UNKNOWN));
      assert.ok(isNamed, `${route.method} ${route.url}: ${answer.status} ${text}`);
    }
  });

  test('makes no token, whatever it is called', async () => {
    const permissions = [{ resource: '*', methods: ['*'], allow: true }];
    const count = async (): Promise<number> =>
      (await customer.json<{ data: unknown[] }>('/api/v1/auths?limit=100')).data.length;
    const before_ = await count();
    for (const [url, body, field] of [
      ['/api/v1/auths/secret', { permissions, permision: [] }, 'permision'],
      ['/api/v1/auths/secret', { permissions: [{ ...permissions[0], alow: false }] }, 'permissions.0.alow'],
      ['/api/v1/auths/secret', { permissions, expire: '2030-01-01' }, 'expire'],
      ['/api/v1/auths/limited', { account_id: 'AA0001', tst: true }, 'tst'],
      ['/api/v1/auths/trusted?test=true', { permissions }, 'permissions'],
    ] as const) {
      const answer = await send('POST', url, body);
      assert.equal(answer.status, 400, url);
      assert.ok((await answer.text()).includes(field.split('.').at(-1) ?? ''), url);
    }
    assert.equal(await count(), before_);
  });

  test('is none where a token is sent back as it was read', async () => {
    const permissions = [{ resource: 'events', methods: ['read'], allow: true }];
    const made = await customer.json<{ auth_id: string }>('/api/v1/auths/secret', {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ permissions, comments: 'c' }),
    });
    const read = await customer.json<object>(`/api/v1/auths/${made.auth_id}`);
    const answer = await send('POST', `/api/v1/auths/${made.auth_id}`, { ...read, comments: 'd' });
    assert.deepEqual([answer.status, answer.headers.get(HEADER)], [200, null]);
  });

  test('is named where the rest is done: in a form, a file, at any depth', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({
      name: 'n',
      handler: 'index.handler',
      environment: 'nodejs20.x',
      memory: '5',
    }))
      form.set(name, value);
    form.set('file', new Blob([zipOf({ 'index.js': 'exports.handler = async () => null;' })]), 'f.zip');
    const uploaded = await customer.request('/api/v1/hosted_functions', { method: 'POST', body: form });
    assert.deepEqual([uploaded.status, uploaded.headers.get(HEADER)], [201, 'memory']);
    const file = {
      name: 'i',
      trigger: 'api_direct',
      function_code: 'callback();',
      process_env: [{ name: 'a', val: 'b' }],
    };
    const imported = await send('POST', '/v2/functions/import', { ...file, triger: 1 });
    assert.deepEqual([imported.status, imported.headers.get(HEADER)], [200, 'process_env.0.val, triger']);
    const secret = await send('POST', '/cms/v3/functions/secrets', {
      key: 'KEY',
      secret: 'value',
      scope: 'all',
    });
    assert.deepEqual([secret.status, secret.headers.get(HEADER)], [204, 'scope']);
  });

  test('is named in no answer to a body that is all read', async () => {
    const subscription = { event_type: 'order:created', method: 'http', destination: 'https://a.example/' };
    for (const [url, body] of [
      ['/api/v1/event_subscriptions', subscription],
      [
        '/v2/functions',
        { name: 'g', trigger: 'api_direct', function_code: 'callback();', timing: { option: 'immediate' } },
      ],
      [`/v2/functions/${functionId}/trigger`, { item_details: { any: { thing: 1 } } }],
      ['/v2/key_values/key', { value: 'v', description: 'd' }],
      ['/cms/v3/functions/secrets', { key: 'OTHER', secret: 'value' }],
      ['/api/v1/auths/limited', { account_id: await accountId() }],
    ] as const) {
      const answer = await send('POST', url, body);
      assert.ok(answer.ok, `${url}: ${answer.status} ${await answer.text()}`);
      assert.equal(answer.headers.get(HEADER), null, url);
    }
  });

  async function accountId(): Promise<string> {
    return /account\s+([A-Z]{2}[0-9]{4})/.exec(millrace.output())?.[1] ?? '';
  }
});
