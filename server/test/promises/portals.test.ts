// Portals: a link opens an account's functions for one person, with the features named and nothing else, for
// every address that there is. Through the public port only.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openedAddresses } from '../../src/people/portal-features.ts';
import { ConsoleClient, type Entry, json, refusalOf } from './console-client.ts';
import { Customer, type HostedFunction } from './customer.ts';
import { makeSecondAccount, type SecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Link = { url: string; user_id: string };
type Opened = {
  id: string;
  token: string;
  frame_ancestors: string[];
  return_url: string | null;
  theme: object;
};
type Feature = { feature: string; function_id?: string };

const PRODUCT = 'https://app.vendor.example';

describe('a portal', { skip: noJails() }, () => {
  let millrace: Millrace;
  let operator: Customer;
  let second: SecondAccount;
  let customer: Customer;
  let shown: HostedFunction;
  let hidden: HostedFunction;

  before(async () => {
    millrace = await startMillrace({ env: { MILLRACE_PORTAL_ORIGINS: PRODUCT } });
    operator = new Customer(millrace);
    second = await makeSecondAccount(millrace);
    customer = new Customer(millrace, second.token);
    const code = 'exports.handler = async () => ({ statusCode: 200, body: "hello" });';
    [shown, hidden] = [await customer.uploadCode(code), await customer.uploadCode(code)];
  });
  after(() => millrace?.close());

  const wanted = (features: Feature[], further: object = {}) => ({
    user: { id: 'person 7', name: 'Vera', email: 'vera@customer.example' },
    ...{ role: 'developer', features, ...further },
  });
  const links = () => `/millrace/v1/operator/accounts/${second.id}/portal-links`;
  const makeLink = (features: Feature[], further: object = {}): Promise<Link> =>
    operator.json<Link>(links(), json(wanted(features, further)));
  const openLink = (url: string) =>
    new ConsoleClient(millrace).request('/portal-session', {
      ...{ method: 'POST', body: { secret: url.split('#')[1] } },
    });
  const open = async (features: Feature[], further: object = {}) => {
    const answer = await openLink((await makeLink(features, further)).url);
    assert.equal(answer.status, 200, answer.body);
    const opened = JSON.parse(answer.body) as Opened;
    const client = new ConsoleClient(millrace);
    const headers = { authorization: `Portal ${opened.token}` };
    const ask = (path: string, init: object = {}) => client.request(path, { headers, ...init });
    return { opened, ask, answer };
  };
  const ofShown = (feature: string): Feature => ({ feature, function_id: shown.id });

  test('is made for an account of a customer, and opens once', async () => {
    const further = { theme: { accent: '#336699' }, return_url: `${PRODUCT}/settings`, expires_in: 600 };
    const link = await makeLink([ofShown('runs')], further);
    assert.match(link.url, /^http:\/\/console\.localhost:[0-9]+\/portal#[0-9A-Za-z]{43}$/);
    const opened = await Promise.all([openLink(link.url), openLink(link.url)]);
    assert.deepEqual(opened.map(({ status }) => status).sort(), [200, 404]);
    const session = JSON.parse(opened.find(({ status }) => status === 200)?.body ?? '') as Opened;
    assert.deepEqual(
      [session.frame_ancestors, session.return_url, session.theme],
      [[PRODUCT], `${PRODUCT}/settings`, further.theme],
    );
    assert.ok(
      opened.every(({ headers }) => headers['set-cookie'] === undefined),
      'no cookie goes into a frame',
    );
    const [entry] = (
      await operator.json<{ data: Entry[] }>(`/millrace/v1/operator/audit?account_id=${second.id}`)
    ).data;
    assert.deepEqual(
      [entry?.action, entry?.user_id, entry?.session_id, entry?.after],
      ['session.create', link.user_id, session.id, { way: 'portal' }],
    );
    assert.equal(
      (await makeLink([ofShown('runs')])).user_id,
      link.user_id,
      'the same person is the same user',
    );
  });

  test('is not made for what would open more', async () => {
    const { data } = await operator.json<{ data: { id: string }[] }>('/millrace/v1/operator/accounts');
    const own = data.find(({ id }) => id !== second.id)?.id;
    const first = await operator.request(
      `/millrace/v1/operator/accounts/${own}/portal-links`,
      json(wanted([{ feature: 'runs' }])),
    );
    assert.equal(first.status, 403);
    const refused: object[] = [
      wanted([{ feature: 'people' }]),
      wanted([]),
      wanted([ofShown('runs')], { role: 'operator' }),
      wanted([ofShown('runs')], { return_url: 'https://evil.example/' }),
      wanted([ofShown('runs')], { return_url: 'javascript:alert(1)' }),
      wanted([ofShown('runs')], { return_url: `blob:${PRODUCT}/page` }),
      wanted([ofShown('runs')], { return_url: `${PRODUCT}/\0` }),
    ];
    for (const body of refused) assert.equal((await operator.request(links(), json(body))).status, 400);
    assert.equal((await customer.request(links(), json(wanted([ofShown('runs')])))).status, 403);
  });

  test('shows the runs of its function, and of no other', async () => {
    const { ask } = await open([ofShown('runs')]);
    const [own, other] = [
      await customer.runOf(await customer.call(shown)),
      await customer.runOf(await customer.call(hidden)),
    ];
    const statuses = async (paths: string[]) =>
      await Promise.all(paths.map(async (path) => (await ask(path)).status));
    assert.deepEqual(
      await statuses([`/functions/${shown.id}/runs`, `/runs/${own.id}`, `/runs/${own.id}/logs`]),
      [200, 200, 200],
    );
    assert.deepEqual(await statuses([`/runs/${other.id}`, `/runs/${other.id}/logs`]), [404, 404]);
    assert.deepEqual(
      await statuses([`/functions/${hidden.id}/runs`, `/runs/${own.id}/input`, '/runs', '/functions']),
      [403, 403, 403, 403],
    );
    const of = (...ids: string[]) => `/runs?${ids.map((one) => `function_id=${one}`).join('&')}`;
    assert.deepEqual(
      await statuses([of(shown.id), of(hidden.id), of(shown.id, hidden.id), of(hidden.id, shown.id)]),
      [200, 403, 403, 403],
    );
    assert.deepEqual(await statuses([`/runs/${own.id}/timeline`, `/runs/${own.id}/error`]), [200, 403]);
    const { ask: askInputs } = await open([ofShown('runs'), ofShown('inputs')]);
    assert.equal((await askInputs(`/runs/${own.id}/input`)).status, 200);
    assert.equal((await askInputs(`/runs/${other.id}/input`)).status, 404);
  });

  test('does what its role may within its features', async () => {
    const body = { description: 'changed in the portal' };
    const change = { method: 'PATCH', body };
    const developer = await open([ofShown('settings')]);
    const viewer = await open([ofShown('settings')], { role: 'viewer' });
    assert.equal((await viewer.ask(`/functions/${shown.id}`, change)).status, 403);
    assert.equal((await developer.ask(`/functions/${shown.id}`, change)).status, 200);
    assert.equal((await developer.ask(`/functions/${hidden.id}`, change)).status, 403);
    // Another account's function is out of reach, whatever the link names.
    const foreign = await operator.uploadCode('exports.handler = async () => ({ statusCode: 200 });');
    const named = await open([{ feature: 'settings', function_id: foreign.id }, { feature: 'runs' }]);
    assert.equal((await named.ask(`/functions/${foreign.id}`)).status, 404);
    assert.equal((await named.ask('/runs')).status, 200, 'a feature without a function is for all');
  });

  test('opens nothing that no feature names, of everything that is served', async () => {
    const { paths } = await operator.json<{ paths: Record<string, Record<string, unknown>> }>(
      '/millrace/v1/openapi.json',
    );
    const served = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.replaceAll(/\{([a-z]+)\}/g, ':$1')}`,
      ),
    );
    const opened = new Set(openedAddresses());
    for (const address of opened) assert.ok(served.includes(address), `${address} is served`);
    const everything = ['code', 'runs', 'inputs', 'variables', 'settings'].map((feature) => ({ feature }));
    const { ask } = await open(everything, { role: 'owner' });
    const forSessions =
      /^[A-Z]+ \/(session|sessions|portal-session|password-links|invitations\/accept|setup\/accept|device-authorizations)\b/;
    for (const address of served.filter((one) => !opened.has(one) && !forSessions.test(one))) {
      const [method = '', path = ''] = address.split(' ');
      const answer = await ask(path.replaceAll(/:[a-z]+/g, '0123456789'), {
        method,
        ...(['GET', 'DELETE'].includes(method) ? {} : { body: {} }),
      });
      assert.deepEqual(refusalOf(answer), [403, 'insufficient_permissions'], address);
    }
    // A person's own session, likewise.
    for (const path of ['/session', '/sessions']) assert.equal((await ask(path)).status, 401, path);
  });

  test('is valid at the console’s host alone, and ends when it is closed', async () => {
    const { ask, opened } = await open([ofShown('runs')]);
    const path = `/functions/${shown.id}/runs`;
    const headers = { authorization: `Portal ${opened.token}` };
    assert.equal((await fetch(`${millrace.url}/millrace/v1${path}`, { headers })).status, 401);
    assert.equal((await ask('/portal-session')).status, 200);
    const list = `/millrace/v1/operator/accounts/${second.id}/portal-sessions`;
    const { data } = await operator.json<{ data: { id: string }[] }>(list);
    assert.equal(data[0]?.id, opened.id);
    const close = () => operator.request(`${list}/${opened.id}`, { method: 'DELETE' });
    assert.deepEqual([(await close()).status, (await close()).status], [204, 404]);
    assert.equal((await ask(path)).status, 401);

    const other = await open([ofShown('runs')]);
    assert.equal((await other.ask('/portal-session', { method: 'DELETE' })).status, 204);
    assert.equal((await other.ask(path)).status, 401);
  });

  test('is closed while the account is suspended', async () => {
    const { ask } = await open([ofShown('runs')]);
    const account = `/millrace/v1/operator/accounts/${second.id}`;
    await operator.json(`${account}/suspend`, json({ reason: 'unpaid' }));
    assert.deepEqual(refusalOf(await ask(`/functions/${shown.id}/runs`)), [403, 'account_suspended']);
    await operator.json(`${account}/resume`, { method: 'POST' });
    assert.equal((await ask(`/functions/${shown.id}/runs`)).status, 200);
  });
});
