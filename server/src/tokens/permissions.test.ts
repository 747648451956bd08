import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  EVERYTHING,
  effectivePermissions,
  METHODS,
  type PermissionEntry,
  permissionBeyond,
  permissionEntries,
  RESOURCES,
} from './permissions.ts';

const allow = (resource: string, ...methods: string[]): PermissionEntry => ({
  resource,
  methods,
  allow: true,
});
const deny = (resource: string, ...methods: string[]): PermissionEntry => ({
  resource,
  methods,
  allow: false,
});

describe('permissions', () => {
  test('nothing is permitted that no entry allows', () => {
    const effective = effectivePermissions([allow('users', 'read')]);
    assert.deepEqual(effective.users, { read: true, create: false, update: false, delete: false });
    assert.equal(effective.auths.read, false);
  });

  test('a deny wins over an allow wherever it stands', () => {
    for (const entries of [
      [deny('auths', 'create'), ...EVERYTHING],
      [...EVERYTHING, deny('auths', 'create')],
    ]) {
      const { auths } = effectivePermissions(entries);
      assert.deepEqual([auths.create, auths.read], [false, true]);
    }
  });

  test('a deny with a wildcard method takes the whole resource', () => {
    const { auths } = effectivePermissions([...EVERYTHING, deny('auths', '*')]);
    assert.deepEqual(Object.values(auths), [false, false, false, false]);
  });

  test('everything permits everything', () => {
    const effective = effectivePermissions(EVERYTHING);
    assert.ok(RESOURCES.every((resource) => METHODS.every((method) => effective[resource][method])));
  });

  test('what goes beyond is named', () => {
    assert.equal(permissionBeyond(EVERYTHING, EVERYTHING), null);
    assert.equal(
      permissionBeyond([allow('users', 'read')], [allow('users', 'read', 'update')]),
      'update users',
    );
    assert.equal(permissionBeyond([...EVERYTHING, deny('auths', 'delete')], EVERYTHING), 'delete auths');
  });

  test('a wildcard goes beyond every list of resources, because resources may come', () => {
    const each = RESOURCES.map((resource) => allow(resource, '*'));
    assert.equal(permissionBeyond(each, EVERYTHING), 'read *');
    assert.equal(permissionBeyond(EVERYTHING, each), null);
  });

  test('entries without allow are taken to allow', () => {
    const entries = permissionEntries.parse([{ resource: 'users', methods: ['read'] }]);
    assert.deepEqual(entries, [allow('users', 'read')]);
  });
});
