// Compares the reference in docs/cli.md with the commands. With `--write` it rewrites it instead (`npm run
// cli-reference`). Called by check.mjs.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandReference } from '../cli/command-reference.ts';
import { finish } from './problem.ts';

const FILE = 'docs/cli.md';
const HEADING = '## Reference\n';

const place = path.resolve(import.meta.dirname, '..', FILE);
const kept = readFileSync(place, 'utf8');
const [before = ''] = kept.split(HEADING);
const made = `${before}${HEADING}\n${await commandReference()}`;

if (process.argv.includes('--write')) {
  writeFileSync(place, made);
  console.log(`${FILE} written`);
} else if (kept !== made) {
  const line = made.split('\n').findIndex((text, index) => text !== kept.split('\n')[index]) + 1;
  finish([{ path: FILE, line, text: 'differs from the commands: run `npm run cli-reference`' }]);
}
