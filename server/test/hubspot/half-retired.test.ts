// A deployment that had read an endpoint before it was deleted makes its function again: the next deployment of the folder sees to that.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { Site } from '../promises/site.ts';
import { type Millrace, noJails, startMillrace } from '../promises/start-millrace.ts';

const skip = noJails();
const MAIN = `exports.main = (context, send) => send({ body: 'hi', statusCode: 200 });`;

let database: TestDatabase;
let proxy: DatabaseProxy;
let millrace: Millrace;

before(async () => {
  if (skip !== false) return;
  database = await openTestDatabase();
  proxy = await DatabaseProxy.open(database.url);
  millrace = await startMillrace({ env: { MILLRACE_DATABASE_URL: proxy.url } });
});
after(async () => {
  await millrace?.close();
  await proxy?.close();
  await database?.close();
});

async function functions(): Promise<string[]> {
  const rows = await database.query<{ name: string }>('select name from functions order by name');
  return rows.map(({ name }) => name);
}

test('a function whose endpoint is retired goes with the next deployment of its folder', {
  skip,
}, async () => {
  const site = new Site(millrace);
  const entry = { file: 'a.js' };
  await site.upload('shop.functions', { endpoints: { cart: entry, stock: entry } }, { 'a.js': MAIN });
  // As the deletion leaves it beside a deployment that makes the function after it.
  await database.query(`update endpoints set retired_at = now() where path = 'cart'`);
  assert.deepEqual(await functions(), ['cart', 'stock']);
  await site.upload('shop.functions', { endpoints: { stock: entry } }, {});
  for (const giveUpAt = Date.now() + 20_000; (await functions()).length > 1 && Date.now() < giveUpAt; )
    await sleep(50);
  assert.deepEqual(await functions(), ['stock']);
});
