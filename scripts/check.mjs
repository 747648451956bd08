// `npm run check`: format, lint, types, import direction, what root loads, names, documents and the schema's
// dump, all at once and side by side. Reports every problem as `path:line: what and the rule`. Changes no
// file. Runs on any Node >= 18.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findNode, installNodePackages, orExplain, ROOT } from './install.mjs';

const CONSOLE_PART = 'types of the console';
/** What has not changed since the last check is not checked again. */
const types = (project, name) => [
  'node_modules/typescript/bin/tsc',
  ...['-p', project, '--pretty', 'false', '--incremental', '--tsBuildInfoFile', `build/types/${name}.json`],
];
const PARTS = {
  'format and lint': [
    'node_modules/@biomejs/biome/bin/biome',
    'check',
    '--error-on-warnings',
    '--max-diagnostics=none',
    '.',
  ],
  types: types('.', 'all'),
  'types of the jail': types('tsconfig.jail.json', 'jail'),
  [CONSOLE_PART]: types('console', 'console'),
  imports: ['scripts/check-imports.ts'],
  'what root loads': ['scripts/check-closure.ts'],
  names: ['scripts/check-names.ts'],
  documents: ['scripts/check-docs.ts'],
  schema: ['scripts/check-schema.ts'],
  client: ['scripts/check-client.ts'],
  'command line': ['scripts/check-cli.ts'],
};

await orExplain(async () => {
  installNodePackages();
  const node = findNode();
  const parts = Object.entries(PARTS).filter(([name]) => name !== CONSOLE_PART || hasConsolePackages());
  const passed = await Promise.all(parts.map(([name, args]) => runPart(node, name, args)));
  if (passed.includes(false)) process.exitCode = 1;
});

/** `npm test` builds the console first, and `npm start` beside the server. */
function hasConsolePackages() {
  if (existsSync(path.join(ROOT, 'console/node_modules/.package-lock.json'))) return true;
  console.log(`check ${CONSOLE_PART}: NOT RUN, its packages are missing: node scripts/build-console.mjs`);
  return false;
}

function runPart(node, name, [script, ...args]) {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
    const child = spawn(node, [path.join(ROOT, script), ...args], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        said += chunk;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      const took = `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
      console.log(
        code === 0 ? `check ${name}: good (${took})` : `check ${name}: NOT GOOD (${took})\n${said.trim()}\n`,
      );
      resolve(code === 0);
    });
  });
}
