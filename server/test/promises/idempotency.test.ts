// Idempotency-Key through the public port: a POST that comes again does nothing again, also where the server
// is killed in between.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Customer, type HostedFunction } from './customer.ts';
import { processOf } from './remains.ts';
import { makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Page = { data: { id: string; name: string }[] };
type Answered = { status: number; replayed: boolean; body: string; location: string | null };

const API = '/millrace/v1';

describe('a POST with an Idempotency-Key', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  let fn: HostedFunction;
  let used = 0;

  before(async () => {
    millrace = await startMillrace({
      env: { MILLRACE_ACCOUNT_BOUNDS: 'idempotency_keys=120', MILLRACE_DOMAINS: '' },
    });
    customer = new Customer(millrace);
    fn = await customer.uploadCode(
      `exports.handler = async () => { console.log('ran'); return { statusCode: 200, body: 'x' }; };`,
    );
  });
  after(() => millrace?.close());

  const newKey = (): string => {
    used += 1;
    return `key-${used}`;
  };
  async function post(path: string, key: string, body: unknown, by = customer): Promise<Answered> {
    const answer = await by.request(`${API}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    return {
      status: answer.status,
      replayed: answer.headers.get('idempotent-replayed') === 'true',
      body: await answer.text(),
      location: answer.headers.get('location'),
    };
  }
  const keyValue = (key: string) => ({ key, value: 'v' });
  const flow = (name: string) => ({
    ...{ name, kind: 'customer_lifecycle', starts: ['customer.created'] },
    nodes: [{ id: 'start', type: 'start', next: null }],
  });
  const flowsNamed = async (name: string): Promise<number> =>
    (await customer.json<Page>(`${API}/flows?limit=500`)).data.filter((one) => one.name.startsWith(name))
      .length;
  const codeOf = ({ body }: Answered): string => (JSON.parse(body) as { error: { code: string } }).error.code;

  test('gets the answer of the first one, secrets too, and makes nothing again', async () => {
    const asked = { name: 'made once', permissions: [{ resource: 'flows', methods: ['read'] }] };
    const key = newKey();
    const [first, second] = [await post('/tokens', key, asked), await post('/tokens', key, asked)];
    assert.deepEqual([first.status, first.replayed, second.status, second.replayed], [201, false, 201, true]);
    assert.deepEqual([second.body, second.location], [first.body, first.location]);
    const { data } = await customer.json<Page>(`${API}/tokens?limit=500`);
    assert.equal(data.filter(({ name }) => name === 'made once').length, 1);
    assert.match(first.body, /"token":"secret\./);
  });

  test('is refused with another body, at another address and of another caller; other worlds are free', async () => {
    const key = newKey();
    assert.equal((await post('/flows', key, flow('one'))).status, 201);
    const all = { permissions: [{ resource: '*', methods: ['*'] }] };
    const tokenOf = async (body: object): Promise<Customer> => {
      const { body: made } = await post('/tokens', newKey(), body);
      return new Customer(millrace, (JSON.parse(made) as { token: string }).token);
    };
    const others = [
      await post('/flows', key, flow('two')),
      await post('/key-values', key, flow('one')),
      await post('/flows', key, flow('one'), await tokenOf(all)),
    ];
    assert.deepEqual(
      others.map((answer) => [answer.status, codeOf(answer)]),
      others.map(() => [422, 'invalid_state']),
    );
    const second = new Customer(millrace, (await makeSecondAccount(millrace)).token);
    for (const by of [await tokenOf({ ...all, mode: 'test' }), second])
      assert.deepEqual(
        [
          (await post('/flows', key, flow('one'), by)).status,
          (await post('/flows', key, flow('one'), by)).replayed,
        ],
        [201, true],
      );
  });

  test('that is refused leaves its key free, and a bad key is named', async () => {
    const key = newKey();
    assert.equal((await post('/key-values', key, { key: 'made_once' })).status, 400);
    assert.equal((await post('/key-values', key, keyValue('made_once'))).status, 201);
    assert.equal(
      (await post('/key-values', newKey(), keyValue('made_once'))).status,
      409,
      'there is one of that name',
    );
    const bad = await post('/key-values', 'a b', keyValue('never_made'));
    assert.deepEqual([bad.status, codeOf(bad)], [400, 'invalid_input']);
    assert.equal((await customer.request(`${API}/key-values/never_made`)).status, 404);
  });

  test('at once with its like makes one thing', async () => {
    const key = newKey();
    const all = await Promise.all(Array.from({ length: 12 }, () => post('/flows', key, flow('at once'))));
    assert.deepEqual(
      all.filter(({ status }) => status !== 201 && status !== 409).map(({ status }) => status),
      [],
    );
    assert.equal(all.filter(({ status, replayed }) => status === 201 && !replayed).length, 1);
    assert.equal(new Set(all.filter(({ status }) => status === 201).map(({ body }) => body)).size, 1);
    assert.equal(await flowsNamed('at once'), 1);
  });

  test('calls a function once, and makes one of code once', async () => {
    const key = newKey();
    const all = await Promise.all(Array.from({ length: 4 }, () => post(`/functions/${fn.id}/runs`, key, {})));
    const again = await post(`/functions/${fn.id}/runs`, key, {});
    assert.ok(again.replayed, again.body);
    assert.ok(all.every(({ status }) => [200, 202, 409].includes(status)));
    const runs = await customer.json<Page>(`${API}/functions/${fn.id}/runs`);
    assert.equal(runs.data.length, 1);
    // Large enough to be hashed in a thread.
    const inline = `exports.handler = async () => 1; // ${'x'.repeat(100_000)}`;
    const made = { name: 'coded', code: { inline } };
    const code = newKey();
    const [first, second] = [await post('/functions', code, made), await post('/functions', code, made)];
    assert.deepEqual([first.status, second.status, second.replayed], [201, 201, true]);
    assert.deepEqual([second.body, second.location], [first.body, first.location]);
    const other = await post('/functions', code, { ...made, code: { inline: `${inline}x` } });
    assert.equal(other.status, 422, other.body);
    assert.equal((await customer.json<Page>(`${API}/functions?name=coded`)).data.length, 1);
  });

  test('makes its thing once, also where the server is killed in between', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `killed ${n}`);
    const keys = new Map(names.map((name) => [name, newKey()]));
    const send = (name: string) => post('/flows', keys.get(name) ?? '', flow(name));
    let answered = 0;
    const sent = names.map((name) =>
      send(name).then(
        ({ status }) => {
          answered += 1;
          // Some are answered, some wait for their turn, some are being written.
          if (answered === 10) process.kill(processOf(millrace, 'serve'), 'SIGKILL');
          return status;
        },
        () => null,
      ),
    );
    const statuses = await Promise.all(sent);
    assert.ok(statuses.includes(null), 'the kill has cut some off');
    const giveUpAt = Date.now() + 30_000;
    while ((await customer.request('/healthz').catch(() => null))?.status !== 200) {
      assert.ok(Date.now() < giveUpAt, millrace.output());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const [at, name] of names.entries()) {
      const again = await send(name);
      assert.equal(again.status, 201, again.body);
      if (statuses[at] === 201) assert.ok(again.replayed, name);
    }
    assert.equal(await flowsNamed('killed'), names.length);
  });

  test('is bounded in number', async () => {
    let last: Answered | null = null;
    for (let n = 0; n <= 120 && last?.status !== 409; n += 1) {
      last = await post('/flows', newKey(), flow(`bound ${n}`));
      if (last.status === 409) assert.equal(await flowsNamed(`bound ${n}`), 0);
    }
    assert.deepEqual([last?.status, codeOf(last as Answered)], [409, 'conflict']);
    assert.match(last?.body ?? '', /idempotency keys of a day as it may: 120/);
  });
});
