// Compares client/src/api-paths.ts with what Millrace's own API says of itself: starts a Millrace, reads its
// openapi.json, and makes the types again. With `--write` it rewrites the file instead (`npm run client`).
// Called by check.mjs.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatePaths } from '../client/generate-paths.ts';
import { startMillrace } from '../server/test/promises/start-millrace.ts';
import { finish } from './problem.ts';

const FILE = 'client/src/api-paths.ts';
const place = path.resolve(import.meta.dirname, '..', FILE);

const made = await generatePaths(await readDocument());
if (process.argv.includes('--write')) {
  writeFileSync(place, made);
  console.log(`${FILE} written`);
} else {
  const [kept, wanted] = [readFileSync(place, 'utf8').split('\n'), made.split('\n')];
  const line = wanted.findIndex((text, index) => text !== kept[index]) + 1;
  const differs = 'differs from what openapi.json makes: run `npm run client` and look at the change';
  finish(line === 0 && kept.length === wanted.length ? [] : [{ path: FILE, line, text: differs }]);
}

async function readDocument(): Promise<Parameters<typeof generatePaths>[0]> {
  // Nothing is run: neither jails nor what they need are made.
  const millrace = await startMillrace({ env: { MILLRACE_SANDBOX: 'none', MILLRACE_LOG_LEVEL: 'error' } });
  try {
    const answer = await fetch(`${millrace.url}/millrace/v1/openapi.json`);
    return (await answer.json()) as Parameters<typeof generatePaths>[0];
  } finally {
    await millrace.close();
  }
}
