// Compares what is made of the description of Millrace's own API with what lies in the repository: the
// client's types, the operations of the Python client, and the schema of `millrace.json`. Starts a Millrace,
// reads its openapi.json, has it checked by OpenAPI's rules, and makes them again. With `--write` it rewrites
// the files instead (`npm run client`). Called by check.mjs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectSchema } from '../cli/project-schema.ts';
import { generatePaths } from '../client/generate-paths.ts';
import { generatePython } from '../client/generate-python.ts';
import { openapiProblems } from '../client/openapi-problems.ts';
import { startMillrace } from '../server/test/promises/start-millrace.ts';
import { finish, type Problem } from './problem.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

const document = await readDocument();
const made = {
  'client/src/api-paths.ts': await generatePaths(document),
  'client/python/millrace_operations.py': generatePython(document),
  'authoring/millrace.schema.json': projectSchema(document),
};
if (process.argv.includes('--write')) {
  for (const [file, text] of Object.entries(made)) writeFileSync(path.join(ROOT, file), text);
  console.log(`${Object.keys(made).join(', ')} written`);
} else {
  const holes = (await openapiProblems(document)).map((text) => ({ path: 'openapi.json', line: 1, text }));
  finish([...Object.entries(made).flatMap(([file, text]) => compare(file, text)), ...holes]);
}

function compare(file: string, text: string): Problem[] {
  const place = path.join(ROOT, file);
  const kept = existsSync(place) ? readFileSync(place, 'utf8') : '';
  if (kept === text) return [];
  const [lines, wanted] = [kept.split('\n'), text.split('\n')];
  const line = wanted.findIndex((one, index) => one !== lines[index]) + 1;
  const differs = 'differs from what openapi.json makes: run `npm run client` and look at the change';
  return [{ path: file, line: line || lines.length, text: differs }];
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
