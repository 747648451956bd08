import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { withoutTold } from './sent-back.ts';

const endpoint = {
  body: z.strictObject({ name: z.string() }),
  response: z.object({ id: z.string(), name: z.string(), created_at: z.string() }),
};

test('what only answers have is left out of a body, what nobody knows is not', () => {
  const sent = { id: 'a', name: 'n', created_at: 'now', turbo: 1 };
  assert.deepEqual(withoutTold(endpoint, {}, sent), { name: 'n', turbo: 1 });
  assert.deepEqual(withoutTold(endpoint, { id: 'a' }, sent), { name: 'n', turbo: 1 });
  assert.deepEqual(withoutTold(endpoint, { id: 'b' }, sent), { id: 'a', name: 'n', turbo: 1 });
});

test('other bodies, and those of other schemas, stay as they are', () => {
  for (const body of [null, 'text', [1], { name: 'n' }]) assert.equal(withoutTold(endpoint, {}, body), body);
  const any = { response: endpoint.response, body: z.unknown() };
  const sent = { id: 'a' };
  assert.equal(withoutTold(any, {}, sent), sent);
});
