// Runs and their logs as they go on, read at the node that runs them and at another, come back to after a
// break, and read too slowly. Through the public ports of two real servers on one PostgreSQL, with real
// jails.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { until } from '../until.ts';
import { EventReader } from './event-reader.ts';
import { type Own, OwnCustomer } from './own-customer.ts';
import { makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

/** Prints, waits, and prints again. */
const CODE = `
  exports.handler = async ({ data }) => {
    const print = (line) => process.stdout.write(line + '\\n');
    print('first ' + Date.now());
    for (let n = 0; n < (data.lines ?? 0); n += 1) print(n + 'x'.repeat(data.length ?? 0));
    if (data.ms) await new Promise((r) => setTimeout(r, data.ms));
    print('last');
    if (data.fails) throw new Error('no');
  };`;
const MOST_STREAMS = 6;

type LogPage = { data: { text: string; stream: string }[]; next: string | null };

describe('streams of runs', { skip: noJails() }, () => {
  let folder: string;
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let fn: Own;
  const nodes: Millrace[] = [];
  const readers: EventReader[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-streams-'));
    database = await openTestDatabase();
    proxy = await DatabaseProxy.open(database.url);
    const env = {
      MILLRACE_DATABASE_URL: proxy.url,
      MILLRACE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      MILLRACE_STREAMS_PER_ACCOUNT: String(MOST_STREAMS),
      MILLRACE_LOG_BYTES_PER_RUN: String(16 * 1024 * 1024),
    };
    // One runs what is queued, the other only answers.
    for (const [name, roles] of [
      ['one', 'gateway,worker,scheduler'],
      ['two', 'gateway,scheduler'],
    ] as const) {
      nodes.push(
        await startMillrace({ dataDir: path.join(folder, name), env: { ...env, MILLRACE_ROLES: roles } }),
      );
    }
    fn = await customerAt(0).make({ name: 'streamed', code: { inline: CODE }, timeout_ms: 30_000 });
  });
  after(async () => {
    for (const reader of readers) reader.close();
    await Promise.all(nodes.map((node) => node.stop()));
    await proxy?.close();
    await database?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const customerAt = (at: number): OwnCustomer => new OwnCustomer(nodes[at] as Millrace);

  async function open(at: number, url: string, lastEventId?: string): Promise<EventReader> {
    const reader = await EventReader.open(customerAt(at), url, lastEventId);
    readers.push(reader);
    return reader;
  }

  async function start(data: object, of = fn): Promise<string> {
    const answer = await customerAt(0).request(`/millrace/v1/functions/${of.id}/runs`, {
      method: 'POST',
      headers: { prefer: 'respond-async', 'content-type': 'application/json' },
      body: JSON.stringify(data),
    });
    assert.equal(answer.status, 202);
    return ((await answer.json()) as { id: string }).id;
  }

  async function logOf(id: string): Promise<string[]> {
    const { data } = await customerAt(0).v1<LogPage>('GET', `/runs/${id}/logs?limit=500`);
    return data.map(({ stream, text }) => `${stream} ${text}`);
  }

  test('a run that begins after its readers came is followed from its first line on', async () => {
    await customerAt(0).v1('POST', `/functions/${fn.id}/pause`);
    const id = await start({ ms: 2_000 });
    const reader = await open(1, `/runs/${id}/logs/stream`);
    // The other node hears of the reader meanwhile, and is asked again after three seconds.
    await delay(500);
    await customerAt(0).v1('POST', `/functions/${fn.id}/resume`);
    await reader.next('the first line', ({ data }) => String(data.text).startsWith('first'));
    const { status } = await customerAt(0).v1<{ status: string }>('GET', `/runs/${id}`);
    assert.equal(status, 'running');
  });

  for (const [at, where] of ['the node that runs it', 'another node'].entries()) {
    test(`a log is read at ${where} while the run goes on, and is in the end what is stored`, async (t) => {
      await customerAt(0).resultOf(fn, {});
      // Long enough for a busy machine: lines of a run that has ended are read from where they are stored.
      const id = await start({ ms: 4_000, lines: 20 });
      const reader = await open(at, `/runs/${id}/logs/stream`);
      const first = await reader.next('the first line', ({ data }) => String(data.text).startsWith('first'));
      const printedAtMs = Number(String(first.data.text).split(' ')[1]);
      t.diagnostic(`the first line was here after ${first.atMs - printedAtMs} ms`);
      const { status } = await customerAt(0).v1<{ status: string }>('GET', `/runs/${id}`);
      assert.equal(status, 'running');
      const end = await reader.next('the end', ({ event }) => event === 'end');
      assert.deepEqual([end.data.id, end.data.status], [id, 'succeeded']);
      await reader.ended;
      const lines = reader.events.filter(({ event }) => event === 'line');
      assert.deepEqual(
        lines.map(({ data }) => `${data.stream} ${data.text}`),
        await logOf(id),
      );
      assert.deepEqual(
        lines.map((line) => line.id),
        lines.map((_, n) => String(n + 1)),
      );
      const rest = await open(at, `/runs/${id}/logs/stream`, '5');
      await rest.ended;
      assert.deepEqual(
        rest.events.map((event) => event.id),
        [...lines.map((line) => line.id).slice(5), null],
      );
    });
  }

  test('a log of several attempts is one, without a break', async () => {
    const retried = await customerAt(0).make({
      ...{ name: 'retried', code: { inline: CODE }, retry: { delays_s: [0.2, 0.2] } },
    });
    const id = await start({ fails: true, ms: 300 }, retried);
    const reader = await open(1, `/runs/${id}/logs/stream`);
    const end = await reader.next('the end', ({ event }) => event === 'end');
    assert.equal(end.data.status, 'dead');
    const lines = reader.events.filter(({ event }) => event === 'line');
    assert.deepEqual(
      lines.map(({ data }) => `${data.stream} ${data.text}`),
      await logOf(id),
    );
    assert.equal(lines.filter(({ data }) => data.text === 'last').length, 3);
  });

  test('what becomes of runs is read at any node, through a filter, by their owner alone', async () => {
    const second = await makeSecondAccount(nodes[0] as Millrace);
    const stranger = await EventReader.open(
      new OwnCustomer(nodes[1] as Millrace, second.token),
      '/runs/stream',
    );
    readers.push(stranger);
    const all = await open(1, `/runs/stream?function_id=${fn.id}`);
    const failed = await open(1, '/runs/stream?status=failed');
    for (const reader of [all, failed, stranger])
      await reader.next('its opening', ({ event }) => event === 'open');
    const { run } = await customerAt(1).v1<{ run: { id: string } }>('POST', `/functions/${fn.id}/runs`, {
      fails: true,
    });
    // Each state lasts until it has been seen.
    await customerAt(0).v1('POST', `/functions/${fn.id}/pause`);
    const id = await start({ ms: 1_500 });
    await all.next('that it waits', ({ data }) => data.id === id && data.status === 'queued');
    await customerAt(0).v1('POST', `/functions/${fn.id}/resume`);
    await failed.next('the fault', ({ data }) => data.id === run.id);
    await all.next('the end', ({ data }) => data.id === id && data.status === 'succeeded');
    const states = all.events.filter(({ data }) => data.id === id).map(({ data }) => data.status);
    assert.deepEqual([...new Set(states)], ['queued', 'running', 'succeeded']);
    assert.deepEqual([...new Set(failed.events.slice(1).map(({ data }) => data.status))], ['failed']);
    assert.deepEqual(
      stranger.events.map(({ event }) => event),
      ['open'],
    );
    stranger.close();
    failed.close();

    all.close();
    await all.ended;
    const last = all.events.at(-1)?.id ?? '';
    const { run: meanwhile } = await customerAt(0).v1<{ run: { id: string } }>(
      'POST',
      `/functions/${fn.id}/runs`,
      {},
    );
    const again = await open(0, `/runs/stream?function_id=${fn.id}`, last);
    await again.next('what it has missed', ({ data }) => data.id === meanwhile.id);
    again.close();
    await again.ended;
  });

  test('a stream ends when its reader may no longer read', async () => {
    const second = await makeSecondAccount(nodes[0] as Millrace);
    const permissions = [{ resource: 'function_runs', methods: ['read'] }];
    const wanted = { name: 'reader', permissions };
    const made = await customerAt(0).v1<{ id: string; token: string }>('POST', '/tokens', wanted, 201);
    const running = await start({ ms: 20_000 });
    const customer = new OwnCustomer(nodes[1] as Millrace, made.token);
    const stranger = new OwnCustomer(nodes[1] as Millrace, second.token);
    const stays = await open(1, '/runs/stream');
    const runs = await EventReader.open(customer, '/runs/stream');
    const log = await EventReader.open(customer, `/runs/${running}/logs/stream`);
    const suspended = await EventReader.open(stranger, '/runs/stream');
    readers.push(runs, log, suspended);
    await customerAt(0).v1('DELETE', `/tokens/${made.id}`, undefined, 204);
    await customerAt(0).v1('POST', `/operator/accounts/${second.id}/suspend`, { reason: 'unpaid' });
    await Promise.all([runs.ended, log.ended, suspended.ended]);
    assert.ok(!log.events.some(({ event }) => event === 'end'), 'the run still goes on');
    await assert.rejects(EventReader.open(customer, '/runs/stream'), /401/);
    await assert.rejects(EventReader.open(stranger, '/runs/stream'), /403/);
    await customerAt(0).v1('POST', `/runs/${running}/cancel`);
    await stays.next('a run after that', ({ data }) => data.id === running && data.status === 'cancelled');
    stays.close();
    await stays.ended;
  });

  test('a reader that takes nothing is dropped, and holds no more than its buffer', async () => {
    const id = await start({ lines: 3_000, length: 2_000 });
    await customerAt(0).until(
      () => customerAt(0).v1<{ status: string }>('GET', `/runs/${id}`),
      ({ status }) => status === 'succeeded',
    );
    const { hostname, port } = new URL((nodes[0] as Millrace).url);
    const socket = connect(Number(port), hostname);
    const { token } = customerAt(0);
    socket.write(
      `GET /millrace/v1/runs/${id}/logs/stream HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\n\r\n`,
    );
    let text = '';
    await new Promise<void>((resolve) => socket.once('readable', resolve));
    // Until it is dropped nothing is read; then whatever it was given is.
    await until('it is dropped', async () => (await openStreams()) === 0, 200);
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    assert.ok(!text.includes('event: end'));
  });

  /** Refused as soon as there are as many as there may be: so many fewer were open. */
  async function openStreams(): Promise<number> {
    const opened: EventReader[] = [];
    try {
      for (;;) opened.push(await EventReader.open(customerAt(0), '/runs/stream'));
    } catch (error) {
      assert.match(String(error), /429.*too_many_requests/);
      return MOST_STREAMS - opened.length;
    } finally {
      for (const reader of opened) reader.close();
      await Promise.all(opened.map((reader) => reader.ended));
    }
  }

  test('of a run that there is not, and from an event that there was not, are refused', async () => {
    await customerAt(0).refused('GET', `/runs/${crypto.randomUUID()}/logs/stream`, undefined, 404);
    const odd = await customerAt(0).request('/millrace/v1/runs/stream', {
      headers: { 'last-event-id': 'x' },
    });
    assert.equal(odd.status, 400);
    assert.equal(((await odd.json()) as { error: { code: string } }).error.code, 'invalid_input');
  });
});
