// Zips of a few kilobytes that take seconds to be read, or gigabytes: sent to the import, while others call.
// What they unpack to is the sender's choice; how long the others wait isn't.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { zipOf } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const MEGABYTE = 1024 * 1024;

type Answer = { status: number; text: string };

let millrace: Millrace;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
});
after(() => millrace?.close());

function endpoints(count: number): string {
  const paths = Array.from({ length: count }, (_, at) => [`e${at}`, { file: 'a.js' }]);
  return JSON.stringify({ endpoints: Object.fromEntries(paths) });
}

function metas(depth: number): Record<string, string> {
  const meta = (at: number): string =>
    JSON.stringify({ type: 'app-function', config: { entrypoint: 'a.js', endpoint: { path: `p${at}` } } });
  const folder = (at: number): string => 'a/'.repeat(at + 1);
  return Object.fromEntries(
    Array.from({ length: depth }, (_, at) => [`${folder(at)}x-hsmeta.json`, meta(at)]),
  );
}

async function send(zip: Buffer): Promise<Answer> {
  const answer = await fetch(`${millrace.url}/millrace/v1/import/hubspot?dry_run=true`, {
    method: 'POST',
    headers: { authorization: `Bearer ${millrace.token}`, 'content-type': 'application/zip' },
    body: new Uint8Array(zip),
  });
  return { status: answer.status, text: await answer.text() };
}

async function longestWaitDuring(work: Promise<unknown>): Promise<number> {
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  let longestMs = 0;
  while (!isOver) {
    const startedAt = performance.now();
    await (await fetch(`${millrace.url}/healthz`)).text();
    longestMs = Math.max(longestMs, performance.now() - startedAt);
  }
  return longestMs;
}

const ZIPS: [string, () => Record<string, string>, number][] = [
  [
    'a package.json of many megabytes beside a thousand endpoints',
    () => ({
      'x.functions/serverless.json': endpoints(1_000),
      'x.functions/a.js': '',
      'x.functions/package.json': `{"a":"${' '.repeat(10 * MEGABYTE)}"}`,
    }),
    200,
  ],
  [
    'metas in folders within folders, over much code',
    () => ({ ...metas(40), 'a/a.js': ' '.repeat(40 * MEGABYTE) }),
    200,
  ],
  [
    'a meta of objects that would be gigabytes',
    () => ({
      'a/x-hsmeta.json': `[${'{},'.repeat(40 * MEGABYTE)}{}]`,
      'x.functions/serverless.json': endpoints(1),
    }),
    200,
  ],
  [
    'more names of packages than can be told',
    () => ({
      'x.functions/serverless.json': endpoints(1),
      'x.functions/a.js': Array.from({ length: 600_000 }, (_, at) => `from'p${at}';`).join(''),
    }),
    413,
  ],
];

describe('a zip that is dear to read', { skip }, () => {
  for (const [name, files, status] of ZIPS) {
    test(`is answered, and holds up nobody: ${name}`, async () => {
      const zip = zipOf(files());
      const startedAt = performance.now();
      const sent = send(zip);
      const longestMs = await longestWaitDuring(sent);
      const tookMs = performance.now() - startedAt;
      const answer = await sent;
      assert.equal(answer.status, status, answer.text.slice(0, 300));
      // What is read on the thread that serves the others makes them wait for nearly all of it.
      const told = `of ${Math.round(tookMs)} ms, others waited ${Math.round(longestMs)}`;
      assert.ok(longestMs < Math.max(400, tookMs / 2), told);
    });
  }

  test('with a package.json that is too large is refused when it is to be kept', async () => {
    const path = 'x.functions/package.json';
    const form = new FormData();
    form.set('file', new Blob([`{"a":"${' '.repeat(300 * 1024)}"}`]), 'package.json');
    const answer = await fetch(`${millrace.url}/content/filemapper/v1/upload/${encodeURIComponent(path)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${millrace.token}` },
      body: form,
    });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /x\.functions\/package\.json has over 262144 bytes/);
  });
});
