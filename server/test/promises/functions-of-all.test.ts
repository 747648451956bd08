// Functions of every dialect in Millrace's own API: listed, deleted with all that hangs on them, their logs
// read as text.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Customer } from './customer.ts';
import { type Fn, RevcentCustomer } from './revcent-customer.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FOLDER = 'theme/shop.functions';
const MAIN = `exports.main = (context, send) => { console.log('seen'); send({ body: 'hi', statusCode: 200 }); };`;

type Listed = { data: { id: string; dialect: string; name: string }[]; next: string | null };
type Page<T> = { data: T[] };

describe('functions of every dialect', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  let revcent: RevcentCustomer;
  let site: Site;

  before(async () => {
    millrace = await startMillrace();
    customer = new Customer(millrace);
    revcent = new RevcentCustomer(millrace);
    site = new Site(millrace);
  });
  after(() => millrace?.close());

  const list = (query = ''): Promise<Listed> => customer.json<Listed>(`/millrace/v1/functions${query}`);
  const namesOf = async (query = ''): Promise<string[]> => (await list(query)).data.map(({ name }) => name);
  const idOf = async (name: string): Promise<string> =>
    (await list()).data.find((fn) => fn.name === name)?.id ?? '';
  const remove = async (id: string): Promise<number> =>
    (await customer.request(`/millrace/v1/functions/${id}`, { method: 'DELETE' })).status;
  const paths = async (): Promise<string[]> => {
    const { objects } = await site.manageJson<{ objects: { route: string }[] }>('/cms/v3/functions/routes');
    return objects.map(({ route }) => route).sort();
  };
  const upload = (endpoints: string[]): Promise<void> =>
    site.upload(
      FOLDER,
      { endpoints: Object.fromEntries(endpoints.map((path) => [path, { file: 'a.js' }])) },
      { 'a.js': MAIN },
    );

  test('are listed by name, page after page, also while they are being deleted', async () => {
    const code = 'exports.handler = async () => ({ statusCode: 200 });';
    for (const name of ['b', 'a', 'c']) await customer.uploadCode(code, { name });
    await revcent.make({ name: 'Rev', function_code: 'callback(null, 1);' });
    await upload(['cart', 'stock']);
    assert.deepEqual(await namesOf(), ['Rev', 'a', 'b', 'c', 'cart', 'stock']);
    assert.deepEqual(await namesOf('?dialect=hubspot'), ['cart', 'stock']);
    assert.deepEqual(await namesOf('?name=ST'), ['stock']);
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: Listed = await list(`?limit=2&after=${after}`.replace(/&after=$/, ''));
      seen.push(...page.data.map(({ name }) => name));
      for (const { id, dialect } of page.data)
        if (dialect === 'comecero') assert.equal(await remove(id), 204);
      after = page.next;
    }
    assert.deepEqual(seen, ['Rev', 'a', 'b', 'c', 'cart', 'stock']);
    assert.deepEqual(await namesOf(), ['Rev', 'cart', 'stock']);
    assert.equal((await customer.request('/millrace/v1/functions?after=%00')).status, 400);
  });

  test('show what may start them, to those who may read it', async () => {
    const fn = await customer.uploadCode('exports.handler = async () => 1;', { name: 'started' });
    const make = async (path: string, body: object): Promise<string> => {
      const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) };
      return (await customer.json<{ id: string }>(`/millrace/v1${path}`, init)).id;
    };
    const url = await make('/triggers', { function_id: fn.id, kind: 'function_url', name: 'door' });
    const hook = await make('/triggers', { function_id: fn.id, kind: 'webhook', enabled: false });
    const node = { id: 'f', type: 'function', function_id: fn.id, branches: [], next: null, on_error: null };
    const flow = await make('/flows', {
      ...{ name: 'a flow', kind: 'customer_lifecycle', starts: ['customer.created'] },
      nodes: [{ id: 'start', type: 'start', next: 'f' }, node],
    });
    const heard = await make('/subscriptions', {
      ...{ event_type: 'order:created', method: 'http', description: 'orders' },
      destination: `${millrace.url}/func/v1/${fn.id}`,
    });
    type Uses = { data: Record<string, unknown>[]; left_out: string[] };
    const uses = await customer.json<Uses>(`/millrace/v1/functions/${fn.id}/uses`);
    const use = (kind: string, id: string, place: string, name: string | null, enabled: boolean): object => ({
      ...{ kind, id, name, enabled, path: `/${place}/${id}` },
    });
    assert.deepEqual(
      uses.data.toSorted((a, b) => String(a.kind).localeCompare(String(b.kind))),
      [
        use('flow', flow, 'flows', 'a flow', false),
        use('function_url', url, 'triggers', 'door', true),
        use('subscription', heard, 'subscriptions', 'orders', true),
        use('webhook', hook, 'triggers', null, false),
      ],
    );
    assert.deepEqual(uses.left_out, []);
    type Counted = { data: { id: string; triggers: Record<string, number> | null }[] };
    const countsOf = async (reader: Customer): Promise<unknown> =>
      (await reader.json<Counted>('/millrace/v1/functions?name=started')).data[0]?.triggers;
    assert.deepEqual(await countsOf(customer), { function_url: 1, webhook: 1 });
    const limited = { permissions: [{ resource: 'hosted_functions', methods: ['read'] }] };
    const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(limited) };
    const { token } = await customer.json<{ token: string }>('/millrace/v1/tokens', init);
    const reader = new Customer(millrace, token);
    assert.equal(await countsOf(reader), null);
    assert.deepEqual((await reader.json<Uses>(`/millrace/v1/functions/${fn.id}/uses`)).data, []);
    assert.equal(await remove(fn.id), 204);
    for (const path of [`flows/${flow}`, `subscriptions/${heard}`])
      await customer.request(`/millrace/v1/${path}`, { method: 'DELETE' });
  });

  test('with a trigger, an address and packages’ settings go with them, and their runs stay', async () => {
    const fn: Fn = await revcent.make({ name: 'Gone', function_code: `callback(null, { x: 1 });` });
    await revcent.answerOf(fn);
    assert.equal(await remove(fn.function_id), 204);
    assert.equal(await remove(fn.function_id), 404);
    assert.equal((await fetch(fn.function_url ?? '')).status, 404);
    await revcent.v2('GET', `/functions/${fn.function_id}`, undefined, 404);
    const of = `function_id=${fn.function_id}`;
    assert.deepEqual((await customer.json<Page<unknown>>(`/millrace/v1/triggers?${of}`)).data, []);
    const runs = await customer.json<Page<unknown>>(`/millrace/v1/runs?${of}`);
    assert.equal(runs.data.length, 1);
    // Its name is free again.
    await revcent.make({ name: 'Gone', function_code: `callback(null, { x: 1 });` });
  });

  test('that serve an endpoint leave serverless.json, and the next deployment does not bring them back', async () => {
    assert.equal(await remove(await idOf('cart')), 204);
    assert.deepEqual(await paths(), ['stock']);
    assert.equal((await site.call('cart')).status, 404);
    assert.equal(await (await site.call('stock')).text(), 'hi');
    const kept = await (
      await site.manage(`/content/filemapper/v1/stream/${encodeURIComponent(`${FOLDER}/serverless.json`)}`)
    ).text();
    assert.deepEqual(Object.keys((JSON.parse(kept) as { endpoints: object }).endpoints), ['stock']);
    type Uses = { data: { kind: string; id: string; path: string | null }[] };
    const uses = await customer.json<Uses>(`/millrace/v1/functions/${await idOf('stock')}/uses`);
    assert.deepEqual(
      uses.data.map(({ kind, id, path }) => [kind, id, path]),
      [['http', 'stock', null]],
    );
    // Another file makes the folder be deployed again.
    await site.uploadFile(`${FOLDER}/a.js`, MAIN.replace('hi', 'again'));
    while ((await (await site.call('stock')).text()) !== 'again') await new Promise((r) => setTimeout(r, 50));
    assert.deepEqual(await paths(), ['stock']);
  });

  test('that are the last of their folder take its files with them, and the path is free', async () => {
    assert.equal(await remove(await idOf('stock')), 204);
    assert.deepEqual(await paths(), []);
    const meta = await customer.request(`/content/filemapper/v1/meta/${encodeURIComponent(FOLDER)}`);
    assert.equal(meta.status, 404);
    await site.upload('other.functions', { endpoints: { stock: { file: 'a.js' } } }, { 'a.js': MAIN });
    assert.equal(await (await site.call('stock')).text(), 'hi');
  });

  test('need the permission to delete, and are nobody else’s', async () => {
    const permissions = [{ resource: 'hosted_functions', methods: ['read', 'update'], allow: true }];
    const headers = JSON_TYPE;
    const { token } = await customer.json<{ token: string }>('/api/v1/auths/secret', {
      ...{ method: 'POST', headers, body: JSON.stringify({ permissions }) },
    });
    const id = await idOf('stock');
    const url = `/millrace/v1/functions/${id}`;
    assert.equal((await new Customer(millrace, token).request(url, { method: 'DELETE' })).status, 403);
    assert.equal((await new Customer(millrace, token).request(url)).status, 200);
  });

  test('have logs that are read as text, whole, and durations with two decimals at most', async () => {
    const fn = await customer.uploadCode(
      `exports.handler = async () => { for (let i = 0; i < 120; i++) console.log('line ' + i); return { statusCode: 200 }; };`,
    );
    const run = await customer.runOf(await customer.call(fn));
    const answer = await customer.request(`/millrace/v1/runs/${run.id}/logs?format=text`);
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
    const lines = (await answer.text()).trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}platform {2}START RequestId: /);
    assert.match(lines[120] ?? '', /Z {2}stdout {4}.*line 119$/);
    assert.equal(lines.length, 123);
    const { init_ms } = await customer.json<{ init_ms: number }>(`/millrace/v1/runs/${run.id}`);
    for (const ms of [run.duration_ms, init_ms]) assert.equal(ms, Number(ms.toFixed(2)));
    assert.equal((await customer.request(`/millrace/v1/runs/${run.id}/logs?format=xml`)).status, 400);
  });
});
