// What an earlier life has left of its networks is removed, also while that life's own tools are still at it:
// they outlive their supervisor on a busy machine.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { networkNames, reapNetworks } from '../../../supervisor/host-network.ts';
import { runCommand } from '../../../supervisor/run-command.ts';
import { noJails } from '../promises/start-millrace.ts';

const NAMESPACES = 40;

test('networks that others are removing, too, are removed without complaint', {
  skip: noJails(),
}, async () => {
  const names = networkNames(randomBytes(3).toString('hex'));
  const made = Array.from({ length: NAMESPACES }, (_, slot) => `${names.namespacePrefix}${slot}`);
  const batch = (verb: string, order: string[]): Promise<string> =>
    runCommand('ip', ['-force', '-batch', '-'], order.map((name) => `netns ${verb} ${name}`).join('\n'));
  await batch('add', made);
  const other = batch('del', made.toReversed()).catch(() => 'it met what was gone');
  assert.ok((await reapNetworks(names)) <= NAMESPACES);
  await other;
  assert.deepEqual(
    readdirSync('/run/netns').filter((name) => name.startsWith(names.namespacePrefix)),
    [],
  );
});
