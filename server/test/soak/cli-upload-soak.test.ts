// HubSpot's own CLI uploads new versions of a `.functions` folder, once a second or as fast as it goes, while
// clients call its endpoint: no call fails, no answer mixes two versions, and nobody is thrown back to an
// older one. MILLRACE_SOAK_S sets its length in seconds (default 60; 600 is the long form).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCli, HubspotCli } from '../promises/hubspot-cli.ts';
import { ADMIN_TOKEN, freePort, noJails, startMillrace } from '../promises/start-millrace.ts';
import { FOLDER, soakUploads } from './upload-soak.ts';

const SECONDS = Number(process.env.MILLRACE_SOAK_S ?? 60);
const VERSION = '8.14.0';

test('a folder that the CLI uploads again and again never fails a call, and never mixes versions', {
  skip: noJails(),
  timeout: (SECONDS + 120) * 1000,
}, async (t) => {
  ensureCli(VERSION);
  const tlsPort = await freePort();
  const env = { MILLRACE_TLS_PORT: String(tlsPort), MILLRACE_EXECUTION_SECONDS_PER_MINUTE: '100000' };
  const millrace = await startMillrace({ env });
  const account = { portalId: 1001, authType: 'personalaccesskey', personalAccessKey: ADMIN_TOKEN };
  const cli = new HubspotCli(VERSION, { millrace, tlsPort, account });
  const upload = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) cli.write(`local/${name}`, text);
    const { code, text } = await cli.run(`cms upload local ${FOLDER}`);
    assert.equal(code, 0, text);
  };
  try {
    const seen = await soakUploads(millrace, { seconds: SECONDS, sleep, upload });
    t.diagnostic(`${seen.calls} calls, ${seen.uploads} uploads, ${seen.versions} versions seen`);
    assert.deepEqual(seen.faults, []);
    assert.ok(seen.versions > SECONDS / 20, `only ${seen.versions} versions came to be seen`);
  } finally {
    cli.close();
    await millrace.close();
  }
});
