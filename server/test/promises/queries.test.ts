// Queries through the public doors: saved, looked at, executed; functions get what came out; a database of
// the operator answers too.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openMaria, type TestMaria } from '../database/open-mariadb.ts';
import { Customer } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Execution = {
  id: string;
  status: string;
  error: string | null;
  query_results: unknown[] | null;
  range_from: string | null;
  run_id: string | null;
};

describe('a query', { skip: noJails() }, () => {
  let maria: TestMaria;
  let millrace: Millrace;
  let customer: Customer;
  let env: Record<string, string>;
  before(async () => {
    maria = await openMaria([
      'create table stock (name varchar(20), pieces int)',
      `insert into stock values ('nut', 5), ('nut', 7), ('bolt', 1)`,
    ]);
    env = { MILLRACE_QUERY_SOURCES: `stock=${maria.url}` };
    millrace = await startMillrace({ env });
    customer = new Customer(millrace);
  });
  after(async () => {
    await millrace?.close();
    await maria?.close();
  });

  const sent = (body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const post = <T>(url: string, body: unknown): Promise<T> => customer.json<T>(url, sent(body));

  async function makeFunction(name: string, code: string): Promise<string> {
    const answer = await fetch(`${millrace.url}/v2/functions`, {
      ...sent({ name, event_source: 'auto_query', function_code: code, enabled: true }),
      headers: { 'x-api-key': millrace.token, 'content-type': 'application/json' },
    });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return (JSON.parse(text) as { function_id: string }).function_id;
  }

  async function ended({ id }: { id: string }): Promise<Execution> {
    for (const giveUpAt = Date.now() + 40_000; ; ) {
      const execution = await customer.json<Execution>(`/millrace/v1/query-executions/${id}`);
      if (execution.status !== 'queued') return execution;
      assert.ok(Date.now() < giveUpAt, JSON.stringify(execution));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function logOf(runId: string | null): Promise<string> {
    for (;;) {
      const run = await customer.json<{ id: string; status: string }>(`/millrace/v1/runs/${runId}`);
      if (run.status !== 'queued' && run.status !== 'running')
        return (await customer.logOf(run as never)).join('\n');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const sales = {
    ...{ source: { kind: 'events', item_type: 'sale' }, date_range: { preset: 'last_24_hours' } },
    ...{
      group_by: 'item_details.product',
      metrics: [{ function: 'sum', field: 'item_details.amount_gross' }],
    },
  };

  test('gives a function what came out of the account’s events', async () => {
    for (const [product, amount_gross] of [
      ['Bundle Product', 600],
      ['Bundle Product', 25.92],
      ['Subscription Product', 208.64],
    ]) {
      const event = { notations: ['sale.created.success'], item_type: 'sale', item_id: 's' };
      await post('/millrace/v1/events', { ...event, data: { product, amount_gross } });
    }
    const expected = [
      { group_by_value: 'Bundle Product', sale_sum_amount_gross: 625.92 },
      { group_by_value: 'Subscription Product', sale_sum_amount_gross: 208.64 },
    ];
    const seen = await post<{ query_results: unknown[] }>('/millrace/v1/queries/preview', sales);
    assert.deepEqual(seen.query_results, expected);
    const functionId = await makeFunction(
      'Reports',
      `console.log(JSON.stringify([event.data, context.source])); callback(null)`,
    );
    const query = await post<{ id: string; next_at: string; metric_names: string[] }>(
      '/millrace/v1/queries',
      {
        ...{ name: 'My Auto Query', ...sales, function_id: functionId },
        frequency: { cron: '0 8 * * *', time_zone: 'Europe/Berlin' },
      },
    );
    assert.deepEqual(query.metric_names, ['sale_sum_amount_gross']);
    assert.ok(Date.parse(query.next_at) > Date.now());
    const execution = await ended(await post(`/millrace/v1/queries/${query.id}/run`, {}));
    assert.equal(execution.status, 'succeeded', execution.error ?? '');
    assert.deepEqual(execution.query_results, expected);
    const told = JSON.parse(/\[\{.*\}\]/.exec(await logOf(execution.run_id))?.[0] ?? '') as unknown;
    assert.deepEqual(told, [
      { query_results: expected },
      { id: query.id, name: 'My Auto Query', trigger: 'auto_query' },
    ]);
    const list = await customer.json<{ data: Execution[] }>(`/millrace/v1/queries/${query.id}/executions`);
    assert.deepEqual(
      list.data.map(({ id }) => id),
      [execution.id],
    );
  });

  test('asks a database of the operator', async () => {
    const { data } = await customer.json<{ data: unknown[] }>('/millrace/v1/query-connections');
    assert.deepEqual(data, [{ name: 'stock', kind: 'mysql' }]);
    const seen = await post<{ query_results: unknown[] }>('/millrace/v1/queries/preview', {
      ...{ source: { kind: 'external', connection: 'stock', table: 'stock' }, group_by: 'name' },
      metrics: [{ function: 'sum', field: 'pieces' }],
    });
    assert.deepEqual(seen.query_results, [
      { group_by_value: 'nut', stock_sum_pieces: 12 },
      { group_by_value: 'bolt', stock_sum_pieces: 1 },
    ]);
  });

  test('is changed, listed and deleted, and bears a name of its own', async () => {
    const made = await post<{ id: string }>('/millrace/v1/queries', {
      name: 'Runs',
      source: { kind: 'runs' },
      metrics: [{ function: 'count' }],
    });
    const twice = await customer.request('/millrace/v1/queries', sent({ name: 'RUNS', ...sales }));
    assert.equal(twice.status, 409);
    const changed = await customer.json<Record<string, unknown>>(`/millrace/v1/queries/${made.id}`, {
      ...sent({
        name: 'Runs today',
        source: { kind: 'runs' },
        metrics: [{ function: 'count' }],
        date_range: { preset: 'today' },
      }),
      method: 'PATCH',
    });
    assert.deepEqual([changed.name, changed.date_range], ['Runs today', { preset: 'today' }]);
    const page = await customer.json<{ data: { id: string }[]; next: string | null }>(
      '/millrace/v1/queries?limit=1',
    );
    assert.deepEqual([page.data[0]?.id, page.next], [made.id, made.id]);
    assert.equal(
      (await customer.request(`/millrace/v1/queries/${made.id}`, { method: 'DELETE' })).status,
      204,
    );
    assert.equal((await customer.request(`/millrace/v1/queries/${made.id}`)).status, 404);
    const wrong = await customer.request('/millrace/v1/queries', sent({ name: 'x', ...sales, metrics: [] }));
    assert.equal(wrong.status, 400);
    assert.match(await wrong.text(), /metrics/);
  });

  test('of another world isn’t there', async () => {
    const twin = await customer.json<{ token: string }>('/api/v1/auths/trusted?test=true', {
      method: 'POST',
    });
    const other = new Customer(millrace, twin.token);
    assert.deepEqual((await other.json<{ data: unknown[] }>('/millrace/v1/queries')).data, []);
    const seen = await other.json<{ query_results: unknown[] }>('/millrace/v1/queries/preview', sent(sales));
    assert.deepEqual(seen.query_results, []);
  });

  test('loses no execution when everything is killed in between', async () => {
    const functionId = await makeFunction('Counts', `callback(null)`);
    const query = await post<{ id: string }>('/millrace/v1/queries', {
      ...{ name: 'Slow', function_id: functionId, metrics: [{ function: 'count' }] },
      source: { kind: 'external', connection: 'stock', table: 'stock' },
    });
    const wanted: Execution[] = [];
    for (let at = 0; at < 10; at += 1) wanted.push(await post(`/millrace/v1/queries/${query.id}/run`, {}));
    process.kill(-millrace.pid, 'SIGKILL');
    await millrace.ended;
    millrace = await startMillrace({ dataDir: millrace.dataDir, env });
    customer = new Customer(millrace);
    const all = await Promise.all(wanted.map(ended));
    assert.deepEqual([...new Set(all.map(({ status }) => status))], ['succeeded']);
    const { data } = await customer.json<{ data: unknown[] }>(`/millrace/v1/functions/${functionId}/runs`);
    assert.equal(data.length, wanted.length);
  });
});
