import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { zipOf } from '../../test/promises/customer.ts';
import { innermostOwn, stackFrames } from '../error-groups/stack-frames.ts';
import { findSources } from './error-source.ts';

/** What a compiler makes of `src/index.ts`: its third line has become the first. */
const MAP = {
  version: 3,
  sources: ['../src/index.ts'],
  sourcesContent: ['// types\ntype Order = number;\nthrow new Error("no");\n// end'],
  names: [],
  mappings: 'AAEA',
};
const STACK = 'Error: no\n    at handler (/var/task/dist/index.js:1:7)\n    at x (node:internal/y:1:2)';

async function sourceIn(files: Record<string, string>) {
  return (await findSources({ zip: zipOf(files), frames: stackFrames(STACK) }))[0];
}

describe('the source of an error', () => {
  test('is the code that ran, around the line', async () => {
    const frame = await sourceIn({ 'dist/index.js': 'throw 1;\n2;\n3;\n4;\n5;\n6;' });
    assert.equal(innermostOwn(STACK)?.file, 'dist/index.js');
    assert.deepEqual(
      frame?.source?.map(({ line }) => line),
      [1, 2, 3, 4, 5],
    );
    assert.equal(frame?.source?.[0]?.text, 'throw 1;');
    assert.equal(frame?.original, null);
  });

  test('is what the code was made of, by a map in it or beside it', async () => {
    const json = JSON.stringify(MAP);
    const inline = `throw 1;\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString('base64')}`;
    for (const files of [
      { 'dist/index.js': inline },
      { 'dist/index.js': 'throw 1;\n//# sourceMappingURL=index.js.map', 'dist/index.js.map': json },
    ] as Record<string, string>[]) {
      const frame = await sourceIn(files);
      assert.deepEqual([frame?.original?.file, frame?.original?.line], ['../src/index.ts', 3]);
      assert.equal(frame?.source?.find(({ line }) => line === 3)?.text, 'throw new Error("no");');
    }
  });

  test('is nothing where there is no such file or line, and the code where the map is none', async () => {
    assert.equal((await sourceIn({ 'other.js': '1' }))?.source, null);
    assert.equal((await sourceIn({ 'dist/index.js': '' }))?.source?.length, 1);
    for (const map of ['{', '{"version":3,"sources":[],"mappings":"AAAA"}', '[]', '{"mappings":"!!!!"}']) {
      const frame = await sourceIn({ 'dist/index.js': 'throw 1;', 'dist/index.js.map': map });
      assert.equal(frame?.source?.[0]?.text, 'throw 1;', map);
    }
  });
});
