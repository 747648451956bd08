import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runsByItself, TEST_PATTERNS } from './test-files.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

test('npm test runs the attacks and faults that are quick, and leaves out long forms, campaigns and users’ code', () => {
  const files = [
    'server/src/logs/log-lines.test.ts',
    'server/src/functions/canary.test.ts',
    'server/test/attacks/quick-host.test.ts',
    'server/test/faults/quick-crashes.test.ts',
    'server/test/promises/changes-hold.long.test.ts',
    'server/test/attacks/bombs.test.ts',
    'server/test/soak/soak.test.ts',
    'server/test/image/image.test.ts',
    'server/test/faults/any.test.ts',
    'server/test/promises/functions/mailchimp/index.test.ts',
    'server/node_modules/pg/any.test.ts',
  ];
  assert.deepEqual(
    files.filter((file) => runsByItself(file, false)),
    files.slice(0, 4),
  );
  assert.deepEqual(
    files.filter((file) => runsByItself(file, true)),
    files.slice(0, 5),
  );
});

test('no test file lies where npm test looks for none', () => {
  const exclude = ['**/node_modules/**', 'build/**', 'console/dist*/**', 'examples/**'];
  const all = globSync('**/*.test.{ts,tsx,mjs,cjs,js}', { cwd: ROOT, exclude });
  const found = new Set(globSync([...TEST_PATTERNS], { cwd: ROOT, exclude }));
  assert.deepEqual(
    all.filter((file) => runsByItself(file, true) && !found.has(file)),
    [],
  );
});
