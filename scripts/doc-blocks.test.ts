// What a code block is to the reader of a page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { docBlocks } from './doc-blocks.ts';

const page = (text: string): string => text.replaceAll("'''", '```');

test('commands, their answer, a file and what is not run are told apart', () => {
  const blocks = docBlocks(
    page(
      "# A\n\n'''sh\nls\n'''\n\nprints\n\n'''json\n{}\n'''\n\n<!-- file: a.js -->\n'''js\n1;\n'''\n" +
        "\n<!-- not run: needs root -->\n'''sh\nrm\n'''\n\n<!-- refused -->\n\n'''sh\nno\n'''\n",
    ),
  );
  assert.deepEqual(
    blocks.map(({ line, text, language: _, ...kind }) => [line, text, kind]),
    [
      [3, 'ls\n', { kind: 'commands', refused: false }],
      [9, '{}\n', { kind: 'answer' }],
      [14, '1;\n', { kind: 'file', name: 'a.js' }],
      [19, 'rm\n', { kind: 'not run', reason: 'needs root' }],
      [25, 'no\n', { kind: 'commands', refused: true }],
    ],
  );
});

test('a block that is none of these, or has no language, is unmarked', () => {
  const kinds = docBlocks(page("'''js\n1;\n'''\n\n'''\ncurl x\n'''\n\n'''json\n{}\n'''\n")).map(
    ({ kind }) => kind,
  );
  assert.deepEqual(kinds, ['unmarked', 'unmarked', 'unmarked']);
});
