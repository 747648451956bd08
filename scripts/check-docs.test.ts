import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  blockProblems,
  codeProblems,
  configurationProblems,
  decisionProblems,
  documentedDefaults,
  errorProblems,
  fileProblems,
  linkProblems,
  settingProblems,
} from './check-docs.ts';

const texts = (problems: { line: number; text: string }[]) =>
  problems.map(({ line, text }) => `${line}: ${text}`);

describe('the check of the codes', () => {
  const sources = [
    { path: 'cli/src/a.ts', text: `throw new CliError(\n  'no_thing', 'words')` },
    { path: 'server/src/sandbox/b.ts', text: `type: 'Runtime.Odd'` },
    { path: 'server/src/dialects/comecero/c.ts', text: `{ code: 'went_wrong' }` },
    { path: 'server/src/http/d.ts', text: `{ code: 'not_for_callers' }` },
  ];
  const problemsOf = (text: string) => texts(codeProblems({ path: 'e.md', text }, sources));
  const good = 'A `no_thing`, a `went_wrong`.\n\n| `Runtime.Odd` | words |\n';

  test('accepts a page that names them all', () => assert.deepEqual(problemsOf(good), []));
  test('tells what callers can see and the page does not name', () => {
    assert.deepEqual(problemsOf(good.replace('`went_wrong`', 'went_wrong')), [
      '1: went_wrong can be answered and is not documented',
    ]);
  });
  test('tells an error of runs that nothing ends with', () => {
    assert.deepEqual(problemsOf(`${good}| \`Runtime.Gone\` | words |\n`), [
      '4: Runtime.Gone is not in the code',
    ]);
  });
});

describe('the check of the settings', () => {
  const defaults = new Map([
    ['MILLRACE_PORT', '8700'],
    ['MILLRACE_BYTES', '6291556'],
    ['MILLRACE_KEY', '–'],
    ['MILLRACE_BUDGET', null],
  ]);
  const row = (name: string, value: string) => `| \`${name}\` | ${value} | words |\n`;
  const good =
    row('MILLRACE_PORT', '`8700`') +
    row('MILLRACE_BYTES', '`6,291,556`') +
    row('MILLRACE_KEY', '`–`') +
    row('MILLRACE_BUDGET', 'half of the memory');
  const problemsOf = (text: string) => texts(configurationProblems({ path: 'c.md', text }, defaults));

  test('accepts a table that agrees with the code', () => assert.deepEqual(problemsOf(good), []));
  test('tells a setting that is not documented', () => {
    assert.match(problemsOf(good.split('\n').slice(1).join('\n'))[0] as string, /MILLRACE_PORT is read by/);
  });
  test('tells a documented setting that does not exist', () => {
    assert.deepEqual(problemsOf(good + row('MILLRACE_GONE', '1')), ['5: MILLRACE_GONE is not a setting']);
  });
  test('tells a wrong default', () => {
    assert.deepEqual(problemsOf(good.replace('8700', '8701')), [
      '1: MILLRACE_PORT is 8700 by default, not 8701',
    ]);
  });
  test('reads the defaults out of the code', () => {
    const found = documentedDefaults();
    assert.equal(found.get('MILLRACE_PORT'), '8700');
    assert.equal(found.get('MILLRACE_DATA_DIR'), '.millrace');
    assert.equal(found.get('MILLRACE_DATABASE_URL'), '–');
    assert.equal(found.get('MILLRACE_MEMORY_BUDGET'), null);
  });
});

describe('the check of the failure codes', () => {
  const kinds = { gone: { status: 410, fault: 'caller', retry: false } } as const;
  const problemsOf = (text: string) => texts(errorProblems({ path: 'e.md', text }, kinds));

  test('accepts a table that agrees with the code', () => {
    assert.deepEqual(problemsOf('| `gone` | 410 | caller | no | It is gone. |'), []);
  });
  test('tells what is missing, wrong and too much', () => {
    assert.match(problemsOf('')[0] as string, /gone can be answered and is not documented/);
    assert.match(problemsOf('| `gone` | 404 | caller | no | x |')[0] as string, /gone is 410, caller, no/);
    assert.match(
      problemsOf('| `gone` | 410 | caller | no | x |\n| `odd` | 1 | x | no | x |')[0] as string,
      /^2: odd/,
    );
  });
});

