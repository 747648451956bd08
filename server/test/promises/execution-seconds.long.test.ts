// Execution seconds of web sites' functions are one account's on all nodes together: what one node has used,
// another refuses.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const MINUTE_MS = 60_000;
/** A try that begins later in a minute may see the next one begin. */
const LATEST_MS = 30_000;
const SLOW = `exports.main = (context, send) => setTimeout(() => send({ body: 'slow', statusCode: 200 }), 2500);`;
const QUICK = `exports.main = (context, send) => send({ body: 'quick', statusCode: 200 });`;

let folder: string;
let database: TestDatabase;
let proxy: DatabaseProxy;
const nodes: Millrace[] = [];

before(async () => {
  if (skip !== false) return;
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-seconds-'));
  database = await openTestDatabase();
  proxy = await DatabaseProxy.open(database.url);
  const env = {
    MILLRACE_DATABASE_URL: proxy.url,
    MILLRACE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    MILLRACE_EXECUTION_SECONDS_PER_MINUTE: '2',
  };
  for (const name of ['one', 'two']) {
    nodes.push(await startMillrace({ dataDir: path.join(folder, name), env }));
  }
});
after(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await proxy?.close();
  await database?.close();
  if (skip === false) rmSync(folder, { recursive: true, force: true });
});

const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);

/** @returns whether the second node has refused in the minute in which the first one used the seconds up */
async function isRefusedElsewhere(used: Site, other: Site): Promise<boolean> {
  const intoMs = Date.now() % MINUTE_MS;
  if (intoMs > LATEST_MS) await sleep(MINUTE_MS - intoMs);
  const minute = minuteOf(Date.now());
  assert.equal(await (await used.call('slow')).text(), 'slow');
  while (minuteOf(Date.now()) === minute) {
    const answer = await other.call('quick');
    if (answer.status === 429) return true;
    assert.equal(answer.status, 200);
    await sleep(100);
  }
  return false;
}

test('what one node has used of the minute, another refuses', { skip }, async () => {
  const [used, other] = nodes.map((node) => new Site(node)) as [Site, Site];
  const endpoints = { slow: { file: 'slow.js' }, quick: { file: 'quick.js' } };
  await used.upload('site.functions', { endpoints }, { 'slow.js': SLOW, 'quick.js': QUICK });
  for (let tries = 1; !(await isRefusedElsewhere(used, other)); tries += 1) {
    assert.ok(tries < 3, 'a minute went by in which the other node refused nothing');
  }
});
