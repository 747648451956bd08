// `npm run newcomer`: goes the way of a reader of README in a clean clone of what is committed here, and says
// how long it takes to the first answer: `npm start`, then README's commands as far as the first function.
// With a warm cache of packages it must take less than three minutes. Takes 400 MB below TMPDIR, and leaves
// nothing.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DocSession } from '../server/test/promises/doc-session.ts';
import { freePort } from '../server/test/promises/start-millrace.ts';
import { docBlocks } from './doc-blocks.ts';

const MOST_S = 180;
const GIVE_UP_S = 600;
const ROOT = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'millrace-newcomer-'));
// Millrace serves as a user of its own, who has to get there.
chmodSync(folder, 0o755);
const clone = path.join(folder, 'millrace');
const begunMs = performance.now();
const seconds = (): number => Math.round((performance.now() - begunMs) / 100) / 10;

const port = await freePort();
execFileSync('git', ['clone', '--quiet', ROOT, clone]);
console.log(`cloned        ${seconds()} s`);
const started = spawn('npm', ['start'], {
  cwd: clone,
  env: { ...process.env, MILLRACE_PORT: String(port), MILLRACE_TLS_PORT: '0' },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const ended = new Promise((resolve) => started.once('exit', resolve));
let status = 1;
try {
  const url = `http://localhost:${port}`;
  const file = path.join(clone, '.millrace/first.token');
  while (!(existsSync(file) && (await isReady(url)))) {
    if (seconds() > GIVE_UP_S || started.exitCode !== null) throw new Error('it did not start');
    await sleep(100);
  }
  console.log(`answers       ${seconds()} s`);
  await readFirstFunction({ MILLRACE: url, TOKEN: readFileSync(file, 'utf8').trim() });
  const took = seconds();
  console.log(`first answer  ${took} s, of at most ${MOST_S}`);
  status = took > MOST_S ? 1 : 0;
} catch (error) {
  console.error(`after ${seconds()} s: ${(error as Error).message}`);
} finally {
  started.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = status;

async function isReady(url: string): Promise<boolean> {
  return await fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** README's commands up to the first that shows an answer. */
async function readFirstFunction(env: Record<string, string>): Promise<void> {
  const session = new DocSession(env);
  try {
    const blocks = docBlocks(readFileSync(path.join(clone, 'README.md'), 'utf8'));
    for (const [at, block] of blocks.entries()) {
      if (block.kind !== 'commands') continue;
      const { status: ending, stdout, stderr } = await session.run(block.text);
      if (ending !== 0) throw new Error(`README.md:${block.line} ended with ${ending}: ${stdout}${stderr}`);
      if (blocks[at + 1]?.kind !== 'answer') continue;
      console.log(`              ${stdout.trim()}`);
      return;
    }
    throw new Error('README.md shows no answer');
  } finally {
    await session.close();
  }
}
