// An account that the operator closes: taken back within its time of grace; afterwards everything of it is
// gone, from every table and from the disk, also where the server was killed in the middle. A second account
// beside it keeps all that it has.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { newResourceId } from '../../src/ids/ids.ts';
import type { Database } from '../../src/postgres/database.ts';
import { longTest } from '../long-test.ts';
import { until } from '../until.ts';
import { ConsoleClient } from './console-client.ts';
import { zipOf } from './customer.ts';
import { RevcentCustomer } from './revcent-customer.ts';
import { embeddedDatabaseOf } from './second-account.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';
import { Subscriber } from './subscriber.ts';

type Account = {
  id: string;
  number: number;
  status: string;
  status_reason: string | null;
  delete_at: string | null;
};
type Report = {
  account_id: string;
  external_id: string;
  ended_at: string | null;
  rows: Record<string, number>;
};
type Party = { account: Account; customer: Subscriber; canary: string; addresses: string[] };

const OPERATOR = '/millrace/v1/operator';
/** Unpacked code leaves the disk once a minute. */
const PATIENCE_MS = 120_000;
const MANY_RUNS = 60_000;

describe('a closed account', { skip: noJails() }, () => {
  let millrace: Millrace;
  let database: Database;
  let operator: Subscriber;

  before(async () => {
    millrace = await startMillrace();
    database = embeddedDatabaseOf(millrace);
    operator = new Subscriber(millrace);
  });
  after(async () => {
    await database?.close();
    await millrace?.close();
  });

  async function party(externalId: string): Promise<Party> {
    const canary = `canary${newResourceId()}`;
    const words = { external_id: externalId, name: canary, labels: { mark: canary } };
    const account = await operator.post<Account>(`${OPERATOR}/accounts`, words);
    const permissions = [{ resource: '*', methods: ['*'] }];
    const { token } = await operator.post<{ token: string }>(`${OPERATOR}/accounts/${account.id}/tokens`, {
      ...{ permissions, name: canary, test_twin: true },
    });
    const customer = new Subscriber(millrace, token);
    return { account, customer, canary, addresses: await fill(account, customer, canary) };
  }

  /** A little of everything. @returns addresses that answer without a token */
  async function fill(account: Account, customer: Subscriber, canary: string): Promise<string[]> {
    const code = `exports.handler = async (event) => { console.log(${JSON.stringify(canary)}); return { statusCode: 200, body: 'ok' }; };`;
    const fn = await customer.upload(zipOf({ 'index.js': code, 'data.txt': canary }), {
      ...{ name: canary, variables: { SECRET: canary } },
    });
    const run = await customer.runOf(await customer.call(fn));
    assert.equal(run.status, 'succeeded');
    const trigger = async (kind: string, more: object = {}): Promise<string> => {
      const wanted = { function_id: fn.id, name: canary, kind, ...more };
      return new URL(
        (await customer.post<{ url: string }>('/millrace/v1/triggers', wanted)).url ?? millrace.url,
      ).pathname;
    };
    const hook = await trigger('webhook');
    assert.equal((await fetch(`${millrace.url}${hook}`, { method: 'POST', body: canary })).status, 200);
    const url = await trigger('function_url');
    await trigger('schedule', { settings: { cron: '* * * * *' } });
    await trigger('account_event', { settings: { notations: ['order:created'] } });
    await customer.publish('order:created', { canary });
    await customer.subscribe({ event_type: 'product:created', destination: `https://${canary}.example/` });
    await customer.publish('product:created', { canary });
    await customer.post('/millrace/v1/flows', {
      ...{ name: canary, kind: 'customer_lifecycle', starts: ['customer.created'], enabled: true },
      nodes: [
        { id: 'start', type: 'start', next: 'wait' },
        { id: 'wait', type: 'wait', delay_s: 3600, next: null },
      ],
    });
    await customer.post('/millrace/v1/events', { notations: ['customer.created'], item_id: canary });
    await customer.post('/millrace/v1/email-templates', {
      ...{ name: canary, template_subject: canary, template_html: canary, template_to: ['a@b.example'] },
      template_trigger: 'api_direct',
    });
    await customer.post('/millrace/v1/key-values', { key: 'canary_key', value: canary });
    await operator.post('/millrace/v1/domains', {
      ...{ domain: `${canary.toLowerCase()}.example`, account_number: account.number },
    });
    await fillOwn(account, customer, canary);
    const site = new Site({ ...millrace, token: customer.token });
    await site.addSecret(canary.toUpperCase(), canary);
    await site.upload(
      'site.functions',
      { endpoints: { hello: { file: 'hello.js', method: 'GET' } } },
      {
        'hello.js': `// ${canary}\nexports.main = (context, send) => send({ statusCode: 200, body: "hello" });`,
      },
    );
    const revcent = new RevcentCustomer(millrace, customer.token);
    await revcent.make({
      event_source: 'api_direct',
      name: canary,
      function_code: `callback(null, "${canary}")`,
    });
    return [url, `/_hcms/api/hello?portalid=${account.number}`];
  }

  /** What Millrace's own API alone has: versions, a canary, faults, subscriptions, people, portals, plans. */
  async function fillOwn(account: Account, customer: Subscriber, canary: string): Promise<void> {
    const { id } = await customer.post<{ id: string }>('/millrace/v1/functions', {
      name: `own ${canary}`,
      note: canary,
      code: { inline: `exports.handler = async () => { throw new Error(${JSON.stringify(canary)}); };` },
      variables: { OPEN: canary, HIDDEN: { value: canary, secret: true } },
    });
    const failed = await customer.post<{ run: { status: string } }>(`/millrace/v1/functions/${id}/runs`, {
      canary,
    });
    assert.equal(failed.run.status, 'failed');
    const put = await customer.request(`/millrace/v1/functions/${id}/code`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code: { inline: `exports.handler = async () => "${canary}";` },
        canary_percent: 1,
      }),
    });
    assert.equal(put.status, 200, await put.text());
    const once = await customer.request('/millrace/v1/subscriptions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': canary },
      body: JSON.stringify({
        ...{ event_type: 'order:created', destination: `https://${canary}.example/`, description: canary },
        ...{ signing_key: canary, variables: { canary } },
      }),
    });
    assert.equal(once.status, 201, await once.text());
    const accounts = `${OPERATOR}/accounts/${account.id}`;
    await operator.post(`${accounts}/invitations`, { email: `${canary}@a.example`, role: 'owner' });
    const user = { id: canary, name: canary, email: `portal-${canary}@a.example` };
    const link = { user, role: 'viewer', features: [{ feature: 'runs' }], theme: { canary } };
    const { url } = await operator.post<{ url: string }>(`${accounts}/portal-links`, link);
    const secret = new URL(url).hash.slice(1);
    const opened = await new ConsoleClient(millrace).request('/portal-session', {
      method: 'POST',
      body: { secret },
    });
    assert.equal(opened.status, 200, opened.body);
    await operator.post(`${accounts}/portal-links`, link);
  }

  const close = (id: string, body: object) =>
    operator.post<Account>(`${OPERATOR}/accounts/${id}/close`, body);

  async function reported(id: string): Promise<Report> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; ; ) {
      const answer = await operator.request(`${OPERATOR}/deletions/${id}`);
      const report = answer.status === 200 ? ((await answer.json()) as Report) : null;
      if (report !== null && report.ended_at !== null) return report;
      assert.ok(Date.now() < giveUpAt, `the account is not deleted: ${JSON.stringify(report)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Tables in which a text stands, as it is or as bytes. */
  async function tablesWith(text: string): Promise<string[]> {
    const tables = await database.query<{ name: string }>(
      `select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await database.query(
        `select from ${name} t where strpos(lower(t::text), lower($1)) > 0 or strpos(t::text, $2) > 0 limit 1`,
        [text, Buffer.from(text).toString('hex')],
      );
      if (rows.length > 0) found.push(name);
    }
    return found;
  }

  /** Files outside of the database in which a text stands, or that are named so. */
  function filesWith(text: string): string[] {
    const command = `cd "$0" && { grep -rlaiF --exclude-dir=postgres --exclude-dir=pg -e "$1" . ; find . -path ./postgres -prune -o -iname "*$1*" -print; } || true`;
    const printed = execFileSync('sh', ['-c', command, millrace.dataDir, text], { encoding: 'utf8' });
    return printed.split('\n').filter((line) => line !== '');
  }

  test('is served nothing, and is what it was when it is taken back in time', async () => {
    const account = await operator.post<Account>(`${OPERATOR}/accounts`, {});
    const url = `${OPERATOR}/accounts/${account.id}`;
    await operator.post(`${url}/suspend`, { reason: 'before' });
    const closed = await operator.json<Account>(url, { method: 'DELETE' });
    const days = (Date.parse(String(closed.delete_at)) - Date.now()) / 86_400_000;
    assert.deepEqual([closed.status, Math.round(days)], ['closed', 7]);
    const later = await close(account.id, { grace_days: 30, reason: 'contract ended' });
    assert.equal(Math.round((Date.parse(String(later.delete_at)) - Date.now()) / 86_400_000), 30);
    for (const verb of ['suspend', 'resume'])
      assert.equal((await operator.request(`${url}/${verb}`, { method: 'POST' })).status, 422, verb);
    const back = await operator.post<Account>(`${url}/restore`);
    assert.deepEqual([back.status, back.status_reason, back.delete_at], ['suspended', 'before', null]);
    assert.equal((await operator.request(`${url}/restore`, { method: 'POST' })).status, 422);
    const refused = await operator.request(`${url}/close`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grace_days: -1 }),
    });
    assert.equal(refused.status, 400);
  });

  test('leaves no row and no file when its time is over, but for the report', async () => {
    const gone = await party('goes');
    const stays = await party('stays');
    const bundles = await database.query('select from bundles');
    for (const text of [gone.canary, gone.account.id]) {
      const tables = await tablesWith(text);
      assert.ok(tables.length > 8, `the search finds what is there: ${tables.join(', ')}`);
    }
    assert.ok(filesWith(gone.canary).length > 0, 'the search finds files that are there');
    const before = await tablesWith(stays.canary);
    for (const address of gone.addresses) assert.ok((await fetch(`${millrace.url}${address}`)).ok, address);

    await close(gone.account.id, { grace_days: 0 });
    const report = await reported(gone.account.id);
    assert.equal(report.external_id, 'goes');
    for (const table of [
      'accounts',
      'ended_runs',
      'run_logs',
      'functions',
      'versions',
      'events',
      'tokens',
      'triggers',
      'flow_runs',
      'error_groups',
      'error_group_runs',
      'run_contents',
      'idempotency_keys',
      'event_subscriptions',
      'invitations',
      'portal_links',
      'portal_sessions',
    ])
      assert.ok(
        table === 'accounts' || (report.rows[table] ?? 0) > 0,
        `${table}: ${JSON.stringify(report.rows)}`,
      );

    assert.deepEqual(await tablesWith(gone.canary), []);
    assert.deepEqual(await tablesWith(gone.account.id), ['account_deletions', 'operator_audit']);
    await until('files are gone', () => filesWith(gone.canary).length === 0);
    assert.deepEqual(filesWith(gone.account.id), []);
    assert.ok((await database.query('select from bundles')).length < bundles.length, 'its code is gone');

    assert.equal((await operator.request(`${OPERATOR}/accounts/${gone.account.id}`)).status, 404);
    for (const address of gone.addresses) {
      const { status } = await fetch(`${millrace.url}${address}`);
      assert.ok([403, 404].includes(status), `${address}: ${status}`);
    }
    assert.ok([401, 403].includes((await gone.customer.request('/millrace/v1/functions')).status));
    assert.equal(
      (await operator.post<Account>(`${OPERATOR}/accounts`, { external_id: 'goes' })).status,
      'active',
    );

    const left = await tablesWith(stays.canary);
    // Its schedule ticks meanwhile.
    assert.deepEqual(
      before.filter((table) => !left.includes(table)),
      [],
      'the other account has all that it had',
    );
    for (const address of stays.addresses) assert.ok((await fetch(`${millrace.url}${address}`)).ok, address);
    const { data } = await operator.json<{ data: Report[] }>(`${OPERATOR}/deletions`);
    assert.deepEqual(
      data.map(({ account_id }) => account_id),
      [gone.account.id],
    );
  });

  longTest('is deleted to its end, and counted right, although all is killed in the middle', async () => {
    const { id } = await operator.post<Account>(`${OPERATOR}/accounts`, {});
    await database.query(
      `insert into runs (id, account_id, mode, function_id, version, trigger, cause, status, node, memory_mb, created_at)
       select gen_random_uuid(), $1, 'live', 'f', 1, 'http', '{}', 'succeeded', 'n', 128, now() from generate_series(1, $2::integer)`,
      [id, MANY_RUNS],
    );
    await close(id, { grace_days: 0 });
    await until('it is in the middle', async () => {
      const answer = await operator.request(`${OPERATOR}/deletions/${id}`);
      if (answer.status !== 200) return false;
      const { rows, ended_at } = (await answer.json()) as Report;
      assert.equal(ended_at, null, 'it is caught in the middle');
      return (rows.runs ?? 0) > 0;
    });
    const { dataDir } = millrace;
    await database.close();
    process.kill(-millrace.pid, 'SIGKILL');
    await millrace.ended;
    millrace = await startMillrace({ dataDir });
    database = embeddedDatabaseOf(millrace);
    operator = new Subscriber(millrace);
    const report = await reported(id);
    assert.equal(report.rows.runs, MANY_RUNS);
    assert.deepEqual(await tablesWith(id), ['account_deletions', 'operator_audit']);
  });
});
