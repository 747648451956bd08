// What callers of every door get while the database is out of reach: through the public port, with a real
// PostgreSQL behind a wire that is cut. That nothing is lost meanwhile is proved by server/test/faults.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { Customer } from './customer.ts';
import { RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const OK = "exports.handler = async () => ({ statusCode: 200, body: 'ok' });";
const JSON_TYPE = { 'content-type': 'application/json' };

type Door = { name: string; ask: () => Promise<Response> };

describe('a database out of reach', { skip: noJails() }, () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let millrace: Millrace;
  let customer: Customer;
  let doors: Door[];

  before(async () => {
    database = await openTestDatabase();
    proxy = await DatabaseProxy.open(database.url);
    millrace = await startMillrace({ env: { MILLRACE_DATABASE_URL: proxy.url } });
    customer = new Customer(millrace);
    doors = await openDoors();
  });
  after(async () => {
    await millrace?.close();
    await proxy?.close();
    await database?.close();
  });

  test('is answered with 503, Retry-After and an envelope at every door, and forgotten once it is back', async () => {
    proxy.set('refuse');
    for (const { name, ask } of doors) {
      const answer = await ask();
      const text = await answer.text();
      assert.equal(answer.status, 503, `${name}: ${text}`);
      assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/, name);
      assert.match(text, /the database is out of reach: try again/, name);
    }
    proxy.set('pass');
    for (const { name, ask } of doors) await recovers(name, ask);
  });

  test('while something is written leaves the outcome unknown, and the same id is not done twice', async () => {
    const event = { id: 'in-doubt-1', type: 'order:created', item_id: 'OR1' };
    proxy.cutAt({ text: 'commit', at: 'answer', times: 1 });
    // Others commit, too: one of them meets the cut.
    for (let sent = 0; ; sent += 1) {
      assert.ok(sent < 100, 'no publication met the cut');
      const answer = await publish({ ...event, id: `in-doubt-${sent}` });
      if (answer.status === 202) {
        if (proxy.cuts > 0) proxy.cutAt({ text: 'commit', at: 'answer', times: 1 });
        continue;
      }
      assert.equal(answer.status, 503);
      assert.ok(answer.headers.has('retry-after'));
      const { error } = (await answer.json()) as { error: { message: string; facts: unknown } };
      assert.deepEqual(error.facts, { outcome: 'unknown' });
      assert.match(error.message, /not known.*same id/);
      const again = await publish({ ...event, id: `in-doubt-${sent}` });
      assert.equal(again.status, 202);
      const { data } = (await again.json()) as { data: { duplicate: boolean }[] };
      // The database had it: it was the answer that was lost.
      assert.equal(data[0]?.duplicate, true);
      return;
    }
  });

  const publish = (event: unknown): Promise<Response> =>
    customer.request('/millrace/v1/events', {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify(event),
    });

  /** Functions that nobody has called: what is in memory is answered without the database. */
  async function openDoors(): Promise<Door[]> {
    const fn = await customer.uploadCode(OK);
    const revcent = new RevcentCustomer(millrace);
    const hook = await trigger('webhook', fn.id);
    const url = await trigger('function_url', fn.id);
    return [
      { name: '/millrace/v1', ask: () => customer.request('/millrace/v1/runs') },
      { name: 'POST /millrace/v1/events', ask: () => publish({ type: 'order:created', item_id: 'OR1' }) },
      { name: '/api/v1', ask: () => customer.request('/api/v1/hosted_functions') },
      {
        name: '/v2',
        ask: () => fetch(`${millrace.url}/v2/functions`, { headers: { 'x-api-key': revcent.token } }),
      },
      { name: '/hook', ask: () => fetch(hook, { method: 'POST', body: '{}' }) },
      { name: '/fn', ask: () => fetch(url) },
      { name: '/func/v1', ask: () => customer.call(fn) },
    ];
  }

  async function trigger(kind: string, functionId: string): Promise<string> {
    const made = await customer.json<{ url: string }>('/millrace/v1/triggers', {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ function_id: functionId, kind }),
    });
    return `${millrace.url}${new URL(made.url).pathname}`;
  }
});

async function recovers(name: string, ask: () => Promise<Response>): Promise<void> {
  for (const giveUpAt = Date.now() + 20_000; ; ) {
    const answer = await ask();
    const text = await answer.text();
    if (answer.ok) return;
    assert.ok(Date.now() < giveUpAt, `${name}: still ${answer.status} ${text}`);
  }
}
