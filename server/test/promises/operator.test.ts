// What the operator of an installation does by API: accounts with their own keys and labels, their limits,
// tokens for them; and who else gets there: nobody. Through the public port only.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Customer } from './customer.ts';
import { embeddedDatabaseOf, makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Account = {
  id: string;
  number: number;
  external_id: string | null;
  name: string | null;
  labels: Record<string, string>;
  limits: Record<string, number | null>;
  bounds: Record<string, number>;
  egress_deny: string[];
};
type Token = { id: string; token: string; masked: string; mode: string; test_twin: Token | null };
type Entry = {
  action: string;
  account_id: string;
  token_id: string | null;
  address: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};
type Page<Item> = { data: Item[]; next: string | null };
type Refusal = { error: { code: string; message: string; field?: string; facts?: Record<string, unknown> } };

const ACCOUNTS = '/millrace/v1/operator/accounts';
const OPERATOR_TOKEN = 'the-token-that-only-makes-accounts';
const EVERYTHING = [{ resource: '*', methods: ['*'] }];

describe('the operator', { skip: noJails() }, () => {
  let millrace: Millrace;
  let operator: Customer;

  before(async () => {
    millrace = await startMillrace({ env: { MILLRACE_OPERATOR_TOKEN: OPERATOR_TOKEN } });
    operator = new Customer(millrace);
  });
  after(() => millrace?.close());

  const send = (who: Customer, url: string, body: unknown, method = 'POST') =>
    who.request(url, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const sent = async <T>(who: Customer, url: string, body: unknown, method = 'POST'): Promise<T> => {
    const answer = await send(who, url, body, method);
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${url}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  };
  const refusal = async (answer: Response): Promise<[number, Refusal['error']]> => [
    answer.status,
    ((await answer.json()) as Refusal).error,
  ];

  test('makes an account with all that is its own, and finds it where Location says', async () => {
    const wanted = {
      external_id: 'customer 17',
      name: 'Ann’s Shop',
      labels: { plan: 'gold', region: 'eu' },
      limits: { runs_per_minute: 600 },
      bounds: { flows: 7 },
      egress_deny: ['198.51.100.0/24'],
    };
    const answer = await send(operator, ACCOUNTS, wanted);
    assert.equal(answer.status, 201);
    const made = (await answer.json()) as Account;
    assert.match(made.id, /^[A-Z]{2}[0-9]{4}$/);
    assert.deepEqual(
      [made.external_id, made.name, made.labels, made.egress_deny],
      [wanted.external_id, wanted.name, wanted.labels, wanted.egress_deny],
    );
    assert.deepEqual([made.limits.runs_per_minute, made.bounds.flows], [600, 7]);
    const { pathname } = new URL(answer.headers.get('location') ?? '');
    const { use, ...read } = await operator.json<Account & { use: Record<string, number> }>(pathname);
    assert.deepEqual(read, made);
    assert.deepEqual(
      Object.keys(use).sort(),
      Object.keys(made.bounds).sort(),
      'every bound is shown with its use',
    );
  });

  test('has one account of an external id, however often and however many at once it is asked for', async () => {
    const wanted = { external_id: 'asked often', labels: { a: '1', b: '2' } };
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(operator, ACCOUNTS, wanted)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(19).fill(200), 201]);
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Account).id));
    assert.equal(new Set(ids).size, 1);
    // The same in another order is the same.
    const again = await send(operator, ACCOUNTS, { labels: { b: '2', a: '1' }, external_id: 'asked often' });
    assert.equal(again.status, 200);
    const [status, error] = await refusal(await send(operator, ACCOUNTS, { ...wanted, name: 'Other' }));
    assert.deepEqual(
      [status, error.code, error.field, error.facts?.accountId],
      [409, 'conflict', 'external_id', ids[0]],
    );
    const { data } = await operator.json<Page<Account>>(`${ACCOUNTS}?external_id=asked%20often`);
    assert.deepEqual(
      data.map(({ id }) => id),
      [ids[0]],
    );
  });

  test('makes nothing of a wanted that breaks a rule', async () => {
    const before = await all('');
    const broken: [object, string][] = [
      [{ external_id: 'broken', bounds: { flows: -1 } }, 'bounds.flows'],
      [{ external_id: 'broken', limits: { payload_bytes: 2_000_000_000 } }, 'payload_bytes'],
      [{ external_id: 'broken', labels: { 'Not a name': 'x' } }, 'labels.Not a name'],
      [{ external_id: 'broken', egress_deny: ['nowhere'] }, 'egress_deny[0]'],
      [{ external_id: '' }, 'external_id'],
    ];
    for (const [wanted, field] of broken) {
      const [status, error] = await refusal(await send(operator, ACCOUNTS, wanted));
      assert.deepEqual(
        [status, error.code, error.field],
        [400, 'invalid_input', field],
        JSON.stringify(wanted),
      );
    }
    assert.deepEqual(await all(''), before);
  });

  const all = async (query: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let after = ''; ; ) {
      const page = await operator.json<Page<Account>>(`${ACCOUNTS}?limit=2&${query}${after}`);
      ids.push(...page.data.map(({ id }) => id));
      if (page.next === null) return ids;
      after = `&after=${page.next}`;
    }
  };

  test('lists accounts, newest first, and finds them by label and by text', async () => {
    const made: Account[] = [];
    for (const n of [1, 2, 3, 4, 5])
      made.push(
        await sent(operator, ACCOUNTS, { name: `Listed ${n}`, labels: { list: n < 4 ? 'low' : 'high' } }),
      );
    const ids = made.map(({ id }) => id).reverse();
    assert.deepEqual((await all('')).slice(0, 5), ids);
    assert.deepEqual(await all('label=list:low'), ids.slice(2));
    assert.deepEqual(await all('q=lISTED 4'), [ids[1]]);
    assert.deepEqual(await all('label=list:none'), []);
    assert.equal((await operator.request(`${ACCOUNTS}?label=list`)).status, 400);
  });

  test('changes what he names of an account, and nothing else', async () => {
    const made = await sent<Account>(operator, ACCOUNTS, {
      name: 'Before',
      labels: { keep: '1', drop: '2' },
    });
    const url = `${ACCOUNTS}/${made.id}`;
    const change = {
      name: 'After',
      labels: { drop: null, add: '3' },
      bounds: { flows: 3 },
      limits: { concurrent_runs: 2 },
    };
    const changed = await sent<Account>(operator, url, change, 'PATCH');
    assert.deepEqual(
      [changed.name, changed.labels, changed.bounds.flows, changed.limits.concurrent_runs],
      ['After', { keep: '1', add: '3' }, 3, 2],
    );
    // What was read can be sent back as it is.
    const same = await sent<Account>(operator, url, changed, 'PATCH');
    assert.deepEqual({ ...same, modified_at: '' }, { ...changed, modified_at: '' });
    const [status, error] = await refusal(await send(operator, url, { external_id: 'mine' }, 'PATCH'));
    assert.deepEqual([status, error.field], [400, 'external_id']);
    assert.equal((await send(operator, `${ACCOUNTS}/ZZ0000`, {}, 'PATCH')).status, 404);
  });

  test('makes tokens for an account, shown once, with a test twin that ends with them', async () => {
    const { id } = await sent<Account>(operator, ACCOUNTS, {});
    const tokens = `${ACCOUNTS}/${id}/tokens`;
    const wanted = { name: 'first', permissions: EVERYTHING, test_twin: true };
    const answer = await send(operator, tokens, wanted);
    assert.equal(answer.status, 201);
    const made = (await answer.json()) as Token;
    const [live, twin] = [new Customer(millrace, made.token), new Customer(millrace, made.test_twin?.token)];
    for (const [who, mode] of [
      [live, 'live'],
      [twin, 'test'],
    ] as const) {
      const fn = await who.uploadCode('exports.handler = async () => ({ statusCode: 200, body: "hello" });');
      assert.equal(await (await who.call(fn)).text(), 'hello', mode);
    }
    const listed = await operator.json<Page<Token>>(tokens);
    assert.deepEqual(listed.data.map(({ mode }) => mode).sort(), ['live', 'test']);
    assert.ok(!JSON.stringify(listed).includes(made.token));
    const { pathname } = new URL(answer.headers.get('location') ?? '');
    assert.equal((await operator.json<Token>(pathname)).masked, made.masked);
    assert.equal((await operator.request(pathname, { method: 'DELETE' })).status, 204);
    assert.equal((await live.request('/millrace/v1/functions')).status, 401);
    assert.deepEqual((await operator.json<Page<Token>>(tokens)).data, []);
  });

  test('makes tokens that end, and none that has ended', async () => {
    const { id } = await sent<Account>(operator, ACCOUNTS, {});
    const tokens = `${ACCOUNTS}/${id}/tokens`;
    const past = await send(operator, tokens, {
      permissions: EVERYTHING,
      expires_at: '2020-01-01T00:00:00Z',
    });
    assert.deepEqual(
      (await refusal(past)).map((one) => (typeof one === 'number' ? one : one.field)),
      [400, 'expires_at'],
    );
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const made = await sent<{ expires_at: string }>(operator, tokens, {
      permissions: EVERYTHING,
      expires_at: soon,
    });
    assert.equal(made.expires_at, soon);
    const twin = await send(operator, tokens, { permissions: EVERYTHING, mode: 'test', test_twin: true });
    assert.equal(twin.status, 400);
    assert.equal(
      (await send(operator, `${ACCOUNTS}/ZZ0000/tokens`, { permissions: EVERYTHING })).status,
      404,
    );
  });

  test('says whose APIs an account may use; the others are refused at once', async () => {
    const second = await makeSecondAccount(millrace);
    const customer = new Customer(millrace, second.token);
    const url = `${ACCOUNTS}/${second.id}`;
    const statusOf = async (path: string): Promise<number> => (await customer.request(path)).status;
    const statuses = async (): Promise<number[]> =>
      await Promise.all(
        [
          '/api/v1/hosted_functions',
          '/cms/v3/functions/routes',
          '/func/v1/none',
          '/millrace/v1/functions',
        ].map(statusOf),
      );
    assert.deepEqual(await statuses(), [200, 200, 404, 200]);
    const limited = await sent<Account & { dialects: string[] }>(
      operator,
      url,
      { dialects: ['revcent'] },
      'PATCH',
    );
    assert.deepEqual(limited.dialects, ['revcent']);
    assert.deepEqual(await statuses(), [403, 403, 403, 200]);
    await sent(operator, url, { dialects: ['hubspot', 'revcent'] }, 'PATCH');
    assert.deepEqual(await statuses(), [403, 200, 403, 200]);
    await sent(operator, url, { dialects: null }, 'PATCH');
    assert.deepEqual(await statuses(), [200, 200, 404, 200]);
    const [status, error] = await refusal(await send(operator, url, { dialects: ['klingon'] }, 'PATCH'));
    assert.deepEqual([status, error.field], [400, 'dialects']);
  });

  test('sees how much of each bound an account has used', async () => {
    const second = await makeSecondAccount(millrace);
    const customer = new Customer(millrace, second.token);
    const use = async (): Promise<Record<string, number>> =>
      (await operator.json<{ use: Record<string, number> }>(`${ACCOUNTS}/${second.id}`)).use;
    const before = await use();
    assert.deepEqual([before.functions, before.key_values, before.secret_tokens], [0, 0, 1]);
    await customer.uploadCode('exports.handler = async () => null;');
    for (const key of ['first_key', 'second_key'])
      await sent(customer, '/millrace/v1/key-values', { key, value: 'v' });
    const after = await use();
    assert.deepEqual([after.functions, after.function_versions, after.key_values], [1, 1, 2]);
    assert.ok((after.bundle_bytes ?? 0) > 0);
  });

  test('finds every change of an account in the audit log: who, from where, before and after, and no secret', async () => {
    const { id } = await sent<Account>(operator, ACCOUNTS, { name: 'Audited', bounds: { flows: 4 } });
    const url = `${ACCOUNTS}/${id}`;
    await sent(operator, url, { name: 'Renamed', labels: { plan: 'gold' } }, 'PATCH');
    await sent(operator, `/millrace/v1/accounts/${id}/limits`, { bounds: { flows: 5 } }, 'PATCH');
    const token = await sent<Token>(operator, `${url}/tokens`, { permissions: EVERYTHING, name: 'one' });
    await operator.request(`${url}/tokens/${token.id}`, { method: 'DELETE' });
    await sent(operator, `${url}/suspend`, { reason: 'unpaid' });
    await sent(operator, `${url}/resume`, {});
    const { token_id: me } = (await operator.json<Page<Entry>>('/millrace/v1/operator/audit?limit=1'))
      .data[0] as Entry;
    const entries: Entry[] = [];
    for (let after = ''; ; ) {
      const page = await operator.json<Page<Entry>>(
        `/millrace/v1/operator/audit?account_id=${id}&limit=3${after}`,
      );
      entries.push(...page.data);
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    assert.deepEqual(entries.map(({ action }) => action).reverse(), [
      ...['account.create', 'account.change', 'account.change', 'token.create', 'token.delete'],
      ...['account.suspend', 'account.resume'],
    ]);
    for (const { address, token_id, account_id } of entries) {
      assert.match(address ?? '', /127\.0\.0\.1|::1/);
      assert.deepEqual([token_id, account_id], [me, id]);
    }
    const [resumed, suspended, , created, limited, renamed, made] = entries;
    assert.deepEqual(renamed?.before, { name: 'Audited', labels: { plan: null } });
    assert.deepEqual(renamed?.after, { name: 'Renamed', labels: { plan: 'gold' } });
    assert.deepEqual([limited?.before, limited?.after], [{ bounds: { flows: 4 } }, { bounds: { flows: 5 } }]);
    assert.deepEqual([made?.before, made?.after?.name], [null, 'Audited']);
    assert.deepEqual(suspended?.after, { status: 'suspended', status_reason: 'unpaid' });
    assert.deepEqual(resumed?.after, { status: 'active', status_reason: null });
    assert.equal(created?.after?.name, 'one');
    const secret = token.token.split('.').at(-1) as string;
    assert.ok(!JSON.stringify(entries).includes(secret));
    // Nothing changes, or takes away, what stands there.
    const database = embeddedDatabaseOf(millrace);
    try {
      for (const statement of [
        'delete from operator_audit',
        "update operator_audit set action = 'account.change'",
        "update operator_audit set after = '{}'",
      ])
        await assert.rejects(database.query(statement), /only added to/, statement);
    } finally {
      await database.close();
    }
    assert.equal((await operator.request('/millrace/v1/operator/audit?action=nothing')).status, 400);
    const closed = await operator.json<Page<Entry>>(`/millrace/v1/operator/audit?action=account.close`);
    assert.deepEqual(closed.data, []);
  });

  test('is the first account alone: tokens of others, and for test, get nowhere', async () => {
    const second = await makeSecondAccount(millrace);
    const customer = new Customer(millrace, second.token);
    const asked = { permissions: [{ resource: 'operator', methods: ['*'] }] };
    const pretended = await sent<Token>(customer, '/api/v1/auths/secret', asked);
    const test_ = await sent<Token>(operator, '/api/v1/auths/secret?test=true', { permissions: EVERYTHING });
    const strangers = [second.token, pretended.token, test_.token].map(
      (token) => new Customer(millrace, token),
    );
    for (const who of strangers) {
      for (const [method, url] of [
        ['POST', ACCOUNTS],
        ['GET', ACCOUNTS],
        ['GET', `${ACCOUNTS}/${second.id}`],
        ['PATCH', `${ACCOUNTS}/${second.id}`],
        ['POST', `${ACCOUNTS}/${second.id}/tokens`],
        ['GET', `${ACCOUNTS}/${second.id}/tokens`],
        ['DELETE', `${ACCOUNTS}/${second.id}/tokens/x`],
        ['POST', `${ACCOUNTS}/${second.id}/suspend`],
        ['POST', `${ACCOUNTS}/${second.id}/close`],
        ['GET', '/millrace/v1/operator/deletions'],
        ['GET', '/millrace/v1/operator/audit'],
      ] as const) {
        const answer = await who.request(url, { method });
        assert.equal(answer.status, 403, `${method} ${url}`);
      }
    }
  });

  test('may hand out a token that only operates, which makes none of every permission for itself', async () => {
    const made = await sent<Token>(operator, '/api/v1/auths/secret', {
      permissions: [{ resource: 'operator', methods: ['*'], allow: true }],
    });
    assert.match(millrace.output(), /is the one in MILLRACE_OPERATOR_TOKEN/);
    const { account_id: own } = await operator.json<{ account_id: string }>('/millrace/v1/account/limits');
    for (const token of [made.token, OPERATOR_TOKEN]) {
      const narrow = new Customer(millrace, token);
      const { id } = await sent<Account>(narrow, ACCOUNTS, {});
      await sent(narrow, `${ACCOUNTS}/${id}/tokens`, { permissions: EVERYTHING });
      assert.equal((await narrow.request('/millrace/v1/functions')).status, 403);
      const refused = await send(narrow, `${ACCOUNTS}/${own}/tokens`, { permissions: EVERYTHING });
      assert.equal(refused.status, 403);
    }
  });
});
