import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNodeOptions } from '../../../contract/node-options.cjs';

test('options are words between spaces, quoted where they hold some, with their values beside or behind', () => {
  assert.deepEqual(parseNodeOptions(' -r ./a  --require="./b \\"c\\" d" --import=e --enable_source_maps '), {
    modules: [
      { how: 'require', name: './a' },
      { how: 'require', name: './b "c" d' },
      { how: 'import', name: 'e' },
    ],
    set: { '--enable-source-maps': '' },
    problem: null,
  });
  assert.deepEqual(parseNodeOptions(''), { modules: [], set: {}, problem: null });
});

test('what can’t take effect is told', () => {
  for (const [text, problem] of [
    ['--inspect-brk', /^--inspect-brk: nothing can be attached/],
    ['--max-old-space-size=99', /the heap follows the memory/],
    ['--dns-result-order=never', /^--dns-result-order=never: /],
    ['--constructor', /^--constructor: it can only be given to Node at its start$/],
    ['constructor', /^constructor: /],
    ['-r', /^-r without a value$/],
  ] as const) {
    assert.match(parseNodeOptions(text).problem ?? '', problem);
  }
});
