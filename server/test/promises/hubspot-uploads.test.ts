// The short form of server/test/soak/upload-soak.test.ts: what callers see while a folder is uploaded again
// and again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { soakUploads } from '../soak/upload-soak.ts';
import { noJails, startMillrace } from './start-millrace.ts';

test('a folder that is uploaded once a second never fails a call, and never mixes versions', {
  skip: noJails(),
}, async (t) => {
  const millrace = await startMillrace();
  try {
    const seen = await soakUploads(millrace, { seconds: 8, sleep });
    t.diagnostic(`${seen.calls} calls, ${seen.uploads} uploads, ${seen.versions} versions seen`);
    assert.deepEqual(seen.faults, []);
    assert.ok(seen.versions >= 2, 'no new version came to be seen');
  } finally {
    await millrace.close();
  }
});
