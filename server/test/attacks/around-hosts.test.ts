// Attacks on what browsers hold for a host: one account's voice on another's host, its visitors' cookies,
// headers that speak for more than the one who answers.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { newResourceId } from '../../src/ids/ids.ts';
import { makeToken } from '../../src/tokens/token-format.ts';
import { attackAround, skipAround } from './attack.ts';
import { type AroundScene, json, openAround, raw } from './open-around.ts';

const HOST = 'www.victim.example';
const SHARED = 'functions.example';

let scene: AroundScene;
/** Of the attacker's function. */
let paths: { url: string; hook: string; invoke: string };

before(async () => {
  if (skipAround !== false) return;
  scene = await openAround();
  const { victim, attacker } = scene;
  await victim.customer.json('/millrace/v1/domains', json({ domain: HOST }));
  const trigger = async (kind: string): Promise<string> => {
    const made = { function_id: attacker.fn.id, kind };
    return new URL((await attacker.customer.json<{ url: string }>('/millrace/v1/triggers', json(made))).url)
      .pathname;
  };
  paths = {
    url: await trigger('function_url'),
    hook: await trigger('webhook'),
    invoke: new URL(attacker.fn.invokeUrl).pathname,
  };
});
after(() => scene?.close());

attackAround('voice-on-anothers-host', async () => {
  const { millrace, victim, attacker } = scene;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const theirs = bearer(attacker.customer.token);
  const limited = json({ account_id: attacker.accountId });
  const requests: [
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: string },
  ][] = [
    [paths.url, {}],
    [paths.hook, json({})],
    [paths.invoke, { headers: theirs }],
    [`${paths.invoke}?token=${attacker.customer.token}`, {}],
    ['/mcp', { method: 'POST', headers: theirs, body: '{}' }],
    ['/millrace/v1/account/limits', { headers: theirs }],
    ['/millrace/v1/import/hubspot', { method: 'POST', headers: theirs }],
    ['/api/v1/hosted_functions', { headers: theirs }],
    ['/api/v1/auths/limited', limited],
    ['/v2/functions', { headers: { 'x-api-key': attacker.customer.token } }],
    ['/cms/v3/functions/secrets', { headers: theirs }],
    [`/cms/v3/functions/secrets?hapikey=${attacker.customer.token}`, {}],
    ['/localdevauth/v1/auth/refresh', json({ encodedOAuthRefreshToken: attacker.customer.token })],
    ['/oauth/v1/token', json({ refresh_token: attacker.customer.token })],
  ];
  for (const [path, { headers = {}, ...init }] of requests) {
    const at = (host: string) => raw(millrace, path, { ...init, headers: { ...headers, host } });
    assert.ok(![401, 403, 404].includes((await at(SHARED)).status), `${path} where it may answer`);
    for (const host of [HOST, `${HOST}.:8080`, HOST.toUpperCase()]) {
      const answer = await at(host);
      assert.equal(answer.status, 404, `${path} at ${host}: ${answer.body}`);
    }
  }
  // Endpoints of sites, by the number of the account.
  const endpoint = await raw(millrace, `/_hcms/api/x?portalid=${attacker.accountNumber}`, {
    headers: { host: HOST },
  });
  assert.match(endpoint.body, /no account is known/);
  // The host's own account answers there.
  const own = { headers: { host: HOST, ...bearer(victim.customer.token) } };
  assert.equal((await raw(millrace, new URL(victim.fn.invokeUrl).pathname, own)).status, 200);
});

attackAround('spelled-hosts', async () => {
  const odd = [
    `${HOST}..`,
    `[${HOST}]`,
    `${HOST}:80:90`,
    `${HOST}, x`,
    `x@${HOST}`,
    `${HOST}/x`,
    `http://${HOST}`,
  ];
  for (const host of odd) {
    for (const path of [paths.url, '/_hcms/api/x', '/healthz']) {
      const answer = await raw(scene.millrace, path, { headers: { host } });
      assert.equal(answer.status, 400, `${path} at ${host}: ${answer.body}`);
    }
  }
  assert.equal((await raw(scene.millrace, paths.url, { headers: { host: SHARED } })).status, 200);
});

attackAround('cookies-of-the-house', async () => {
  const cookie = 'a=1; millrace_contact=signed; __Host-millrace=session; b=2';
  for (const path of [paths.url, paths.invoke]) {
    const headers = { cookie, host: SHARED, authorization: `Bearer ${scene.attacker.customer.token}` };
    const { body } = await raw(scene.millrace, path, { headers });
    assert.match(body, /"cookie":"a=1; b=2"/i, path);
    assert.doesNotMatch(body, /signed|session/, path);
  }
});

attackAround('tokens-passing-by', async () => {
  const token = makeToken('secret', 'live', newResourceId());
  const headers = {
    'x-api-key': token,
    'proxy-authorization': `Bearer ${token}`,
    'x-forwarded-authorization': token,
    'x-plain': 'plain',
    referer: `https://a.example/?token=${token}`,
    cookie: `t=${token}; plain=1`,
  };
  const query = `?plain=1&token=${token}&hapikey=${token}`;
  for (const path of [paths.url, paths.invoke]) {
    // At the first door no token is asked for; at the second another one counts.
    const authorization = `Bearer ${path === paths.url ? token : scene.attacker.customer.token}`;
    const answer = await raw(scene.millrace, path + query, { headers: { ...headers, authorization } });
    assert.match(answer.body, /"x-plain":"plain"/i, answer.body);
    assert.match(answer.body, /"plain":"1"/);
    assert.ok(!answer.body.includes(token), answer.body);
    const kept = await scene.attacker.customer.request(
      `/millrace/v1/runs/${answer.headers['x-run-id']}/input`,
    );
    if (kept.status === 200) assert.ok(!(await kept.text()).includes(token), 'what is kept of it');
  }
});

attackAround('headers-over-the-host', async () => {
  const { victim, attacker, millrace } = scene;
  const wanted = {
    'Service-Worker-Allowed': ['/'],
    'Clear-Site-Data': ['"*"'],
    'Strict-Transport-Security': ['max-age=9; includeSubDomains'],
    'Set-Cookie': ['a=1; Domain=example; Path=/', '__Host-millrace=forged; Path=/; Secure', 'b=2'],
    'X-Own': ['yes'],
  };
  const query = `?headers=${encodeURIComponent(JSON.stringify(wanted))}`;
  for (const path of [paths.url, paths.invoke]) {
    const headers = { host: SHARED, authorization: `Bearer ${attacker.customer.token}` };
    const answer = await raw(millrace, path + query, { headers });
    assert.equal(answer.headers['x-own'], 'yes', answer.body);
    assert.deepEqual(answer.headers['set-cookie'], ['a=1; Path=/', 'b=2']);
    for (const name of ['service-worker-allowed', 'clear-site-data', 'strict-transport-security']) {
      assert.equal(answer.headers[name], undefined, name);
    }
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
  // On its own host an account says what it likes.
  const own = { host: HOST, authorization: `Bearer ${victim.customer.token}` };
  const answer = await raw(millrace, new URL(victim.fn.invokeUrl).pathname + query, { headers: own });
  assert.equal(answer.headers['service-worker-allowed'], '/');
  assert.equal(answer.headers['set-cookie']?.length, 3);
});
