// Makes a copy of the repository ready for an image: installs what a server needs, builds the addon that
// forks and the console, compiles the server ahead, and takes away what only their making needed. Run by
// deploy/image/Containerfile, in a stage of its own; not meant for a clone that one works in. Runs on any
// Node >= 18.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findNode, installServerPackages, orExplain, ROOT, SetupError } from './install.mjs';

const ONLY_FOR_MAKING = ['console/node_modules', 'console/src', 'console/package.json'];
/** Of build/: what the server answers at /docs, and its code as Node has compiled it. */
const KEPT = ['docs', 'server-code'];

await orExplain(() => {
  installServerPackages();
  const script = path.join(ROOT, 'scripts/build-console.mjs');
  // By the Node and the npm that have just come: the system's may be too old for the console's packages.
  const env = { ...process.env, npm_execpath: path.join(ROOT, 'node_modules/npm/bin/npm-cli.js') };
  const built = spawnSync(findNode(), [script], { stdio: 'inherit', env });
  if (built.status !== 0) throw new SetupError('the console could not be built; the reason is above');
  spawnSync(findNode(), [path.join(ROOT, 'scripts/compile-server.mjs')], { stdio: 'inherit' });
  for (const place of ONLY_FOR_MAKING) rmSync(path.join(ROOT, place), { recursive: true, force: true });
  const build = path.join(ROOT, 'build');
  for (const name of readdirSync(build))
    if (!KEPT.includes(name)) rmSync(path.join(build, name), { recursive: true, force: true });
});
