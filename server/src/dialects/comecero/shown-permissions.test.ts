import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVERYTHING, effectivePermissions, type PermissionEntry } from '../../tokens/permissions.ts';
import { CONSOLE_RESOURCES, shownPermissions } from './shown-permissions.ts';

const shown = (entries: readonly PermissionEntry[]) => shownPermissions(effectivePermissions(entries));

test('a token that may do everything may do it on every resource that the console asks for', () => {
  for (const resource of CONSOLE_RESOURCES) {
    assert.deepEqual(
      shown(EVERYTHING)[resource],
      { read: true, create: true, update: true, delete: true },
      resource,
    );
  }
});

test('one that may do less may do nothing there but what it may do everywhere', () => {
  const reader = shown([{ resource: '*', methods: ['read'], allow: true }]);
  assert.deepEqual(reader.products, { read: true, create: false, update: false, delete: false });
  const almost = shown([...EVERYTHING, { resource: 'flows', methods: ['delete'], allow: false }]);
  assert.deepEqual(almost.products, { read: true, create: true, update: true, delete: false });
  assert.deepEqual(almost.events?.delete, true);
});
