import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { readEvents } from './event-fields.ts';
import { MOST_LEVELS } from './json-problem.ts';

const BOUNDS = { eventBytes: 4096, eventsPerRequest: 3 };
const EVENT = { type: 'order:created', item_id: 'OR1' };

function refusalOf(body: unknown): Failure {
  try {
    readEvents(body, BOUNDS);
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error;
  }
  return assert.fail('it is not refused');
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

test('one event, a list and {events} say the same', () => {
  const [one] = readEvents(EVENT, BOUNDS);
  const { field: _, nameFields, ...rest } = one as NonNullable<typeof one>;
  assert.deepEqual(nameFields, ['type']);
  assert.deepEqual(rest, {
    ...{ id: null, names: ['order:created'], itemType: null, itemId: 'OR1', campaign: null, shop: null },
    ...{ date: null, data: {}, related: {} },
  });
  for (const body of [[EVENT], { events: [EVENT] }]) {
    const [{ field, nameFields: told, ...same } = assert.fail()] = readEvents(body, BOUNDS);
    assert.deepEqual(told, [`${field}type`]);
    assert.deepEqual(same, rest);
  }
});

test('every name is told with the field that it was given in first', () => {
  const notations = ['sale.created', 'order:created', 'sale.created'];
  const [event] = readEvents([{ ...EVENT, notations }], BOUNDS);
  assert.deepEqual(event?.names, ['order:created', 'sale.created']);
  assert.deepEqual(event?.nameFields, ['0.type', '0.notations.0']);
});

test('what is no event at all is refused by its place', () => {
  const { message, field } = refusalOf([EVENT, null]);
  assert.deepEqual([message, field], ['1: must be an object', '1']);
});

test('a time with an offset is told in UTC', () => {
  const [event] = readEvents({ ...EVENT, date: '2026-11-22T14:00:00.5+02:00' }, BOUNDS);
  assert.equal(event?.date, '2026-11-22T12:00:00.500Z');
});

const REFUSED: [string, unknown, string, string][] = [
  ['no event', undefined, 'invalid_input', ''],
  ['a text', 'sale', 'invalid_input', ''],
  ['no item', { type: 'order:created' }, 'invalid_input', 'item_id'],
  ['no type', { item_id: 'x' }, 'invalid_input', 'type'],
  ['an ill-formed type', { ...EVENT, type: 'Order' }, 'invalid_input', 'type'],
  ['an ill-formed notation', { item_id: 'x', notations: ['sale'] }, 'invalid_input', 'notations.0'],
  ['an unknown field', { ...EVENT, typ: 1 }, 'invalid_input', 'typ'],
  ['an id with a blank', { ...EVENT, id: 'a b' }, 'invalid_input', 'id'],
  ['a day that is none', { ...EVENT, date: '2026-02-30T00:00:00Z' }, 'invalid_input', 'date'],
  ['a time without a zone', { ...EVENT, date: '2026-02-20T00:00:00' }, 'invalid_input', 'date'],
  ['a year before 1900', { ...EVENT, date: '0000-01-01T00:00:00Z' }, 'invalid_input', 'date'],
  ['data that is no object', { ...EVENT, data: [1] }, 'invalid_input', 'data'],
  ['NUL in data', { ...EVENT, data: { a: { b: 'x\0' } } }, 'invalid_input', 'data.a.b'],
  ['NUL in a name of data', { ...EVENT, data: { a: { 'b\0': 1 } } }, 'invalid_input', 'data.a'],
  ['half of a surrogate pair', { ...EVENT, related: { a: ['\ud83d'] } }, 'invalid_input', 'related.a.0'],
  ['NUL in a campaign', { ...EVENT, campaign: 'c\0' }, 'invalid_input', 'campaign'],
  [
    'a number beyond a double',
    JSON.parse('{"type":"a.b","item_id":"1","data":{"n":1e999}}'),
    'invalid_input',
    'data.n',
  ],
  [
    'bottomless data',
    { ...EVENT, data: { deep: nested(50_000) } },
    'invalid_input',
    `data.deep${'.0'.repeat(MOST_LEVELS)}`,
  ],
  ['too much data', { ...EVENT, data: { text: 'ü'.repeat(2048) } }, 'payload_too_large', 'data'],
  ['two item types', { ...EVENT, item_type: 'a', subject: 'b' }, 'invalid_input', 'subject'],
  ['no events', { events: [] }, 'invalid_input', 'events'],
  ['too many events', [EVENT, EVENT, EVENT, EVENT], 'payload_too_large', 'events'],
  ['one bad event in a list', [EVENT, { ...EVENT, item_id: 7 }], 'invalid_input', '1.item_id'],
  ['one in {events}', { events: [EVENT, { item_id: 'x' }] }, 'invalid_input', 'events.1.type'],
  [
    'one that is too large',
    { events: [{ ...EVENT, data: { a: 'x'.repeat(5000) } }] },
    'payload_too_large',
    'events.0.data',
  ],
];

for (const [what, body, code, field] of REFUSED) {
  test(`${what} is refused`, () => {
    const { code: told, field: place, message } = refusalOf(body);
    assert.deepEqual([told, place ?? ''], [code, field], message);
  });
}
