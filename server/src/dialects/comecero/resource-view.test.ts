import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../../errors/failure.ts';
import { readViewOptions, renderView } from './resource-view.ts';

const order = {
  order_id: 'o1',
  date_created: new Date('2030-07-01T12:30:00.250Z'),
  customer: { name: 'Ann', email: 'ann@example.com', address: { city: 'Graz', zip: '8010' } },
  items: [
    { name: 'a', price: 1 },
    { name: 'b', price: 2 },
  ],
  note: null,
};

const render = (query: Record<string, string>) => renderView(order, readViewOptions(query));

describe('resource view', () => {
  test('show keeps the named fields, in the resource, its children and its lists', () => {
    assert.deepEqual(render({ show: 'order_id, customer.address.city,items.price,unknown' }), {
      order_id: 'o1',
      customer: { address: { city: 'Graz' } },
      items: [{ price: 1 }, { price: 2 }],
    });
  });

  test('show of a whole child wins over show of a part of it', () => {
    assert.deepEqual(render({ show: 'customer.name,customer' }).customer, order.customer);
  });

  test('hide takes the named fields away', () => {
    const view = render({ hide: 'items.name,customer.address,note,date_created' });
    assert.deepEqual(view, {
      order_id: 'o1',
      customer: { name: 'Ann', email: 'ann@example.com' },
      items: [{ price: 1 }, { price: 2 }],
    });
  });

  test('show and hide together are refused', () => {
    assert.throws(() => readViewOptions({ show: 'a', hide: 'b' }), Failure);
  });

  for (const [timezone, expected] of [
    ['UTC', '2030-07-01T12:30:00.250Z'],
    ['', '2030-07-01T12:30:00.250Z'],
    ['America/New_York', '2030-07-01T08:30:00.250-04:00'],
    ['Asia/Kolkata', '2030-07-01T18:00:00.250+05:30'],
    ['Pacific/Auckland', '2030-07-02T00:30:00.250+12:00'],
    ['Europe/London', '2030-07-01T13:30:00.250+01:00'],
    ['Africa/Abidjan', '2030-07-01T12:30:00.250+00:00'],
  ] as const) {
    test(`dates are written in the time zone ${JSON.stringify(timezone)}`, () => {
      const written = render({ timezone }).date_created;
      assert.equal(written, expected);
      assert.equal(new Date(String(written)).getTime(), order.date_created.getTime());
    });
  }

  test('an unknown time zone, or formatted that is no boolean, is refused', () => {
    assert.throws(() => readViewOptions({ timezone: 'Mars/Olympus' }), /timezone/);
    assert.throws(() => readViewOptions({ formatted: 'yes' }), /formatted/);
  });
});
