// `npm test [files]`: installs what is missing, builds the console, checks the house rules (unless files are
// named), then runs the tests under Node 24. Ends with the line `N passed, N failed`. Decides nothing about
// the tests themselves: run-tests.ts does. Runs on any Node >= 18.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { compileCacheSettings } from './compile-cache.mjs';
import { runInForeground } from './foreground.mjs';
import {
  findNode,
  installNodePackages,
  installSystemPackages,
  orExplain,
  ROOT,
  SANDBOX_PACKAGES,
  serverEnvironment,
} from './install.mjs';
import { TEST_PACKAGES } from './test-packages.mjs';

await orExplain(async () => {
  installNodePackages();
  installSystemPackages([...SANDBOX_PACKAGES, ...TEST_PACKAGES]);
  const node = findNode();
  for (const script of ['build-console.mjs', 'compile-server.mjs'])
    spawnSync(node, [path.join(ROOT, 'scripts', script)], { stdio: 'inherit' });
  const files = process.argv.slice(2);
  const check = files.length > 0 ? [] : [`--check=${runCheck(node) ? 'passed' : 'failed'}`];
  // Engines that tests install are kept for the next time: they are 110 to 200 MB each.
  const env = {
    ...compileCacheSettings(ROOT),
    MILLRACE_ENGINES_DIR: path.join(ROOT, 'build/engines'),
    ...serverEnvironment(),
  };
  process.exitCode = await runInForeground(
    node,
    [path.join(ROOT, 'scripts/run-tests.ts'), ...check, ...files],
    env,
  );
});

function runCheck(node) {
  return spawnSync(node, [path.join(ROOT, 'scripts/check.mjs')], { stdio: 'inherit' }).status === 0;
}
