// The pages about backup and TLS, with the commands that they show: a data dir that was copied while Millrace
// is stopped is the whole installation, and its own authority is what clients need.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { docBlocks } from '../../../scripts/doc-blocks.ts';
import { Customer } from './customer.ts';
import { freePort, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const OPERATE = path.resolve(import.meta.dirname, '../../../docs/operate');
const THIS = /data-dir-copy\.test\.ts/;

/** The commands of a page that name this test. */
function commandsOf(page: string): string[] {
  const blocks = docBlocks(readFileSync(path.join(OPERATE, page), 'utf8'));
  return blocks.flatMap((block) => (block.kind === 'not run' && THIS.test(block.reason) ? [block.text] : []));
}

function run(commands: string | undefined, cwd: string, env: Record<string, string>): string {
  assert.ok(commands, 'the page shows no such commands any more');
  return execFileSync('bash', ['-ec', commands], { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
}

test('a data dir that is copied as the page says is the whole installation', { skip }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-copy-'));
  const [copy, restore] = commandsOf('backup.md');
  const former = path.join(folder, 'former');
  const latter = path.join(folder, 'latter');
  try {
    const tlsPort = String(await freePort());
    const first = await startMillrace({ dataDir: former, env: { MILLRACE_TLS_PORT: tlsPort } });
    const customer = new Customer(first);
    const fn = await customer.uploadCode(
      'exports.handler = async () => ({ statusCode: 200, body: process.env.SECRET });',
      { variables: { SECRET: 'sealed' } },
    );
    const [trust] = commandsOf('tls.md');
    assert.equal(
      run(trust, folder, { DATA: former, MILLRACE_TLS_PORT: tlsPort, HOME: folder }),
      '{"status":"ok"}',
    );
    await first.stop();
    run(copy, folder, { DATA: former });
    rmSync(former, { recursive: true });
    run(restore, folder, { DATA: latter });
    const second = await startMillrace({ dataDir: latter, env: { MILLRACE_ADMIN_TOKEN: '' } });
    const answer = await new Customer({ ...second, token: first.token }).request(`/func/v1/${fn.id}`);
    assert.deepEqual([answer.status, await answer.text()], [200, 'sealed']);
    await second.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
