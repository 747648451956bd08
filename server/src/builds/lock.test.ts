import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LockFacts, readLock } from './lock.ts';

const facts: LockFacts = { dependencies: { a: '^1' }, engineMajor: 20, platform: 'linux-x64', scripts: [] };
const entry = { version: '1.2.3', resolved: 'https://registry.example/a.tgz', integrity: 'sha512-AAAA' };
const lockOf = (packages: object, root: object = { dependencies: { a: '^1' } }): string =>
  JSON.stringify({ name: 'layer', lockfileVersion: 3, packages: { '': root, ...packages } });
const plain = lockOf({ 'node_modules/a': entry });
const keyOf = (text: string, changes: Partial<LockFacts> = {}): string =>
  readLock(text, { ...facts, ...changes }).key;

test('a lock tells the exact versions of what was asked for', () => {
  const read = readLock(
    lockOf({ 'node_modules/a': entry, 'node_modules/b': { ...entry, version: '9.0.0' } }),
    facts,
  );
  assert.deepEqual([read.resolved, read.packages], [{ a: '1.2.3' }, 2]);
});

test('the range asked for and the address of the bytes do not make another layer', () => {
  const mirrored = { 'node_modules/a': { ...entry, resolved: 'http://mirror.example/a.tgz' } };
  assert.equal(keyOf(lockOf(mirrored, { dependencies: { a: '1.2.3' } })), keyOf(plain));
});

test('a package inside another needs no checksum of its own', () => {
  const inside = {
    'node_modules/a': entry,
    'node_modules/a/node_modules/b': { version: '1.0.0', inBundle: true },
  };
  assert.equal(readLock(lockOf(inside), facts).packages, 2);
});

test('content, engine, platform and the scripts that run make another layer', () => {
  const other = lockOf({ 'node_modules/a': { ...entry, integrity: 'sha512-BBBB' } });
  const keys = [
    keyOf(plain),
    keyOf(other),
    keyOf(plain, { engineMajor: 22 }),
    keyOf(plain, { platform: 'linux-arm64' }),
    keyOf(plain, { scripts: ['a'] }),
  ];
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(keyOf(plain, { scripts: ['not-in-it'] }), keyOf(plain));
});

test('what is no lock of registry packages is refused', () => {
  const refused = [
    [lockOf({ '../a': entry }), /outside of node_modules/],
    [lockOf({ 'node_modules/a': { resolved: 'x', link: true } }), /lock is none/],
    [
      lockOf({ 'node_modules/a': { ...entry, resolved: 'git+ssh://git@example.com/a.git' } }),
      /from no registry/,
    ],
    [lockOf({ 'node_modules/a': { ...entry, integrity: undefined } }), /no checksum/],
    [lockOf({ 'node_modules/a': { version: '1.0.0' } }), /from no registry/],
    [lockOf({ 'node_modules/b': entry }), /a is not in the lock/],
    [JSON.stringify({ lockfileVersion: 1 }), /lock is none/],
  ] as const;
  for (const [text, reason] of refused) assert.throws(() => readLock(text, facts), reason);
});
