// The unit of docs/operate/start-and-stop.md gives root some capabilities and no way to more: Millrace,
// started with exactly these, builds its jails, holds functions to their limits, and leaves nothing behind.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { installationName, runDir } from '../../../contract/paths.ts';
import { docBlocks } from '../../../scripts/doc-blocks.ts';
import { Customer } from './customer.ts';
import { noJails, startMillrace } from './start-millrace.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/operate/start-and-stop.md'), 'utf8');

/** As setpriv has them. */
function capabilitiesOfUnit(): string {
  const unit = docBlocks(PAGE).find((block) => block.kind === 'file' && block.name === 'millrace.service');
  const lines = (unit?.text ?? '').matchAll(/^CapabilityBoundingSet=(.*)$/gm);
  const names = [...lines].flatMap(([, list = '']) => list.split(' '));
  assert.ok(names.includes('CAP_SYS_ADMIN'), 'the unit names no capabilities any more');
  assert.match(unit?.text ?? '', /^NoNewPrivileges=yes$/m);
  return names.map((name) => `+${name.replace('CAP_', '').toLowerCase()}`).join(',');
}

test('the capabilities of the unit are all that Millrace needs', { skip: noJails() }, async () => {
  const setpriv = ['setpriv', '--no-new-privs', '--bounding-set', `-all,${capabilitiesOfUnit()}`];
  const main = path.join(ROOT, 'launcher/main.ts');
  const millrace = await startMillrace({ command: [...setpriv, process.execPath, main, 'start'] });
  let runFolder: string;
  try {
    runFolder = runDir(installationName(millrace.dataDir));
    const customer = new Customer(millrace);
    const fine = await customer.uploadCode(
      'exports.handler = async () => ({ statusCode: 200, body: "fine" });',
    );
    const answer = await customer.request(`/func/v1/${fine.id}`);
    assert.deepEqual([answer.status, await answer.text()], [200, 'fine']);
    const greedy = await customer.uploadCode(
      'exports.handler = async () => { const all = []; for (;;) all.push(Buffer.alloc(1e7, 1)); };',
    );
    const ended = await customer.runOf(await customer.request(`/func/v1/${greedy.id}`));
    assert.equal(ended.status, 'out_of_memory');
  } finally {
    assert.equal(await millrace.stop(), 0);
    await millrace.close();
  }
  assert.ok(!existsSync(runFolder), `${runFolder} was left behind`);
});
