import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from './operator-audit.ts';

test('what differs of two views is told, field by field, and nothing else', () => {
  const before = {
    name: 'A',
    labels: { a: '1', b: '2' },
    list: [1],
    bounds: { flows: 1, files: 2 },
    modified_at: '1',
  };
  const after = {
    name: null,
    labels: { a: '1', c: '3' },
    list: [1],
    bounds: { flows: 5, files: 2 },
    modified_at: '2',
  };
  assert.deepEqual(differences(before, after), {
    before: { name: 'A', labels: { b: '2', c: null }, bounds: { flows: 1 } },
    after: { name: null, labels: { b: null, c: '3' }, bounds: { flows: 5 } },
  });
  assert.deepEqual(differences(before, before), { before: {}, after: {} });
});
