import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startLocalProcess } from './local-process.ts';
import { packProject } from './pack-project.ts';
import { readProject } from './project.ts';

test('neither a build nor a handler on this machine gets the token', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-child-'));
  process.env.MILLRACE_TOKEN = 'of-this-terminal';
  try {
    const build = `"${process.execPath}" build.cjs`;
    writeFileSync(path.join(folder, 'millrace.json'), JSON.stringify({ name: 'one', build }));
    // More than a pipe of Node takes by itself.
    const program = `const { MILLRACE_TOKEN: token = 'none', PATH } = process.env;
      require('node:fs').writeFileSync('built.txt', token + (PATH ? '' : ' and no PATH'));
      console.log('x'.repeat(3_000_000));`;
    writeFileSync(path.join(folder, 'build.cjs'), program);
    await packProject(readProject(folder), () => {});
    assert.equal(readFileSync(path.join(folder, 'built.txt'), 'utf8'), 'none');
    const handler = "export const handler = async () => process.env.MILLRACE_TOKEN ?? 'none';";
    writeFileSync(path.join(folder, 'index.mjs'), handler);
    const running = await startLocalProcess({
      ...{ language: 'node', handler: 'index.handler', root: folder, inspectPort: 0, waits: false },
      ...{ environment: {}, onStandardError: true },
    });
    assert.equal((await running.call({ event: {}, context: {} })).result, 'none');
    await running.close({ now: true });
  } finally {
    delete process.env.MILLRACE_TOKEN;
    rmSync(folder, { recursive: true, force: true });
  }
});
