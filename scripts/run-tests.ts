// Runs the test files, each in a process of its own, and reports how it went; status 1 when one fails or none
// ran. Installs nothing. `run-tests.ts [--check=passed|failed] [files]`; called by test.mjs.
import { globSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { ALL_SETTING, runsByItself, TEST_PATTERNS } from './test-files.ts';
import { TestTally } from './test-tally.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
/** Two at a time: most tests start servers and jails, and a small machine has two cores. */
const FILES_AT_ONCE = 2;
const TEST_TIMEOUT_MS = 120_000;

function allTestFiles(): string[] {
  return globSync(TEST_PATTERNS, { cwd: ROOT })
    .filter((file) => runsByItself(file, all))
    .sort()
    .map((file) => path.join(ROOT, file));
}

const all = process.env[ALL_SETTING] === '1';
const TOTAL_TIMEOUT_MS = (all ? 120 : 80) * 60_000;
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const check = process.argv.find((argument) => argument.startsWith('--check='))?.slice('--check='.length);
// Who names a file wants all of it.
if (named.length > 0) process.env[ALL_SETTING] = '1';
const files = named.length > 0 ? named.map((file) => path.resolve(file)) : allTestFiles();

const tally = new TestTally(ROOT);
if (check !== undefined) tally.countStep(check === 'passed');
console.log(`${files.length} test files, ${FILES_AT_ONCE} at once`);
if (named.length === 0 && !all) console.log('the long forms of some run by `npm run test:all` alone');

const outOfTime = new AbortController();
const timer = setTimeout(() => {
  const late = [...tally.unfinished].map((file) => path.relative(ROOT, file)).join(', ');
  console.log(`stopped after ${TOTAL_TIMEOUT_MS / 60_000} minutes; running then: ${late}`);
  tally.countStep(false);
  outOfTime.abort();
}, TOTAL_TIMEOUT_MS);

const events = run({
  files,
  concurrency: FILES_AT_ONCE,
  cwd: ROOT,
  // A file ends with its last test, whatever a failed one has left open.
  execArgv: [`--test-timeout=${TEST_TIMEOUT_MS}`, '--test-force-exit'],
  signal: outOfTime.signal,
});
for await (const event of events) {
  const text = tally.take(event);
  if (text !== null) console.log(text);
}
clearTimeout(timer);

console.log(tally.closing());
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
