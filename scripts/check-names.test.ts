import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nameProblems } from './check-names.ts';

function problemsOf(path: string, text = ''): string[] {
  return nameProblems([{ path, text }]).map((problem) => `${problem.line}: ${problem.text}`);
}

describe('the name check', () => {
  for (const path of [
    'server/src/runs/run-store.ts',
    'server/src/runs/run-store.test.ts',
    'server/sql/0001_foundation.sql',
    'README.md',
    'LICENSE',
    '.ci/run',
    '.gitignore',
    'docs/decisions/README.md',
    'server/test/promises/functions/Some_User/lib/Index.js',
  ]) {
    test(`${path} is a good name`, () => assert.deepEqual(problemsOf(path), []));
  }

  for (const path of [
    'server/src/utils/x.ts',
    'server/src/runs/types.ts',
    'server/src/runs/run-helpers.ts',
    'server/src/runs/run-manager.test.ts',
    'server/src/runs/runStore.ts',
    'server/src/runs/run_store.ts',
    'docs/Configuration.md',
  ]) {
    test(`${path} is a bad name`, () => assert.equal(problemsOf(path).length, 1));
  }

  test('a vendor is named in its dialect, in documents and in tests only', () => {
    const text = 'one\n// what HubSpot does\n';
    assert.deepEqual(problemsOf('server/src/dialects/hubspot/routes.ts', text), []);
    assert.deepEqual(problemsOf('server/test/promises/x.test.ts', text), []);
    assert.deepEqual(problemsOf('docs/x.md', text), []);
    assert.match(problemsOf('server/src/runs/run.ts', text)[0] as string, /^2: names HubSpot/);
  });

  test('a file of code has at most 400 lines', () => {
    assert.deepEqual(problemsOf('server/src/runs/run.ts', 'x\n'.repeat(400)), []);
    assert.match(problemsOf('server/src/runs/run.ts', 'x\n'.repeat(401))[0] as string, /401 lines/);
    assert.deepEqual(problemsOf('docs/x.md', 'x\n'.repeat(401)), []);
  });

  test('comments keep to the columns of the formatter; drawings and links need not', () => {
    const line = `// ${'word '.repeat(24)}`;
    assert.deepEqual(problemsOf('scripts/a.ts', line), ['1: a comment of 123 columns, 110 at most']);
    assert.deepEqual(problemsOf('scripts/a.ts', `//   ${'word '.repeat(24)}`), []);
    assert.deepEqual(problemsOf('scripts/a.ts', `// see ${'x'.repeat(120)}`), []);
  });
});