describe('the check of the links', () => {
  const paths = new Set(['README.md', 'docs/a.md', 'docs/decisions/0001-x.md']);
  const problemsOf = (path: string, text: string) =>
    texts(
      linkProblems(
        [
          { path, text },
          { path: 'docs/a.md', text: '# The `first` thing\n' },
        ],
        paths,
      ),
    );

  for (const link of [
    'docs/a.md',
    'docs/',
    'docs/decisions',
    'docs/a.md#the-first-thing',
    'https://example.org/x',
    '#here-it-is',
  ]) {
    test(`${link} leads somewhere`, () =>
      assert.deepEqual(problemsOf('README.md', `# Here it is\n[x](${link})`), []));
  }
  for (const link of ['docs/b.md', 'a.md', 'docs/a.md#second', '#nowhere']) {
    test(`${link} leads nowhere`, () => {
      assert.deepEqual(problemsOf('README.md', `# Here it is\n[x](${link})`), [
        `2: the link ${link} leads nowhere`,
      ]);
    });
  }
  test('code is no link', () => assert.deepEqual(problemsOf('README.md', '`a[0](x)`\n```\n[x](y)\n```'), []));
});

describe('the check of the decisions', () => {
  const paths = ['docs/decisions/0001-one.md', 'docs/decisions/0002-two.md', 'docs/a.md'];
  const problemsOf = (text: string, all = paths) =>
    texts(
      decisionProblems(
        { path: 'docs/decisions/README.md', text },
        all.map((path) => ({ path, text: '' })),
      ),
    );
  const list = '| [0001](0001-one.md) | One |\n| [0002](0002-two.md) | Two |';

  test('accepts a list of all of them in order', () => {
    assert.deepEqual(problemsOf(list), []);
  });
  test('tells of a number that two have', () => {
    assert.match(
      problemsOf(list, [...paths, 'docs/decisions/0002-zwei.md'])[0] as string,
      /0002-zwei\.md has the number/,
    );
  });
  for (const text of [
    '| [0001](0001-one.md) | One |',
    list.split('\n').reverse().join('\n'),
    list.replace('[0002]', '[0003]'),
  ]) {
    test(`tells of a list that is not theirs: ${text.replaceAll('\n', ' ')}`, () => {
      assert.match(problemsOf(text)[0] as string, /must list, in this order: 0001 0001-one\.md, 0002/);
    });
  }
});

describe('the check of what pages show', () => {
  test('tells a setting that the code does not read', () => {
    const page = {
      path: 'a.md',
      text: 'Set `MILLRACE_PORT`,\nor `MILLRACE_GONE`; `MILLRACE_TEST_X` is ours.\n',
    };
    assert.deepEqual(texts(settingProblems([page], ['MILLRACE_PORT'])), [
      '2: MILLRACE_GONE is not a setting',
    ]);
  });
  test('tells a block that says neither what it is nor why it is not run', () => {
    const page = { path: 'a.md', text: '```sh\nls\n```\n\n```js\n1;\n```\n' };
    assert.match(texts(blockProblems([page], new Set())).join(), /^5: neither commands nor their answer/);
  });
  test('tells a test that is said to run a block and is not there', () => {
    const page = { path: 'a.md', text: '<!-- not run: server/a.test.ts runs it -->\n```sh\nls\n```\n' };
    assert.deepEqual(blockProblems([page], new Set(['server/a.test.ts'])), []);
    assert.match(texts(blockProblems([page], new Set())).join(), /server\/a\.test\.ts is said to run this/);
  });
});

describe('the check of files that pages describe', () => {
  const paths = new Set([
    'server/src/roles/serve.ts',
    'server/src/roles/mount-a.ts',
    'runtimes/python/bootstrap.py',
  ]);
  const problemsOf = (path: string, text: string) => texts(fileProblems([{ path, text }], paths));

  test('finds them from the root and in the server’s sources, also by a pattern', () => {
    const text = '`roles/serve.ts`, `roles/mount-*.ts`, `runtimes/python/bootstrap.py`, `bundles/`, `a.b/c`';
    assert.deepEqual(problemsOf('CONTRIBUTING.md', text), []);
  });
  test('tells what is gone', () => {
    assert.deepEqual(problemsOf('ARCHITECTURE.md', 'one\n`roles/gone.ts`'), ['2: there is no roles/gone.ts']);
    assert.deepEqual(problemsOf('docs/x.md', '`roles/gone.ts`'), []);
  });
});
