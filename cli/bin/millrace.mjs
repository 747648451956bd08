#!/usr/bin/env node
// `millrace` from a clone, where the program runs from its TypeScript: by this Node where it strips types, by
// the clone's own Node otherwise. What is published is a bundle, and has none of this.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

if (process.features.typescript) {
  await import('../src/main.ts');
} else {
  const node = path.join(here, '../../node_modules/.bin/node');
  const args = [path.join(here, '../src/main.ts'), ...process.argv.slice(2)];
  const { status, error } = spawnSync(node, args, { stdio: 'inherit' });
  if (error !== undefined) {
    console.error(
      `millrace: ${node} can't be run (npm install makes it), and Node ${process.version} is too old`,
    );
  }
  process.exitCode = status ?? 2;
}
