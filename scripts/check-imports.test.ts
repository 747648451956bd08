import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { circleProblems, importProblems, unusedProblems } from './check-imports.ts';

function problemsOf(path: string, ...imports: string[]): string[] {
  const text = imports.map((specifier) => `import { x } from '${specifier}';\n`).join('');
  return importProblems([{ path, text }]).map((problem) => `${problem.line}: ${problem.text}`);
}

describe('the import check', () => {
  const allowed: [string, string][] = [
    ['server/src/runs/run-store.ts', '../postgres/database.ts'],
    ['server/src/runs/run-store.ts', '../functions/function.ts'],
    ['server/src/runs/run-store.ts', './run.ts'],
    ['server/src/errors/failure.ts', '../ids/ids.ts'],
    ['server/src/sandbox/supervised-driver.ts', '../../../contract/supervisor-requests.ts'],
    ['server/src/sandbox/frames.ts', '../../../contract/frames.cjs'],
    ['server/src/dialects/acme/routes.ts', '../../gateway/invoke.ts'],
    ['server/src/roles/start.ts', '../dialects/acme/routes.ts'],
    ['server/src/main.ts', './roles/start.ts'],
    ['server/src/runs/run.test.ts', '../../test/database/open-test-database.ts'],
    ['runtimes/node/bootstrap.cjs', '../../contract/frames.cjs'],
    ['runtimes/node/bootstrap.cjs', 'node:fs'],
    ['supervisor/jail.ts', '../process/start-error.ts'],
    ['launcher/launch.ts', '../server/src/config/config.ts'],
    ['launcher/main.ts', '../server/src/roles/serve.ts'],
  ];
  for (const [from, to] of allowed) {
    test(`${from} may import ${to}`, () => assert.deepEqual(problemsOf(from, to), []));
  }

  const forbidden: [string, string, RegExp][] = [
    ['server/src/functions/function.ts', '../runs/run.ts', /functions must not know runs/],
    ['server/src/clock/clock.ts', '../runs/run.ts', /clock must not know runs/],
    ['server/src/http/server.ts', '../accounts/account.ts', /http must not know accounts/],
    ['server/src/http/server.ts', '../postgres/database.ts', /http must not know postgres/],
    ['server/src/runs/run.ts', '../gateway/invoke.ts', /runs must not know gateway/],
    ['server/src/sandbox/driver.ts', '../supervisor/jail.ts', /sandbox must not know supervisor/],
    ['server/src/dialects/acme/a.ts', '../other/b.ts', /never imports another dialect/],
    ['server/src/gateway/a.ts', '../roles/start.ts', /gateway must not know roles/],
    ['server/src/roles/start.ts', '../main.ts', /nothing imports main/],
    ['server/src/runs/run.ts', '../drawer/x.ts', /drawer has no place/],
    ['server/src/runs/run.ts', '../../test/x.ts', /server\/src\/ imports only contract/],
    ['contract/frames.cjs', '../runtimes/node/x.cjs', /contract\/ imports nothing/],
    ['contract/frames.cjs', 'zod', /contract\/ has no dependencies/],
    ['runtimes/node/bootstrap.cjs', '../../server/src/ids/ids.ts', /runtimes\/ imports only contract/],
    ['runtimes/node/bootstrap.cjs', 'lodash', /has no dependencies/],
    ['process/open-log.ts', '../server/src/config/config.ts', /process\/ imports only contract/],
    ['supervisor/jail.ts', '../server/src/config/config.ts', /supervisor\/ imports only contract, process/],
    ['supervisor/jail.ts', 'zod', /supervisor\/ takes only pino/],
    ['launcher/launch.ts', '../server/src/roles/serve.ts', /launcher\/ imports only .*server\/src\/config/],
    ['server/src/sandbox/driver.ts', '../../../supervisor/jail.ts', /server\/src\/ imports only contract/],
  ];
  for (const [from, to, rule] of forbidden) {
    test(`${from} must not import ${to}`, () => {
      const found = problemsOf(from, to);
      assert.equal(found.length, 1);
      assert.match(found[0] as string, rule);
    });
  }

  test('it tells the line, for every form of import', () => {
    const text = [
      "import type {\n  Run,\n} from '../runs/run.ts';",
      "export * from '../runs/run.ts';",
      "await import('../runs/run.ts');",
      "require('../runs/run.ts');",
      "import '../runs/run.ts';",
    ].join('\n');
    const lines = importProblems([{ path: 'server/src/ids/ids.ts', text }]).map((problem) => problem.line);
    assert.deepEqual(lines, [3, 4, 5, 6, 7]);
  });

  test('rooms of a dialect know each other one way', () => {
    const file = (room: string, to: string) => ({
      path: `server/src/dialects/acme/${room}/a.ts`,
      text: `import { x } from '../${to}/b.ts';\n`,
    });
    const floors = [file('doors', 'files'), file('files', 'frame'), file('doors', 'frame')];
    assert.deepEqual(circleProblems(floors), []);
    const circle = circleProblems([...floors, file('frame', 'doors')]);
    assert.deepEqual(
      circle.map(({ path, line }) => `${path}:${line}`),
      [
        'server/src/dialects/acme/doors/a.ts:1',
        'server/src/dialects/acme/files/a.ts:1',
        'server/src/dialects/acme/doors/a.ts:1',
        'server/src/dialects/acme/frame/a.ts:1',
      ],
    );
    assert.match(circle[0]?.text ?? '', /which knows it already/);
  });
});

test('a value that no other file names is not exported, but for work of a thread', () => {
  const files = [
    { path: 'server/src/runs/a.ts', text: 'export const used = 1;\nexport function unused() {}\n' },
    { path: 'server/src/runs/b.ts', text: 'jobOf(import.meta.url, work);\nexport function work() {}\n' },
    { path: 'server/src/runs/a.test.ts', text: "import { used } from './a.ts';\nexport const own = 2;\n" },
    { path: 'client/src/index.ts', text: 'export const open = 1;\n' },
  ];
  assert.deepEqual(
    unusedProblems(files).map(({ path, line, text }) => `${path}:${line}: ${text}`),
    ['server/src/runs/a.ts:2: exports unused, which no other file names'],
  );
});
