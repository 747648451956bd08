// The page of symptoms: what it says a run's error is for each cause, is what the run says.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { tableRows } from '../../../scripts/check-docs.ts';
import { Customer, type FunctionFields } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const ROOT = path.resolve(import.meta.dirname, '../../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/troubleshooting.md'), 'utf8');

/** Code that has each of the causes. */
const CAUSES: Record<string, { code: string; fields?: FunctionFields; settings?: Record<string, unknown> }> =
  {
    'Runtime.ImportModuleError': { code: "require('left-pad'); exports.handler = async () => {};" },
    'Runtime.HandlerNotFound': { code: 'exports.handler = 1;', fields: { handler: 'index.main' } },
    'Runtime.UserCodeSyntaxError': { code: 'exports.handler = async( =>' },
    'Function.MalformedResponse': { code: "exports.handler = async () => 'hello';" },
    'Runtime.NodeJsExit': { code: 'exports.handler = async () => { await new Promise(() => {}); };' },
    'Runtime.OutOfMemory': {
      code: 'const kept = []; exports.handler = async () => { for (;;) kept.push(Buffer.alloc(10_000_000, 1)); };',
      settings: { memory_mb: 64 },
    },
    'Sandbox.Timedout': {
      code: 'exports.handler = async () => { for (;;); };',
      settings: { timeout_ms: 300 },
    },
    'Runtime.ExitError': { code: 'exports.handler = async () => process.exit(1);' },
  };
/** Of conventions that have tests of their own. */
const ELSEWHERE = ['Function.NoCallback', 'Function.NoResponse'];

let millrace: Millrace;

before(async () => {
  if (skip) return;
  millrace = await startMillrace();
});
after(() => millrace?.close());

test('the page has a row for each of these errors, and no other', () => {
  const rows = tableRows(PAGE, /^(Runtime|Function|Sandbox)\./).map(({ name }) => name);
  assert.deepEqual(rows.sort(), [...Object.keys(CAUSES), ...ELSEWHERE].sort());
});

/** Of other programs, and of Node itself: nothing of ours says them. */
const OF_OTHERS =
  /^(SSL certificate problem|ECONN|ENETUN|ENOTFOUND|EROFS|fetch failed|require is not defined)/;

test('every text that the page calls a symptom is one that the product has', () => {
  const sources = globSync(
    '{server/src,scripts,runtimes,cli/src,contract,process,supervisor,launcher,doctor}/**/*.{ts,mjs,cjs}',
    { cwd: ROOT },
  );
  const code = sources
    .filter((file) => !/\.test\.|node_modules/.test(file))
    .map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
    .join('\n');
  const symptoms = PAGE.split('\n').flatMap((line) => {
    const cell = /^\| (.*?) \|/.exec(line)?.[1] ?? '';
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text as string);
  });
  // Numbers and names of the moment are `…` in the page.
  const missing = symptoms
    .filter((text) => !OF_OTHERS.test(text))
    .flatMap((text) => text.split('…').map((part) => part.trim()))
    .filter((part) => /[a-z]/i.test(part) && !code.includes(part))
    // What explain() puts before the reason of another program, with a colon behind it.
    .filter((part) => !code.includes(`'${part.replace(/:$/, '')}'`));
  assert.ok(symptoms.length > 30);
  assert.deepEqual(missing, []);
});

for (const [type, { code, fields, settings }] of Object.entries(CAUSES)) {
  test(`its cause leads to ${type}`, { skip }, async () => {
    const customer = new Customer(millrace);
    const fn = await customer.uploadCode(code, { environment: 'nodejs22.x', ...fields });
    if (settings !== undefined) await customer.settings(fn, settings);
    const answer = await customer.call(fn);
    assert.equal(answer.status, 502);
    assert.equal((await customer.runOf(answer)).error?.type, type);
  });
}
