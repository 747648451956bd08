// Every route of every API, called by everybody who must not get through: without a token, with a wrong one,
// with a limited one, with all permissions but the one that is needed, of the other mode, of another account,
// on another account's host; and by one who has that one permission alone. What is expected follows from the
// permit that a route declares: one that declares none fails, but for those named here.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ServedRoute } from '../../src/http/served-routes.ts';
import { newResourceId } from '../../src/ids/ids.ts';
import { makeToken } from '../../src/tokens/token-format.ts';
import { type AroundScene, json, openAround, type RawAnswer, raw, routesOf } from '../attacks/open-around.ts';
import { noJails } from './start-millrace.ts';

/** Routes without a permit, and where their callers are tried. */
const WITHOUT_PERMIT: Record<string, string> = {
  '/healthz': 'says that the server is there',
  '/readyz': 'says whether it may be sent requests',
  '/millrace/v1/openapi.json': 'describes the API, the same to everybody',
  '/fn/:address': 'whoever knows the address may call: function-urls.test.ts, attacks/around-hosts.test.ts',
  '/hook/:address': 'the same: webhooks.test.ts, attacks/around-hosts.test.ts',
  '/_hcms/api/*': 'pages call without a token: hubspot-endpoints.test.ts, attacks/around-hosts.test.ts',
  '/hs/serverless/*': 'the same',
};
/** Routes that end the token which calls them. */
const ENDS_ITS_TOKEN = 'DELETE /api/v1/auths/me';
/** Where a caller who has the permission is refused for what they are, not for what they hold. */
const REFUSES_MORE: Record<string, string> = {
  'POST /millrace/v1/device-authorizations/:code/approve': 'a person confirms it, not a token',
  'POST /api/v1/auths/trusted': 'twins are made for trusted tokens and for those with every permission',
};
const OWN_HOST = 'www.victim.example';

type Permission = { resource: string; method: string };

let scene: AroundScene;
let routes: ServedRoute[];
/** Token by what it is for. */
const tokens = new Map<string, string>();
/** Ids of things of the victim, by the word of the path before them. */
const ids = new Map<string, string>();
let caller = 0;

before(async () => {
  if (noJails() !== false) return;
  scene = await openAround({ MILLRACE_LOG_LEVEL: 'debug', MILLRACE_TRUSTED_PROXIES: '127.0.0.1,::1' });
  routes = routesOf(scene.millrace);
  const { customer } = scene.victim;
  await customer.json('/millrace/v1/domains', json({ domain: OWN_HOST }));
  await makeThings();
  tokens.set('limited', await limitedToken());
  tokens.set('test', await token(true, [{ resource: '*', methods: ['*'], allow: true }]));
  const permits = new Map(routes.flatMap(permissionsOf).map((one) => [nameOf([one]), one]));
  for (const [name, { resource, method }] of permits) {
    tokens.set(
      `all but ${name}`,
      await token(false, [
        { resource: '*', methods: ['*'], allow: true },
        { resource, methods: [method], allow: false },
      ]),
    );
  }
  for (const route of routes) {
    const permissions = permissionsOf(route);
    const name = `only ${nameOf(permissions)}`;
    if (permissions.length === 0 || tokens.has(name)) continue;
    tokens.set(
      name,
      await token(
        false,
        permissions.map(({ resource, method }) => ({ resource, methods: [method], allow: true })),
      ),
    );
  }
});
after(() => scene?.close());

function permissionsOf({ permit }: ServedRoute): Permission[] {
  return permit === null || typeof permit === 'string' ? [] : ([permit].flat() as Permission[]);
}

const nameOf = (permissions: Permission[]): string =>
  permissions.map(({ resource, method }) => `${method} ${resource}`).join(', ');

async function token(isTest: boolean, permissions: object[]): Promise<string> {
  const made = await scene.victim.customer.json<{ token: string }>(
    `/api/v1/auths/secret?test=${isTest}`,
    json({ permissions }),
  );
  return made.token;
}

async function limitedToken(): Promise<string> {
  const made = json({ account_id: scene.victim.accountId });
  return (await scene.victim.customer.json<{ token: string }>('/api/v1/auths/limited', made)).token;
}

/** One of each kind that has an id in a path. */
async function makeThings(): Promise<void> {
  const { customer, fn } = scene.victim;
  const make = async (word: string, url: string, body: object, field = 'id'): Promise<void> => {
    ids.set(word, String((await customer.json<Record<string, unknown>>(url, json(body)))[field]));
  };
  ids.set('functions', fn.id).set('hosted_functions', fn.id);
  await make('triggers', '/millrace/v1/triggers', { function_id: fn.id, kind: 'function_url' });
  const start = (type: string) => ({ id: 'start', type, next: null });
  await make('flows', '/millrace/v1/flows', {
    name: 'f',
    kind: 'customer_lifecycle',
    starts: ['customer.created'],
    nodes: [start('start')],
  });
  await make('email-templates', '/millrace/v1/email-templates', {
    ...{
      name: 't',
      template_subject: 's',
      template_html: 'h',
      template_to: ['a@b.example'],
      template_trigger: 'api_direct',
    },
  });
  await make('smtp_profiles', '/millrace/v1/smtp_profiles', {
    name: 'p',
    host: 'mail.example',
    sender: 'a@b.example',
  });
  await make(
    'event_subscriptions',
    '/api/v1/event_subscriptions',
    {
      ...{ event_type: 'order:created', method: 'http', destination: 'https://a.example/' },
    },
    'event_subscription_id',
  );
  await make(
    'auths',
    '/api/v1/auths/secret',
    { permissions: [{ resource: 'events', methods: ['read'], allow: true }] },
    'auth_id',
  );
  ids.set('tokens', ids.get('auths') as string);
  const answer = await customer.call(fn);
  await customer.runOf(answer);
  ids.set('runs', answer.headers.get('x-run-id') ?? '');
}

