// What an account may use, as its customers and its owner meet it at the doors: through the public port, with
// real jails. The limits of a minute over several nodes are in server/test/limits, those of calls in
// replay.test.ts.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Customer, type HostedFunction } from './customer.ts';
import { RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const INSTALLATION_BYTES = 100_000;
const PAYLOAD_BYTES = 4_000;

type Door = { name: string; path: string; method?: string; headers?: Record<string, string> };
type Limits = Record<string, number | null>;

describe('the limits of an account', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  let fn: HostedFunction;

  before(async () => {
    millrace = await startMillrace({ env: { MILLRACE_REQUEST_BYTES: String(INSTALLATION_BYTES) } });
    customer = new Customer(millrace);
    fn = await customer.uploadCode(
      "exports.handler = async (event) => ({ statusCode: 200, body: String((event.body ?? '').length) });",
    );
  });
  after(() => millrace?.close());

  const setLimits = (limits: Limits): Promise<Limits> =>
    customer.json('/millrace/v1/account/limits', {
      method: 'PATCH',
      headers: JSON_TYPE,
      body: JSON.stringify(limits),
    });

  async function trigger(kind: string): Promise<string> {
    const made = await customer.json<{ url: string }>('/millrace/v1/triggers', {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ function_id: fn.id, kind }),
    });
    return new URL(made.url).pathname;
  }

  async function openDoors(): Promise<Door[]> {
    const bearer = { authorization: `Bearer ${customer.token}` };
    const revcent = new RevcentCustomer(millrace);
    const direct = await revcent.make({
      event_source: 'api_direct',
      name: 'direct',
      function_code: 'callback(null, 1)',
    });
    return [
      { name: 'a call', path: `/func/v1/${fn.id}`, headers: bearer },
      { name: 'an async call', path: `/func/v1/${fn.id}`, headers: { ...bearer, prefer: 'respond-async' } },
      { name: 'a run by the API', path: `/millrace/v1/functions/${fn.id}/runs`, headers: bearer },
      { name: 'events', path: '/millrace/v1/events', headers: bearer },
      { name: 'a webhook', path: await trigger('webhook') },
      { name: 'a function URL', path: await trigger('function_url') },
      { name: 'an assistant', path: '/mcp', headers: { ...bearer, accept: 'application/json' } },
      {
        name: 'a direct trigger',
        path: `/v2/functions/${direct.function_id}/trigger`,
        headers: { 'x-api-key': customer.token },
      },
    ];
  }

  test('that were changed are an event of the account, which starts a function', async () => {
    const body = JSON.stringify({
      function_id: fn.id,
      kind: 'account_event',
      settings: { notations: ['account:modified'] },
    });
    const trigger = { method: 'POST', headers: JSON_TYPE, body };
    const { id } = await customer.json<{ id: string }>('/millrace/v1/triggers', trigger);
    await setLimits({ queued_runs: 5000 });
    const refused = await customer.request('/millrace/v1/account/limits', {
      method: 'PATCH',
      headers: JSON_TYPE,
      body: JSON.stringify({ queued_runs: 0 }),
    });
    assert.equal(refused.status, 400);
    const told = await customer.json<{ data: { id: string }[] }>('/millrace/v1/events?type=account:modified');
    assert.equal(told.data.length, 1);
    type Told = { data: { settings: string; test: boolean }; runs: { trigger_id: string }[] };
    const read = (): Promise<Told> => customer.json(`/millrace/v1/events/${told.data[0]?.id}`);
    let event = await read();
    for (
      const until = Date.now() + 10_000;
      event.runs.length === 0 && Date.now() < until;
      event = await read()
    )
      await delay(20);
    assert.deepEqual([event.data.settings, event.data.test], ['limits', false]);
    assert.deepEqual(
      event.runs.map(({ trigger_id }) => trigger_id),
      [id],
    );
    await setLimits({ queued_runs: null });
    await customer.request(`/millrace/v1/triggers/${id}`, { method: 'DELETE' });
  });

  test('on payloads hold at every door, by the length that is told and by what comes', async () => {
    const doors = await openDoors();
    assert.equal((await setLimits({ payload_bytes: PAYLOAD_BYTES })).payload_bytes, PAYLOAD_BYTES);
    for (const door of doors) {
      const told = await send(door, PAYLOAD_BYTES + 1, 'told');
      assert.equal(told.status, 413, `${door.name}: ${told.text}`);
      assert.match(told.text, /payload_bytes is 4000/, door.name);
      const streamed = await send(door, 20 * PAYLOAD_BYTES, 'streamed');
      assert.equal(streamed.status, 413, `${door.name}, streamed: ${streamed.text}`);
      assert.match(streamed.text, /payload_bytes is 4000/, door.name);
      for (const way of ['told', 'streamed'] as const) {
        const small = await send(door, PAYLOAD_BYTES, way);
        assert.notEqual(small.status, 413, `${door.name}, ${way}: ${small.text}`);
      }
    }
    const call = doors[0] as Door;
    assert.equal((await send(call, PAYLOAD_BYTES, 'streamed')).text, String(PAYLOAD_BYTES));
  });

  test('on payloads hold for nothing but what a function is told', async () => {
    await setLimits({ payload_bytes: 100 });
    const made = await customer.request('/millrace/v1/event-types', {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ name: 'parcel.lost', item_type: 'parcel', description: 'x'.repeat(150) }),
    });
    assert.equal(made.status, 201, await made.text());
  });

  test("on payloads never exceed the installation's, and null gives that back", async () => {
    const refused = await customer.request('/millrace/v1/account/limits', {
      method: 'PATCH',
      headers: JSON_TYPE,
      body: JSON.stringify({ payload_bytes: INSTALLATION_BYTES + 1 }),
    });
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /payload_bytes: must be at most the installation's 100000/);
    assert.equal((await setLimits({ payload_bytes: null })).payload_bytes, INSTALLATION_BYTES);
    const call = { name: 'a call', path: `/func/v1/${fn.id}?token=${customer.token}` };
    assert.equal((await send(call, 50_000, 'streamed')).text, '50000');
    assert.equal((await send(call, INSTALLATION_BYTES + 1, 'streamed')).status, 413);
  });

  test('on runs that go on, and on runs that wait, are told as near', async () => {
    const slow = await customer.uploadCode(
      'exports.handler = () => new Promise((resolve) => setTimeout(() => resolve({ statusCode: 200 }), 500));',
    );
    try {
      await setLimits({ concurrent_runs: 2, queued_runs: 10 });
      const calls = await Promise.all([customer.call(slow), customer.call(slow)]);
      assert.deepEqual(
        calls.map(({ status }) => status),
        [200, 200],
      );
      const told = await nearOf('concurrent_runs');
      assert.deepEqual([told.allowed, told.used], [2, 2]);

      await customer.json(`/millrace/v1/functions/${slow.id}/pause`, { method: 'POST' });
      let refused: Response | null = null;
      // A count is believed for some seconds, with the limit of its time.
      for (const giveUpAt = Date.now() + 20_000; refused === null; ) {
        assert.ok(Date.now() < giveUpAt, 'none was refused');
        const answer = await customer.request(slow.invokeUrl, { headers: { prefer: 'respond-async' } });
        if (answer.status === 429) refused = answer;
        else assert.equal(answer.status, 202, await answer.text());
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const full = await nearOf('queued_runs');
      assert.deepEqual([full.allowed, Number(full.used) >= 8], [10, true]);
    } finally {
      await setLimits({ concurrent_runs: null, queued_runs: null });
    }
  });

  type Near = { limit: string; allowed: number; used: number };

  async function nearOf(limit: string): Promise<Near> {
    for (const giveUpAt = Date.now() + 10_000; Date.now() < giveUpAt; ) {
      const { data } = await customer.json<{ data: { id: string }[] }>('/millrace/v1/events?type=limit.near');
      const events = await Promise.all(
        data.map(({ id }) => customer.json<{ data: Near }>(`/millrace/v1/events/${id}`)),
      );
      const found = events.find((event) => event.data.limit === limit);
      if (found !== undefined) return found.data;
    }
    return assert.fail(`limit.near was not published of ${limit}`);
  }

  /**
   * @param way `told`: with a Content-Length; `streamed`: in chunks, whose sum nobody knows before the end
   */
  function send(door: Door, sizeBytes: number, way: 'told' | 'streamed') {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
    const headers: Record<string, string> = { ...JSON_TYPE, ...door.headers };
    if (way === 'told') headers['content-length'] = String(sizeBytes);
    const sent = httpRequest(new URL(door.path, millrace.url), { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    const body = JSON.stringify('x'.repeat(sizeBytes - 2));
    for (let at = 0; at < body.length; at += 1_000) sent.write(body.slice(at, at + 1_000));
    sent.end();
    return promise;
  }
});
