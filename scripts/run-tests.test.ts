import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

describe('the test runner', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-run-tests-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs test files of these texts; hands back the status and what was printed. */
  function runTests(texts: string[], ...options: string[]): { status: number | null; lines: string[] } {
    const files = texts.map((text, index) => {
      const file = path.join(folder, `${index}.test.mjs`);
      writeFileSync(file, `import { after, describe, test } from 'node:test';\n${text}`);
      return file;
    });
    const runner = path.join(import.meta.dirname, 'run-tests.ts');
    // A runner inside a test would otherwise report to the outer one.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const done = spawnSync(process.execPath, [runner, ...options, ...files], { encoding: 'utf8', env });
    return { status: done.status, lines: done.stdout.trimEnd().split('\n') };
  }

  test('closes with the totals', () => {
    const { status, lines } = runTests([
      "test('a', () => {}); describe('s', () => { test('b', () => {}); });",
    ]);
    assert.equal(lines.at(-1), '2 passed, 0 failed');
    assert.equal(status, 0);
  });

  test('tells a skip with its reason', () => {
    const { lines } = runTests(["test('a', () => {}); test('b', { skip: 'no moon' }, () => {});"]);
    assert.match(lines.at(-2) ?? '', /^skipped: b \(.*\): no moon$/);
    assert.equal(lines.at(-1), '1 passed, 0 failed, 1 skipped');
  });

  test('tells a failure in full, with what the file printed, and fails', () => {
    const text =
      "console.log('a trace'); describe('s', () => { test('b', () => { throw new Error('broken'); }); });";
    const { status, lines } = runTests([text]);
    assert.equal(status, 1);
    assert.match(lines.join('\n'), /FAILED b[\s\S]*Error: broken[\s\S]*a trace/);
    assert.equal(lines.at(-1), '0 passed, 1 failed');
  });

  test('tells a failure of a test that the file has from elsewhere', () => {
    const shared =
      "import { test } from 'node:test'; export const shared = () => test('b', () => { throw new Error('broken'); });";
    writeFileSync(path.join(folder, 'shared.mjs'), shared);
    const { lines } = runTests(["import { shared } from './shared.mjs'; test('a', () => {}); shared();"]);
    assert.match(
      lines.join('\n'),
      /FAIL .*shared\.mjs: 0 passed, 1 failed\n {2}FAILED b[\s\S]*Error: broken/,
    );
    assert.equal(lines.at(-1), '1 passed, 1 failed');
  });

  for (const [what, text] of [
    ['can not be loaded', "throw new Error('broken')"],
    ['runs no test', ''],
    ['fails in a hook', "after(() => { throw new Error('broken'); }); test('a', () => {});"],
  ] as const) {
    test(`fails for a file that ${what}`, () => {
      const { status, lines } = runTests([text, "test('a', () => {});"]);
      assert.equal(status, 1);
      assert.match(lines.at(-1) ?? '', /passed, 1 failed$/);
    });
  }

  test('fails when every test is skipped', () => {
    assert.equal(runTests(["test('a', { skip: 'why' }, () => {});"]).status, 1);
  });

  test('counts the check of the house rules', () => {
    const { status, lines } = runTests(["test('a', () => {});"], '--check=failed');
    assert.equal(lines.at(-1), '1 passed, 1 failed');
    assert.equal(status, 1);
  });
});
