import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ChildSource,
  type Expansion,
  expandChildren,
  readExpandPaths,
  resourceLink,
} from './expand-children.ts';

const BOUNDS = { mostFetched: 3, mostReplaced: 10, mostBytes: 1_000 };
const at = (path: string): string => `https://shop.example.com/api/v1/${path}`;

function expand(data: unknown, paths: string, source: Partial<ChildSource> = {}): Promise<Expansion> {
  return expandChildren(data, readExpandPaths(paths), { related: {}, fetch: null, ...source }, BOUNDS);
}

test('a link is replaced by the child that the event brought', async () => {
  const data = { order_id: '1', customer: at('customers/c1') };
  const { data: expanded, problems } = await expand(data, 'customer', {
    related: { customer: { name: 'Jo' } },
  });
  assert.deepEqual(expanded, { order_id: '1', customer: { name: 'Jo' } });
  assert.deepEqual(problems, []);
  assert.equal(data.customer, at('customers/c1'));
});

test('each link of a list is replaced by the child of its name, and theirs in turn', async () => {
  const payments = [at('payments/p1'), at('payments/p2')];
  const related = {
    payments: [
      { payment_id: 'p2', payment_method: at('payment_methods/m') },
      { url: at('payments/p1'), payment_method: null },
    ],
    'payments.payment_method': { type: 'card' },
  };
  const { data } = await expand({ payments }, 'payments.payment_method', { related });
  assert.deepEqual(data, {
    payments: [
      { url: at('payments/p1'), payment_method: null },
      { payment_id: 'p2', payment_method: { type: 'card' } },
    ],
  });
});

test('a child that the data does not mention is added where the event brought it', async () => {
  assert.deepEqual((await expand({}, 'customer', { related: { customer: { name: 'Jo' } } })).data, {
    customer: { name: 'Jo' },
  });
  assert.deepEqual((await expand({}, 'toString,customer')).data, {});
});

test('what the event does not bring is asked for by the end of its link', async () => {
  const asked: string[] = [];
  const fetch: ChildSource['fetch'] = async ({ collection, id }) => {
    asked.push(`${collection}/${id}`);
    return { name: id };
  };
  const { data } = await expand({ customer: at('customers/c1'), order: 'x' }, 'customer,order', { fetch });
  assert.deepEqual(data, { customer: { name: 'c1' }, order: 'x' });
  assert.deepEqual(asked, ['customers/c1']);
});

test('an unreachable child leaves its link and is told', async () => {
  const fetch: ChildSource['fetch'] = async () => {
    throw new Error('the resource answered 500');
  };
  const customer = at('customers/c1');
  assert.deepEqual(await expand({ customer }, 'customer', { fetch }), {
    data: { customer },
    problems: ['customer: the resource answered 500'],
  });
});

test('children are bounded in number and size', async () => {
  const items = Array.from({ length: 5 }, (_, index) => at(`items/${index}`));
  const fetch: ChildSource['fetch'] = async ({ id }) => ({ id });
  const asked = await expand({ items }, 'items', { fetch });
  assert.deepEqual((asked.data as { items: unknown[] }).items.slice(2), [{ id: '2' }, items[3], items[4]]);
  assert.deepEqual(asked.problems, ['items: too many children to ask for']);
  const large = await expand({ items }, 'items', { related: { items: { text: 'x'.repeat(400) } } });
  assert.deepEqual(
    (large.data as { items: unknown[] }).items.map((item) => typeof item),
    [...['object', 'object', 'string', 'string', 'string']],
  );
  assert.deepEqual(large.problems, ['items: there is too much to expand']);
});

test('only the address of a resource is a link', () => {
  assert.deepEqual(resourceLink(at('customers/abc?x=1')), { collection: 'customers', id: 'abc' });
  assert.deepEqual(resourceLink('/customers/abc'), { collection: 'customers', id: 'abc' });
  for (const text of ['abc', at('customers/a%2Fb'), at('Customers/abc'), at('customers/a.b'), '']) {
    assert.equal(resourceLink(text), null, text);
  }
});

test('paths that are no names are refused', () => {
  for (const text of ['', 'a,,b', 'a.b.c.d.e.f', '__proto__', 'a b', 'x,'.repeat(30)]) {
    assert.throws(() => readExpandPaths(text), /must/, text);
  }
  assert.deepEqual(readExpandPaths('customer, payments.payment_method'), [
    ['customer'],
    ['payments', 'payment_method'],
  ]);
});
