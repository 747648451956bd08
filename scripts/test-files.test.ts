import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runsByItself } from './test-files.ts';

test('npm test runs the attacks and faults that are quick, and leaves out campaigns and users’ code', () => {
  const files = [
    'server/src/logs/log-lines.test.ts',
    'server/test/attacks/quick-host.test.ts',
    'server/test/faults/quick-crashes.test.ts',
    'server/test/attacks/bombs.test.ts',
    'server/test/soak/soak.test.ts',
    'server/test/faults/any.test.ts',
    'server/test/promises/functions/mailchimp/index.test.ts',
    'server/node_modules/pg/any.test.ts',
  ];
  assert.deepEqual(files.filter(runsByItself), files.slice(0, 3));
});
