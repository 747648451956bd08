import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AreaName, collectOffers, type Offer } from './area.ts';

const NAMES = [
  'builds',
  'comecero',
  'deliveries',
  'flows',
  'hubspot',
  'own_functions',
  'revcent',
  'schedules',
  'templates',
];
const NOTHING = Object.fromEntries(NAMES.map((name) => [name, {}])) as Record<AreaName, Offer>;
const follow = async (): Promise<void> => {};

test('what areas offer is collected by kind', () => {
  const offered = collectOffers({
    ...NOTHING,
    flows: { followers: { flow: follow } },
    schedules: { followers: { schedule: follow } },
    builds: { buildFollowers: { api: follow } },
  });
  assert.deepEqual(Object.keys(offered.followers).sort(), ['flow', 'schedule']);
  assert.deepEqual(Object.keys(offered.buildFollowers), ['api']);
  assert.deepEqual(offered.consumers, []);
});

test('two areas that offer the same are refused', () => {
  const flows = { followers: { flow: follow } };
  assert.throws(() => collectOffers({ ...NOTHING, flows, schedules: flows }), /two areas .* offer flow/);
});
