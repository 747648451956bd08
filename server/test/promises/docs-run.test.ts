// The examples of README and manual: every block of commands runs as printed, page by page and in order,
// against a real Millrace, and prints what the page shows. What can't run here says why in the page; the
// reasons are printed.
import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { noDotnet } from '../../../runtimes/conformance/dotnet-engines.ts';
import { type DocBlock, docBlocks } from '../../../scripts/doc-blocks.ts';
import { openRegistry, type Registry } from '../builds/registry.ts';
import { RUNS_ALL } from '../long-test.ts';
import { answerProblems } from './doc-answers.ts';
import { DocSession, type Printed } from './doc-session.ts';
import { openBrowser } from './open-browser.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** It makes further accounts: the others show an installation that has one, which needs no name. */
const SEVERAL_ACCOUNTS = 'docs/tenants.md';
const PAGES = [
  'README.md',
  ...globSync('docs/{*,tutorials/*,operate/*}.md', { cwd: ROOT })
    .filter((page) => page !== SEVERAL_ACCOUNTS)
    .sort(),
  ...globSync('examples/*/README.md', { cwd: ROOT }).sort(),
  SEVERAL_ACCOUNTS,
];
/** How long a page's question may have to be asked again until its answer is there. */
const PATIENCE_MS = 30_000;
const ASK_AGAIN_MS = 200;
/** The address that pages show. */
const SHOWN_URL = 'http://localhost:8700';
/** What curl ends with when an answer is an error. */
const REFUSED = 22;

const skip = noJails();
let registry: Registry;
let millrace: Millrace;

/** What pages ask of npm's registry, as much of it as they use. */
const PACKAGES = [
  {
    ...{ name: 'lodash', version: '4.17.21' },
    files: {
      'index.js':
        "exports.kebabCase = (text) => text.toLowerCase().replaceAll(' ', '-'); exports.round = Math.round;",
    },
  },
];

before(async () => {
  if (skip) return;
  registry = await openRegistry(PACKAGES);
  millrace = await startMillrace({ env: { MILLRACE_NPM_REGISTRY: registry.url } });
});
after(async () => {
  await millrace?.close();
  await registry?.close();
});

/** Half of them, where a shorter run will do. */
const RUN = PAGES.filter((_, at) => RUNS_ALL || at % 2 === 0);

for (const page of RUN) {
  const blocks = docBlocks(readFileSync(path.join(ROOT, page), 'utf8'));
  if (blocks.length === 0) continue;
  const lacking = page === 'docs/dotnet.md' && noDotnet;
  test(`${page} runs as printed`, { skip: skip || lacking }, async (context) => {
    const session = new DocSession({ MILLRACE: millrace.url, TOKEN: millrace.token });
    // An example is read where it lies, beside its files.
    if (page.startsWith('examples/')) session.fill(path.join(ROOT, path.dirname(page)));
    try {
      for (const [index, block] of blocks.entries()) await read(session, page, block, blocks[index + 1]);
    } finally {
      await session.close();
    }
    const left = blocks.flatMap((block) =>
      block.kind === 'not run' ? [`${block.line}: ${block.reason}`] : [],
    );
    if (left.length > 0) context.diagnostic(`${left.length} not run, by line: ${left.join('; ')}`);
  });
}

// Its function is the one that the example's README, above, has moved in.
test('the form of examples/hubspot-form reaches its function when a person opens the file', {
  skip,
}, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-form-'));
  const form = readFileSync(path.join(ROOT, 'examples/hubspot-form/form.html'), 'utf8');
  writeFileSync(path.join(folder, 'form.html'), form.replaceAll(SHOWN_URL, millrace.url));
  const browser = await openBrowser();
  try {
    const page = await browser.context.newPage();
    await page.goto(`file://${folder}/form.html`);
    await page.fill('[name=name]', 'Ann');
    await page.fill('[name=email]', 'ann@example.com');
    const shown = page.waitForEvent('dialog');
    const clicked = page.click('button');
    const dialog = await shown;
    assert.equal(dialog.message(), 'Thank you, Ann');
    await dialog.accept();
    await clicked;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
});

async function read(session: DocSession, page: string, block: DocBlock, next?: DocBlock): Promise<void> {
  const at = `${page}:${block.line}`;
  assert.notEqual(
    block.kind,
    'unmarked',
    `${at}: neither commands nor answer: mark it "not run: <why>" or "file: <name>"`,
  );
  if (block.kind === 'file') session.save(block.name, block.text);
  if (block.kind !== 'commands') return;
  const answer = next?.kind === 'answer' ? next : undefined;
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const printed = await session.run(block.text);
    const problem = problemOf(block, printed, answer);
    if (problem === null) return;
    // A reader looks again until what was begun is over; a command that changes something runs once.
    if (!onlyAsks(block.text) || Date.now() > giveUpAt) assert.fail(`${at}: ${problem}`);
    await delay(ASK_AGAIN_MS);
  }
}

function problemOf(
  block: DocBlock & { kind: 'commands' },
  printed: Printed,
  answer?: DocBlock,
): string | null {
  const wanted = block.refused ? REFUSED : 0;
  if (printed.status !== wanted) {
    return `ended with ${printed.status}, not ${wanted}:\n${printed.stdout}${printed.stderr}`;
  }
  if (answer === undefined) return null;
  const problems = answerProblems(answer, printed.stdout.replaceAll(millrace.url, SHOWN_URL));
  return problems.length === 0
    ? null
    : `${problems.join('\n')}\nprinted: ${printed.stdout.trim().slice(0, 4_000)}`;
}

/** Whether commands may be repeated: they send nothing. */
function onlyAsks(commands: string): boolean {
  return /\bcurl\b/.test(commands) && !/ -(d|F|X|T)\b| --(data|form|json|request|upload-file)/.test(commands);
}
