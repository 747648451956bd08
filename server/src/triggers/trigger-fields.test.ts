import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { readNewTrigger, readTriggerChange } from './trigger-fields.ts';

const BOUNDS = { delayLeastMs: 300_000, delayMostMs: 172_800_000 };
const FIELDS = {
  function_id: 'f1',
  kind: 'account_event',
  settings: { notations: ['sale.created'] },
};

function refusalOf(fields: Record<string, unknown>): [string | undefined, string] {
  try {
    readNewTrigger({ ...FIELDS, ...fields }, BOUNDS, 0);
  } catch (error) {
    assert.ok(error instanceof Failure);
    return [error.field, error.message];
  }
  return assert.fail('it is not refused');
}

test('a trigger listens to everything of its notations unless it says otherwise', () => {
  assert.deepEqual(readNewTrigger(FIELDS, BOUNDS, 0), {
    ...{ functionId: 'f1', kind: 'account_event', name: null, enabled: true, delayMs: 0 },
    settings: { notations: ['sale.created'], campaigns: [], shops: [] },
  });
});

test('a delay is none, or within its bounds', () => {
  for (const delay_ms of [0, 300_000, 172_800_000]) {
    assert.equal(readNewTrigger({ ...FIELDS, delay_ms }, BOUNDS, 0).delayMs, delay_ms);
  }
  for (const delay_ms of [-1, 1, 299_999, 172_800_001, 1.5, '300000']) {
    assert.equal(refusalOf({ delay_ms })[0], 'delay_ms');
  }
});

test('what is answered while somebody waits, or has its own time, can’t be put off', () => {
  assert.match(
    refusalOf({ kind: 'function_url', delay_ms: 300_000, settings: {} })[1],
    /only account_event and webhook/,
  );
  assert.match(refusalOf({ kind: 'schedule', delay_ms: 300_000 })[1], /only account_event and webhook/);
});

test('a refusal names the field of the settings', () => {
  assert.equal(refusalOf({ settings: { notations: [] } })[0], 'settings.notations');
  assert.equal(refusalOf({ settings: { notations: ['Sale'] } })[0], 'settings.notations.0');
  assert.equal(refusalOf({ settings: { notations: ['a.b'], campaigns: [''] } })[0], 'settings.campaigns.0');
  assert.equal(refusalOf({ settings: { notations: ['a.b'], campaigns: ['\0'] } })[0], 'settings.campaigns.0');
  assert.match(refusalOf({ settings: { notations: ['a.b'], more: 1 } })[1], /"more"/);
  assert.equal(refusalOf({ settings: undefined })[0], 'settings');
  assert.equal(refusalOf({ kind: 'telepathy' })[0], 'kind');
});

test('a change leaves what it does not name', () => {
  const settings = { notations: ['sale.created'], campaigns: ['c'], shops: [] };
  const before = { kind: 'account_event', settings } as const;
  assert.deepEqual(readTriggerChange({ name: null }, before, { bounds: BOUNDS, nowMs: 0 }), { name: null });
  assert.deepEqual(
    readTriggerChange({ settings: { notations: ['a.b'] } }, before, { bounds: BOUNDS, nowMs: 0 }).settings,
    { notations: ['a.b'], campaigns: [], shops: [] },
  );
});
