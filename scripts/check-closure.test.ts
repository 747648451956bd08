import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { closureOf, closureProblems } from './check-closure.ts';
import { ROOT } from './source-files.ts';

const FILES = {
  'supervisor/main.ts': "import { a } from './a.ts';\nimport type { T } from './types.ts';\n",
  'supervisor/a.ts': "import {\n  b,\n} from '../contract/b.ts';\nimport fs from 'node:fs';\n",
  'contract/b.ts': '',
};
const LIST = '# words\nsupervisor/main.ts\n  contract/b.ts\n  supervisor/a.ts\n  supervisor/main.ts\n';

function problemsWith(changed: Partial<Record<string, string>>, list = LIST): string[] {
  const files = new Map(Object.entries({ ...FILES, ...changed } as Record<string, string>));
  const packages = { 'node_modules/big': { dependencies: { small: '1' } }, 'node_modules/small': {} };
  const closures = new Map([['supervisor/main.ts', closureOf('supervisor/main.ts', files, packages)]]);
  return closureProblems(list, closures).map(({ path: of, line, text }) => `${of}:${line} ${text}`);
}

describe('the check of what root loads', () => {
  test('passes what is listed; types and Node’s own modules do not count', () => {
    assert.deepEqual(problemsWith({}), []);
  });

  for (const [what, line] of [
    ['an import', "import { x } from '../server/x.ts';"],
    ['an import for its effect', "import '../server/x.ts';"],
    ['an import with nothing but a type in braces', "import { type X } from '../server/x.ts';"],
    ['an export', "export { x } from '../server/x.ts';"],
    ['an import later on', "const load = () => import('../server/x.ts');"],
    ['a require', "require('../server/x.ts');"],
  ] as const) {
    test(`${what} that adds a file is named with its line`, () => {
      const [problem = '', ...others] = problemsWith({ 'contract/b.ts': `// b\n${line}\n` });
      assert.match(
        problem,
        /^contract\/b\.ts:2 supervisor\/main\.ts runs as root, and would load server\/x\.ts/,
      );
      assert.deepEqual(others, []);
    });
  }

  test('a package counts with all that it needs', () => {
    const problems = problemsWith({
      'supervisor/a.ts': "import { b } from '../contract/b.ts';\nimport big from 'big';\n",
    });
    assert.deepEqual(
      problems.map((problem) => /package \w+/.exec(problem)?.[0]),
      ['package big', 'package small'],
    );
  });

  test('what is listed and loaded no more is named', () => {
    const [problem = ''] = problemsWith({}, `${LIST}  contract/old.ts\n`);
    assert.match(problem, /does not load contract\/old\.ts any more/);
  });
});

/** Reports each file that is loaded. */
const HOOK = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { console.log('loaded ' + url); return next(url, context); } });
`)}`;

for (const [entry, args] of [
  ['supervisor/main.ts', []],
  ['launcher/main.ts', ['no-such-role']],
] as const) {
  test(`${entry} loads what its list says when it is run`, () => {
    const env = { PATH: process.env.PATH };
    const { stdout } = spawnSync(process.execPath, [`--import=${HOOK}`, path.join(ROOT, entry), ...args], {
      encoding: 'utf8',
      env,
    });
    const urls = [...stdout.matchAll(/^loaded file:\/\/(.+)$/gm)].map(([, file]) =>
      path.relative(ROOT, file ?? ''),
    );
    const own = urls.filter((file) => !file.startsWith('node_modules/'));
    const list = readFileSync(path.join(ROOT, 'scripts/root-closure.txt'), 'utf8');
    const section = list.split(/^(?=\S)/m).find((text) => text.startsWith(`${entry}\n`)) ?? '';
    const listed = section
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim());
    assert.deepEqual(
      own.sort(),
      listed.filter((name) => !name.startsWith('package ')),
    );
    const packages = urls.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
    for (const name of packages) assert.ok(listed.includes(`package ${name}`), name);
  });
}
