// What a node has answered with 2xx holds for the next call at that node, and at the others within a bound
// (docs/reliability.md): for everything that nodes keep in memory. Two real servers on one PostgreSQL,
// through the public doors.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { until } from '../until.ts';
import { makeSecondAccount, type SecondAccount } from './second-account.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';
import { Subscriber } from './subscriber.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** So many that a change which is late now and then is seen to be; the last leaves it on. */
const ROUNDS = 11;
const HOST = 'held.example.com';

type Json = Record<string, unknown>;
/** Something that nodes keep in memory: two states of it that alternate, and what a caller sees of each. */
type Kept = {
  change(at: number, isOn: boolean): Promise<unknown>;
  seen(at: number): Promise<unknown>;
  on: unknown;
  off: unknown;
};

describe('a change that was answered', { skip: noJails() }, () => {
  let folder: string;
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let second: SecondAccount;
  const nodes: Millrace[] = [];

  const node = (at: number): Millrace => nodes[at] as Millrace;
  const operator = (at: number): Subscriber => new Subscriber(node(at));
  const owner = (at: number): Subscriber => new Subscriber(node(at), second.token);
  const send = (who: Subscriber, url: string, method: string, body?: unknown): Promise<Response> =>
    who.request(
      url,
      body === undefined ? { method } : { method, headers: JSON_TYPE, body: JSON.stringify(body) },
    );
  async function sent<T = Json>(who: Subscriber, url: string, method: string, body?: unknown): Promise<T> {
    const answer = await send(who, url, method, body);
    assert.ok(answer.ok, `${method} ${url}: ${answer.status} ${await answer.clone().text()}`);
    return (answer.status === 204 ? null : await answer.json()) as T;
  }
  const statusOf = async (answer: Promise<Response>): Promise<number> => {
    const { status, body } = await answer;
    await body?.cancel();
    return status;
  };

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-changes-'));
    database = await openTestDatabase();
    proxy = await DatabaseProxy.open(database.url);
    const env = {
      MILLRACE_DATABASE_URL: proxy.url,
      MILLRACE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    for (const name of ['one', 'two']) {
      nodes.push(await startMillrace({ dataDir: path.join(folder, name), env }));
    }
    second = await makeSecondAccount(node(0));
  });
  after(async () => {
    await Promise.all(nodes.map((one) => one.stop()));
    await proxy?.close();
    await database?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** Whatever a node saw before, it has asked for and keeps. */
  async function holds({ change, seen, on, off }: Kept): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const isOn = round % 2 === 0;
      const at = round % 3 === 0 ? 1 : 0;
      await Promise.all([seen(0), seen(1)]);
      await change(at, isOn);
      assert.deepEqual(await seen(at), isOn ? on : off, `round ${round}: at once where it was asked for`);
      await until(`round ${round}: the other node follows`, async () => {
        return JSON.stringify(await seen(1 - at)) === JSON.stringify(isOn ? on : off);
      });
    }
  }

  const echo = (): Promise<{ id: string }> =>
    owner(0).uploadCode('exports.handler = async () => ({ statusCode: 200 });');

  test('of a function holds', async () => {
    const { id } = await echo();
    await holds({
      change: (at, isOn) => sent(owner(at), `/millrace/v1/functions/${id}`, 'PATCH', { enabled: isOn }),
      seen: async (at) => (await statusOf(owner(at).request(`/func/v1/${id}`))) === 200,
      ...{ on: true, off: false },
    });
  });

  test('of an address holds', async () => {
    const { id } = await echo();
    const settings = { allowed_ips: ['127.0.0.1', '::1'] };
    const made = await sent<{ id: string; url: string }>(owner(0), '/millrace/v1/triggers', 'POST', {
      ...{ function_id: id, kind: 'function_url', settings },
    });
    await holds({
      change: (at, isOn) =>
        sent(owner(at), `/millrace/v1/triggers/${made.id}`, 'PATCH', {
          settings: isOn ? settings : { allowed_ips: ['198.51.100.7'] },
        }),
      seen: (at) => statusOf(fetch(`${node(at).url}${new URL(made.url).pathname}`)),
      ...{ on: 200, off: 403 },
    });
  });

  test('of a trigger holds for the next event', async () => {
    const { id } = await echo();
    await sent(owner(0), '/millrace/v1/event-types', 'POST', { name: 'crate.opened' });
    const trigger = await sent<{ id: string }>(owner(0), '/millrace/v1/triggers', 'POST', {
      ...{ function_id: id, kind: 'account_event', settings: { notations: ['crate.opened'] } },
    });
    await holds({
      change: (at, isOn) =>
        sent(owner(at), `/millrace/v1/triggers/${trigger.id}`, 'PATCH', { enabled: isOn }),
      seen: async (at) => {
        const event = { notations: ['crate.opened'], item_id: 'i1' };
        const { data } = await sent<{ data: { runs: string[] }[] }>(
          owner(at),
          '/millrace/v1/events',
          'POST',
          event,
        );
        return data[0]?.runs.length;
      },
      ...{ on: 1, off: 0 },
    });
  });

  test('of an event type holds for the next event', async () => {
    await holds({
      change: (at, isOn) =>
        isOn
          ? sent(owner(at), '/millrace/v1/event-types', 'POST', { name: 'lid.closed' })
          : sent(owner(at), '/millrace/v1/event-types/lid.closed', 'DELETE'),
      seen: (at) =>
        statusOf(
          send(owner(at), '/millrace/v1/events', 'POST', { notations: ['lid.closed'], item_id: 'i1' }),
        ),
      ...{ on: 202, off: 400 },
    });
  });

  test('of a limit holds', async () => {
    const { id } = await echo();
    await holds({
      change: (at, isOn) =>
        sent(operator(at), `/millrace/v1/accounts/${second.id}/limits`, 'PATCH', {
          payload_bytes: isOn ? 100 : null,
        }),
      seen: (at) => statusOf(owner(at).request(`/func/v1/${id}`, { method: 'POST', body: 'x'.repeat(200) })),
      ...{ on: 413, off: 200 },
    });
  });

  test('of a value holds for the next run', async () => {
    const value = await sent<{ id: string }>(owner(0), '/millrace/v1/function-values', 'POST', {
      ...{ name: 'GREETING', value: 'off', encrypted: false },
    });
    const made = await fetch(`${node(0).url}/v2/functions`, {
      method: 'POST',
      headers: { ...JSON_TYPE, 'x-api-key': second.token },
      body: JSON.stringify({
        ...{ name: 'Greets', event_source: 'function_url', enabled: true },
        function_code: 'callback(null, process.env.GREETING)',
      }),
    });
    const { function_url: url } = (await made.json()) as { function_url: string };
    await holds({
      change: (at, isOn) =>
        sent(owner(at), `/millrace/v1/function-values/${value.id}`, 'PATCH', { value: isOn ? 'on' : 'off' }),
      seen: async (at) => await (await fetch(`${node(at).url}${new URL(url).pathname}`)).text(),
      ...{ on: 'on', off: 'off' },
    });
  });

  test('of a host holds', async () => {
    const known = async (at: number): Promise<boolean> => {
      const text = await new Promise<string>((resolve, reject) => {
        const url = `${node(at).url}/_hcms/api/none`;
        get(url, { headers: { host: HOST }, agent: false }, (answer) => {
          let body = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk;
          });
          answer.on('end', () => resolve(body));
        }).on('error', reject);
      });
      return !text.includes('no account is known by this host');
    };
    await holds({
      change: (at, isOn) =>
        isOn
          ? sent(operator(at), '/millrace/v1/domains', 'POST', { domain: HOST })
          : sent(operator(at), `/millrace/v1/domains?domain=${HOST}`, 'DELETE'),
      seen: known,
      ...{ on: true, off: false },
    });
  });

  test('of who is served, and in which dialect, holds', async () => {
    const { id } = await echo();
    const account = `/millrace/v1/operator/accounts/${second.id}`;
    const seen = (at: number): Promise<number> => statusOf(owner(at).request(`/func/v1/${id}`));
    const states = { seen, on: 200, off: 403 };
    await holds({
      change: (at, isOn) => sent(operator(at), `${account}/${isOn ? 'resume' : 'suspend'}`, 'POST', {}),
      ...states,
    });
    await holds({
      change: (at, isOn) => sent(operator(at), account, 'PATCH', { dialects: isOn ? null : ['revcent'] }),
      ...states,
    });
    await sent(operator(0), account, 'PATCH', { dialects: null });
  });

  test('of a token holds, and at the other node soon', async () => {
    const permissions = { permissions: [{ resource: '*', methods: ['*'] }] };
    for (let round = 0; round < 4; round += 1) {
      const at = round % 2;
      const made = await sent<{ auth_id: string; token: string }>(
        owner(at),
        '/api/v1/auths/secret',
        'POST',
        permissions,
      );
      const shown = (where: number): Promise<number> =>
        statusOf(new Subscriber(node(where), made.token).request('/millrace/v1/runs'));
      assert.deepEqual([await shown(at), await shown(1 - at)], [200, 200]);
      await sent(owner(at), `/api/v1/auths/${made.auth_id}`, 'DELETE');
      assert.equal(await shown(at), 401, 'at once where it was asked for');
      await until('the other node asks again', async () => (await shown(1 - at)) === 401);
    }
  });

  test('of an endpoint of a site holds, once it is said to be live', async () => {
    const site = new Site(node(0));
    const code = (text: string): Record<string, string> => ({
      'index.js': `exports.main = (context, respond) => respond({ statusCode: 200, body: '${text}' });`,
    });
    const called = async (at: number): Promise<string> =>
      await (await new Site(node(at)).call(`held?portalid=${portal}`)).text();
    const { data } = await site.manageJson<{ data: { portal_id: number }[] }>('/millrace/v1/portals');
    const portal = data[0]?.portal_id ?? '';
    await site.upload(
      'held.functions',
      { endpoints: { held: { method: 'GET', file: 'index.js' } } },
      code('one'),
    );
    assert.match(await called(0), /one/);
    await until('the other node follows', async () => (await called(1)).includes('one'));
  });
});
