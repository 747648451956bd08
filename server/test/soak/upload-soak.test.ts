// New versions of a `.functions` folder are uploaded once a second, file by file as the CLI does, while
// clients call its endpoint: no call fails, no answer mixes two versions, and nobody is thrown back to an
// older one. MILLRACE_SOAK_S sets its length in seconds (default 600).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noJails, startMillrace } from '../promises/start-millrace.ts';
import { soakUploads } from './upload-soak.ts';

const SECONDS = Number(process.env.MILLRACE_SOAK_S ?? 600);

test('a folder that is uploaded once a second never fails a call, and never mixes versions', {
  skip: noJails(),
  timeout: (SECONDS + 120) * 1000,
}, async (t) => {
  const millrace = await startMillrace({ env: { MILLRACE_EXECUTION_SECONDS_PER_MINUTE: '100000' } });
  try {
    const seen = await soakUploads(millrace, { seconds: SECONDS, sleep });
    t.diagnostic(`${seen.calls} calls, ${seen.uploads} uploads, ${seen.versions} versions seen`);
    assert.deepEqual(seen.faults, []);
    assert.ok(seen.versions > SECONDS / 10, `only ${seen.versions} versions came to be seen`);
  } finally {
    await millrace.close();
  }
});
