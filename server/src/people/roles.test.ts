import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { permissionsOf, requireMayGive } from './roles.ts';

const viewer = { role: 'viewer', seesInputs: false } as const;

describe('roles', () => {
  test('an owner may everything in the account, and operates nothing', () => {
    const { operator, ...others } = permissionsOf({ role: 'owner', seesInputs: true }, true);
    assert.ok(Object.values(others).every((methods) => Object.values(methods).every(Boolean)));
    assert.ok(!Object.values(operator).some(Boolean));
  });

  test('an operator operates in the account of the operator alone', () => {
    const holder = { role: 'operator', seesInputs: true } as const;
    assert.deepEqual(
      [true, false].map((isOperators) => permissionsOf(holder, isOperators).operator.create),
      [true, false],
    );
  });

  test('a developer changes code and runs, and neither people nor tokens', () => {
    const may = permissionsOf({ role: 'developer', seesInputs: true }, false);
    assert.deepEqual(
      [may.hosted_functions.update, may.function_runs.create, may.run_contents.read, may.users.read],
      [true, true, true, true],
    );
    assert.deepEqual([may.users.create, may.auths.read, may.accounts.update], [false, false, false]);
  });

  test('a viewer changes nothing, and sees neither secrets nor, unless allowed, inputs', () => {
    const may = permissionsOf(viewer, true);
    assert.ok(
      Object.values(may).every(({ create, update, delete: remove }) => !create && !update && !remove),
    );
    assert.deepEqual(
      [
        may.function_runs.read,
        may.function_values.read,
        may.auths.read,
        may.run_contents.read,
        may.events.read,
      ],
      [true, false, false, false, false],
    );
    assert.deepEqual([may.flows.read, may.email_templates.read, may.queries.read], [false, false, false]);
    const allowed = permissionsOf({ ...viewer, seesInputs: true }, true);
    assert.deepEqual([allowed.run_contents.read, allowed.events.read], [true, true]);
  });

  test('nobody gives what he lacks', () => {
    const developer = permissionsOf({ role: 'developer', seesInputs: true }, false);
    requireMayGive(developer, permissionsOf(viewer, false));
    assert.throws(
      () => requireMayGive(developer, permissionsOf({ role: 'owner', seesInputs: true }, false)),
      {
        code: 'insufficient_permissions',
        field: 'role',
      },
    );
  });
});
