// What a page's prose may not have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commentProblems, messageProblems, proseProblems } from './doc-prose.ts';

const problemsOf = (text: string): string[] =>
  proseProblems([{ path: 'a.md', text }]).map((problem) => `${problem.line}: ${problem.text}`);

test('words that readers of the field stumble over are found, outside of code', () => {
  assert.deepEqual(
    problemsOf('The usual bound.\nWhoever calls is told.\n').map((text) => text.slice(0, 12)),
    ['1: "usual": ', '2: "told": s', '2: "Whoever"'],
  );
  assert.deepEqual(problemsOf('`usual`, and\n\n```js\nconst world = his;\n```\n'), []);
});

test('lines of more than 120 columns are found, in code too', () => {
  const line = 'a '.repeat(60);
  assert.deepEqual(problemsOf(line), []);
  assert.match(problemsOf(`${line}bc`)[0] ?? '', /has 122 columns/);
  assert.match(problemsOf(`\`\`\`sh\n${line}bc\n\`\`\``)[0] ?? '', /^2: has 122/);
});

test('a cell that is a paragraph is found, a long link is none', () => {
  assert.match(problemsOf(`| a | ${'word '.repeat(40)} |`)[0] ?? '', /a cell is a paragraph/);
  assert.match(problemsOf('| a | One. Two. Three. Four. |')[0] ?? '', /a cell is a paragraph/);
  assert.deepEqual(problemsOf(`| a | One. Two. [three](${'x'.repeat(200)}) |`), []);
});

test('texts of the code have the same words, names and comments are free', () => {
  const text = [
    "fail('conflict', { message: 'somebody else changes it' });",
    '// somebody else changes it',
    "import { told } from './told.ts';",
    `const line = \`\${told.length} items\`;`,
  ].join('\n');
  const problems = messageProblems([{ path: 'a.ts', text }]);
  assert.deepEqual(
    problems.map(({ line, text: problem }) => [line, problem.slice(0, 10)]),
    [[1, '"somebody"']],
  );
});

test('comments say who does what', () => {
  const text = '// Whoever calls is told.\n * as somebody wishes\n// `told` is a name\nconst told = 1;\n';
  const problems = commentProblems([{ path: 'a.ts', text }]);
  assert.deepEqual(
    problems.map(({ line, text: problem }) => `${line} ${problem.split(':')[0]}`),
    ['1 "Whoever"', '1 "told"', '2 "somebody"', '2 "wishes"'],
  );
});