/** @param things ids by the word before them; else ids of nothing */
function urlOf({ url }: ServedRoute, things: ReadonlyMap<string, string> = new Map()): string {
  return url
    .replace(
      /\/([^/]+)\/:([a-zA-Z]+)/g,
      (_, word: string) => `/${word}/${things.get(word) ?? newResourceId()}`,
    )
    .replace(/:[a-zA-Z]+/g, () => newResourceId())
    .replace('*', 'nothing');
}

type Call = { token?: string; host?: string; things?: ReadonlyMap<string, string> };

/** Each from an address of its own: nobody is paced for another. */
function call(
  route: ServedRoute,
  { token: bearer, host = 'functions.example', things }: Call = {},
): Promise<RawAnswer> {
  caller += 1;
  const hasBody = !['GET', 'HEAD', 'DELETE'].includes(route.method);
  return raw(scene.millrace, urlOf(route, things), {
    method: route.method,
    headers: {
      ...{ host, 'x-forwarded-for': `10.${caller >> 16}.${(caller >> 8) & 255}.${caller & 255}` },
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: '{}' } : {}),
  });
}

const told = (route: ServedRoute): string => `${route.method} ${route.url}`;
const isFor = (permit: 'permission' | 'any_token') => (route: ServedRoute) =>
  permit === 'any_token' ? route.permit === 'any_token' : permissionsOf(route).length > 0;

describe('of every route', { skip: noJails() }, () => {
  test('is declared who may call it', () => {
    assert.ok(routes.length > 150, String(routes.length));
    const silent = routes.filter(({ permit, url }) => permit === null && !(url in WITHOUT_PERMIT));
    assert.deepEqual(silent.map(told), [], 'declare a permit, or name the route here with its reason');
    for (const url of Object.keys(WITHOUT_PERMIT))
      assert.ok(
        routes.some((route) => route.url === url),
        `${url} is served`,
      );
  });

  test('who has no token, or a wrong one, is refused', async () => {
    for (const route of routes.filter((one) => isFor('permission')(one) || isFor('any_token')(one))) {
      assert.equal((await call(route)).status, 401, told(route));
      const wrong = makeToken('secret', 'live', newResourceId());
      assert.equal((await call(route, { token: wrong })).status, 401, told(route));
    }
  });

  test('who has every other permission, or a limited token, is refused', async () => {
    for (const route of routes.filter(isFor('permission'))) {
      const limited = await call(route, { token: tokens.get('limited') as string, things: ids });
      assert.equal(limited.status, 403, told(route));
      for (const one of permissionsOf(route)) {
        const answer = await call(route, {
          token: tokens.get(`all but ${nameOf([one])}`) as string,
          things: ids,
        });
        assert.equal(answer.status, 403, told(route));
      }
    }
  });

  test('who has the one permission gets through, and what is asked for in vain is no fault of ours', async () => {
    for (const route of routes.filter((one) => one.permit !== null)) {
      const name = told(route);
      if (name === ENDS_ITS_TOKEN) continue;
      const own = isFor('permission')(route)
        ? tokens.get(`only ${nameOf(permissionsOf(route))}`)
        : tokens.get('limited');
      const answer = await call(route, own === undefined ? {} : { token: own });
      assert.ok(answer.status < 500, `${name}: ${answer.status} ${answer.body}`);
      if (name in REFUSES_MORE) continue;
      assert.ok(
        ![401, 403].includes(answer.status) || route.permit === 'anyone',
        `${name}: ${answer.status} ${answer.body}`,
      );
    }
  });

  test('another account, and the other mode, find nothing of what is there', async () => {
    const [other, test_] = [scene.attacker.customer.token, tokens.get('test') as string];
    for (const route of routes.filter((one) => isFor('permission')(one) && one.url.includes(':'))) {
      for (const token of [other, test_]) {
        const [there, nowhere] = [await call(route, { token, things: ids }), await call(route, { token })];
        assert.equal(there.status, nowhere.status, `${told(route)}: ${there.body}`);
      }
    }
  });

  test('a test token changes nothing that holds for live', async () => {
    const live = routes.filter(({ liveOnly }) => liveOnly);
    assert.ok(live.length >= 5);
    for (const route of live) {
      assert.equal((await call(route, { token: tokens.get('test') as string })).status, 403, told(route));
    }
  });

  test('on a host that belongs to an account, no token of another is served', async () => {
    for (const route of routes.filter((one) => isFor('permission')(one) || isFor('any_token')(one))) {
      const answer = await call(route, { token: scene.attacker.customer.token, host: OWN_HOST });
      assert.equal(answer.status, 404, told(route));
    }
  });
});
