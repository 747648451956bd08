// Plans: sets of limits and bounds that the operator puts accounts on, changes in one place, and takes away.
// Through the public port only.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../until.ts';
import { Customer } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Account = {
  id: string;
  limits: Record<string, number | null>;
  bounds: Record<string, number>;
};
type Planned = Account & {
  plan: string | null;
  own: { limits: Record<string, number>; bounds: Record<string, number> };
};
type Token = { token: string };
type Entry = {
  account_id: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};
type Page<Item> = { data: Item[]; next: string | null };
type Refusal = { error: { field?: string; facts?: Record<string, unknown> } };

const ACCOUNTS = '/millrace/v1/operator/accounts';
const EVERYTHING = [{ resource: '*', methods: ['*'] }];

describe('the operator', { skip: noJails() }, () => {
  let millrace: Millrace;
  let operator: Customer;

  before(async () => {
    millrace = await startMillrace();
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

  test('puts accounts on plans: their own numbers count first, then the plan’s, then the defaults', async () => {
    const plans = '/millrace/v1/operator/plans';
    const terms = { limits: { runs_per_minute: 3, queued_runs: 7 }, bounds: { smtp_profiles: 1, users: 1 } };
    const made = await send(operator, plans, { name: 'bronze', description: 'for a start', ...terms });
    assert.equal(made.status, 201);
    const bronze = new URL(made.headers.get('location') ?? '').pathname;
    assert.deepEqual((await refusal(await send(operator, plans, { name: 'bronze' })))[0], 409);
    const usual = await sent<Account>(operator, ACCOUNTS, {});
    const account = await sent<Planned>(operator, ACCOUNTS, { plan: 'bronze' });
    const url = `${ACCOUNTS}/${account.id}`;
    const { token } = await sent<Token>(operator, `${url}/tokens`, { permissions: EVERYTHING });
    const customer = new Customer(millrace, token);
    const shown = ({ plan, limits, bounds, own }: Planned) => ({
      ...{ plan, runs: limits.runs_per_minute, profiles: bounds.smtp_profiles, flows: bounds.flows, own },
    });
    const nothing = { limits: {}, bounds: {} };
    const flows = usual.bounds.flows;
    assert.deepEqual(shown(account), { plan: 'bronze', runs: 3, profiles: 1, flows, own: nothing });
    let names = 0;
    const profile = async (): Promise<number> =>
      (
        await send(customer, '/millrace/v1/smtp_profiles', {
          ...{ name: `p${names++}`, host: 'mail.example', sender: 'a@b.example' },
        })
      ).status;
    assert.deepEqual([await profile(), await profile()], [201, 409]);
    const invited = await send(operator, `${url}/invitations`, { email: 'a@b.example', role: 'owner' });
    assert.equal(invited.status, 409, 'its owner is the one user that the plan has');
    // What was read can be sent back; a number of its own counts before the plan's.
    const own = await sent<Planned>(operator, url, { ...account, bounds: { smtp_profiles: 2 } }, 'PATCH');
    assert.deepEqual(own.own, { limits: {}, bounds: { smtp_profiles: 2 } });
    assert.deepEqual([await profile(), await profile()], [201, 409]);
    await sent(operator, bronze, { bounds: { smtp_profiles: 9, users: null } }, 'PATCH');
    assert.equal(await profile(), 409);
    await sent(operator, url, { bounds: { smtp_profiles: null } }, 'PATCH');
    assert.equal(await profile(), 201);
    const read = await operator.json<Planned>(url);
    assert.deepEqual(shown(read), { plan: 'bronze', runs: 3, profiles: 9, flows, own: nothing });
    assert.equal(read.bounds.users, usual.bounds.users);

    assert.deepEqual(
      (await operator.json<Page<Account>>(`${ACCOUNTS}?plan=bronze`)).data.map(({ id }) => id),
      [account.id],
    );
    const used = await operator.request(bronze, { method: 'DELETE' });
    assert.deepEqual([used.status, (await refusal(used))[1].facts], [409, { accounts: 1 }]);
    const [status, error] = await refusal(await send(operator, url, { plan: 'iron' }, 'PATCH'));
    assert.deepEqual([status, error.field], [400, 'plan']);
    await sent(operator, url, { plan: null }, 'PATCH');
    assert.deepEqual(shown(await operator.json<Planned>(url)), shown({ ...usual, plan: null, own: nothing }));
    assert.equal((await operator.request(bronze, { method: 'DELETE' })).status, 204);
    const actions = ['plan.create', 'plan.change', 'plan.delete'];
    for (const action of actions) {
      const { data } = await operator.json<Page<Entry>>(`/millrace/v1/operator/audit?action=${action}`);
      assert.deepEqual(
        data.map((entry) => [entry.account_id, (entry.after ?? entry.before)?.name]),
        [[null, 'bronze']],
        action,
      );
    }
  });

  test('changes a plan for runs, too: the next calls go by it', async () => {
    const plan = { name: 'tight', limits: { runs_per_minute: 1 } };
    await sent(operator, '/millrace/v1/operator/plans', plan);
    const { id } = await sent<Planned>(operator, ACCOUNTS, { plan: 'tight' });
    const asked = { permissions: EVERYTHING };
    const customer = new Customer(
      millrace,
      (await sent<Token>(operator, `${ACCOUNTS}/${id}/tokens`, asked)).token,
    );
    const fn = await customer.uploadCode('exports.handler = async () => ({ statusCode: 200 });');
    // A minute may begin between two calls, but not between all of them.
    const statuses = new Set<number>();
    for (let calls = 0; calls < 4; calls += 1) statuses.add((await customer.call(fn)).status);
    assert.ok(statuses.has(429), [...statuses].join());
    await sent(operator, '/millrace/v1/operator/plans/tight', { limits: { runs_per_minute: 0 } }, 'PATCH');
    await until('it is let in', async () => (await customer.call(fn)).status === 200);
    for (let calls = 0; calls < 4; calls += 1) assert.equal((await customer.call(fn)).status, 200);
  });
});
