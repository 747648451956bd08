// `npm run bench [names]`: installs what is missing, then runs the measurements of bench/ one after the
// other. Measures nothing itself. Runs on any Node >= 18.
import path from 'node:path';
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

const MEASUREMENTS = ['warm-call', 'fork-per-run', 'cold-start', 'accept', 'durable'];

await orExplain(async () => {
  installNodePackages();
  installSystemPackages(SANDBOX_PACKAGES);
  const node = findNode();
  const env = { MILLRACE_ENGINES_DIR: path.join(ROOT, 'build/engines'), ...serverEnvironment() };
  const named = process.argv.slice(2);
  for (const name of named.length > 0 ? named : MEASUREMENTS) {
    const status = await runInForeground(node, [path.join(ROOT, 'bench', `${name}.ts`)], env);
    if (status !== 0) process.exitCode = status;
  }
});
