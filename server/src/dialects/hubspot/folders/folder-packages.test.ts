import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependenciesHash, needsDeploy } from './folder-packages.ts';

const asking = (dependencies: unknown): Buffer => Buffer.from(JSON.stringify({ name: 'x', dependencies }));
const builtFor = (wanted: Record<string, string>) =>
  ({ kind: 'built', layer: null, builtFor: dependenciesHash(wanted) }) as const;
const PRELOADED = { kind: 'preloaded' } as const;

for (const [title, packageJson, packages, expected] of [
  ['no package.json', undefined, PRELOADED, false],
  ['one that asks for nothing', asking({}), PRELOADED, false],
  ['one that can not be read', Buffer.from('{'), PRELOADED, false],
  ['one whose dependencies are no object', asking('left-right'), PRELOADED, false],
  ['packages that were never built', asking({ a: '1' }), PRELOADED, true],
  [
    'the packages that were built, in another order',
    asking({ b: '2', a: '1' }),
    builtFor({ a: '1', b: '2' }),
    false,
  ],
  ['another version than was built', asking({ a: '2' }), builtFor({ a: '1' }), true],
  ['none any more', asking({}), builtFor({ a: '1' }), true],
  [
    'packages of which nobody knows what they were built for',
    asking({ a: '1' }),
    { kind: 'built', layer: null, builtFor: null },
    false,
  ],
] as const) {
  test(`a folder with ${title} needs ${expected ? 'a' : 'no'} deploy`, () => {
    assert.equal(needsDeploy(packageJson, packages), expected);
  });
}
