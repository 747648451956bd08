// RevCent functions through the public doors: made, edited, imported, exported and triggered by API v2;
// answered at their addresses; started by events, schedules and flows.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Customer } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Fn = {
  function_id: string;
  enabled: boolean;
  function_url: string | null;
  webhook_url: string | null;
  function_code: string;
  build: { status: string };
  warnings?: { line: number; column: number }[];
};
type RunView = { id: string; status: string; error: { message: string } | null };

describe('a RevCent function', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  before(async () => {
    millrace = await startMillrace({ env: { MILLRACE_DELAY_LEAST_MS: '1' } });
    customer = new Customer(millrace);
  });
  after(() => millrace?.close());

  async function v2<T>(method: string, path: string, body?: unknown, status = 200): Promise<T> {
    const answer = await fetch(`${millrace.url}/v2${path}`, {
      method,
      headers: { 'x-api-key': millrace.token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    const read = JSON.parse(text) as T & { api_call_id: string; code: number };
    assert.match(read.api_call_id, /^[0-9A-Za-z]{20}$/);
    assert.equal(read.code, status === 200 ? 1 : 0);
    return read;
  }

  const make = (part: Record<string, unknown>): Promise<Fn> =>
    v2('POST', '/functions', { event_source: 'function_url', enabled: true, ...part });

  /** Waits until a function has a run that is over. */
  async function endedRun(functionId: string): Promise<RunView> {
    for (;;) {
      const { data } = await customer.json<{ data: RunView[] }>(`/millrace/v1/functions/${functionId}/runs`);
      const over = data.find(({ status }) => status !== 'queued' && status !== 'running');
      if (over !== undefined) return over;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const logOf = async (run: RunView): Promise<string> => (await customer.logOf(run as never)).join('\n');

  test('answers at its URL, with the documents of the page', async () => {
    const code = `
      answer();
      function answer() {
        callback(null, { data: event.data, source: context.source, run: context.function_run.id, env: process.env['My Value'] });
      }`;
    const made = await make({
      name: 'At a URL',
      function_code: code,
      environment_variables: [{ name: 'My Value', value: 'seen' }],
    });
    const answer = await fetch(`${made.function_url}?a=1`, { method: 'POST', body: 'hello' });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    const told = (await answer.json()) as Record<string, string> & { source: Record<string, unknown> };
    assert.equal(told.data, 'hello');
    assert.equal(told.env, 'seen');
    assert.match(told.run ?? '', /^[0-9A-Za-z]{20}$/);
    const { source } = told;
    assert.equal(source.id, made.function_id);
    assert.equal(source.trigger, 'function_url');
    assert.equal(source.method, 'POST');
    assert.deepEqual(source.url_params, { a: '1' });
  });

  test('answers with the error that it called back', async () => {
    const made = await make({ name: 'Fails', function_code: `callback('Something went wrong.')` });
    const answer = await fetch(made.function_url ?? '');
    assert.equal(answer.status, 500);
    assert.deepEqual(await answer.json(), { error: 'Something went wrong.' });
  });

  test('keeps nothing from one run to the next', async () => {
    const code = `global.count = (global.count || 0) + 1; callback(null, global.count)`;
    const made = await make({ name: 'Counts', function_code: code });
    for (let round = 0; round < 3; round += 1) {
      assert.equal(await (await fetch(made.function_url ?? '')).text(), '1');
    }
  });

  test('runs asynchronously behind its webhook', async () => {
    const made = await make({
      name: 'Hooked',
      event_source: 'webhook',
      function_code: `console.log('got ' + event.data + ' by ' + context.source.trigger); callback(null, 'OK')`,
    });
    const answer = await fetch(made.webhook_url ?? '', { method: 'POST', body: 'a message' });
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { result: 'OK' });
    const run = await endedRun(made.function_id);
    assert.equal(run.status, 'succeeded');
    assert.match(await logOf(run), /got a message by webhook/);
  });

  test('runs once for an event however many of its notations match', async () => {
    const made = await make({
      name: 'Listens',
      event_source: 'account_event',
      event_filter: ['sale.created.success', 'sale.created.success.paid', 'sale.created'],
      function_code: `console.log(JSON.stringify(event.data)); callback(null)`,
    });
    const published = await customer.json<{ data: { runs: string[] }[] }>('/millrace/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        notations: ['sale.created.success.paid'],
        ...{ item_type: 'sale', item_id: 'nbO1jv0On1ukzvdg1lNz', data: { amount_gross: 12.5 } },
      }),
    });
    assert.equal(published.data[0]?.runs.length, 1);
    const log = await logOf(await endedRun(made.function_id));
    assert.match(log, /"event_trigger":"sale.created.success.paid"/);
    assert.match(log, /"item_details":\{"amount_gross":12.5\}/);
  });

  test('is triggered by the API where it says so, and not where it doesn’t', async () => {
    const made = await make({
      name: 'By API',
      event_source: 'api_direct',
      custom_arguments: [{ name: 'size', type: 'number', required: true }],
      function_code: `console.log('size ' + event.data.custom_arguments.size); callback(null)`,
    });
    const path = `/functions/${made.function_id}/trigger`;
    await v2('POST', path, { custom_arguments: [] }, 400);
    const asked = {
      item_type: 'sale',
      item_id: 'nbO1jv0On1ukzvdg1lNz',
      custom_arguments: [{ name: 'size', value: 5 }],
    };
    const { function_run_id: id } = await v2<{ function_run_id: string }>('POST', path, asked);
    assert.match(id, /^[0-9A-Za-z]{20}$/);
    assert.match(await logOf(await endedRun(made.function_id)), /size 5/);
    const other = await make({ name: 'Not by API', function_code: 'callback(null)' });
    await v2('POST', `/functions/${other.function_id}/trigger`, {}, 422);
  });

  test('is imported disabled, enabled by hand, and exported as it was', async () => {
    const file = `{
      "name": "Imported", "author": "Acme Inc.", // who made it
      "trigger": "function_url",
      "process_env": [{ "name": "api_key", "description": "the key", "value": "1235", "required": true }],
      "ip_restricted": false, "ip_whitelist": [],
      "function_code": "callback(null, 'key ' + process.env.api_key)"
    }`;
    const made = await v2<Fn>('POST', '/functions/import', file);
    assert.equal(made.enabled, false);
    assert.notEqual((await fetch(made.function_url ?? '')).status, 200);
    await v2('POST', `/functions/${made.function_id}`, { enabled: true });
    assert.equal(await (await fetch(made.function_url ?? '')).text(), 'key 1235');
    const { import_file: exported } = await v2<{ import_file: Record<string, unknown> }>(
      'GET',
      `/functions/${made.function_id}/export`,
    );
    assert.equal(exported.author, 'Acme Inc.');
    const again = await v2<Fn>('POST', '/functions/import', { ...exported, name: 'Imported again' });
    assert.equal(again.function_code, made.function_code);
  });

  test('is warned about a syntax error with its place', async () => {
    const made = await make({ name: 'Broken', function_code: 'const a = 1;\nlet b = ;' });
    assert.deepEqual(
      made.warnings?.map(({ line, column }) => [line, column]),
      [[2, 9]],
    );
  });

  test('keeps encrypted variables to itself', async () => {
    const variables = [{ name: 'secret', value: 'hunter2hunter2', encrypted: true }];
    const made = await make({
      name: 'Keeps a secret',
      environment_variables: variables,
      function_code: `console.log('it is ' + process.env.secret); callback(null, process.env.secret.length)`,
    });
    assert.doesNotMatch(JSON.stringify(await v2('GET', `/functions/${made.function_id}`)), /hunter2/);
    await v2('POST', `/functions/${made.function_id}`, {
      environment_variables: [{ name: 'other', value: 'x' }],
    });
    assert.equal(await (await fetch(made.function_url ?? '')).text(), '14');
    assert.doesNotMatch(await logOf(await endedRun(made.function_id)), /hunter2/);
  });

  test('bears a name of its own', async () => {
    await make({ name: 'Only one', function_code: '' });
    await v2('POST', '/functions', { name: 'only ONE' }, 409);
  });

  test('may be restricted to addresses', async () => {
    const made = await make({
      name: 'Restricted',
      function_code: `callback(null, 'in')`,
      ...{ ip_restricted: true, ip_whitelist: ['10.1.2.3'] },
    });
    assert.equal((await fetch(made.function_url ?? '')).status, 403);
    const loopback = { ip_whitelist: ['127.0.0.1'] };
    await v2('POST', `/functions/${made.function_id}`, loopback);
    const url = (made.function_url ?? '').replace('localhost', '127.0.0.1');
    assert.equal(await (await fetch(url)).text(), 'in');
  });

  test('acts in a flow, which goes on by what it returned', async () => {
    const first = await make({
      ...{ name: 'Flow one', event_source: 'flow' },
      function_code: `console.log(JSON.stringify(context.source)); callback(null, { score: event.data.item_details.score })`,
    });
    const second = await make({
      ...{ name: 'Flow two', event_source: 'flow' },
      function_code: `console.log(JSON.stringify(context.source)); callback(null, 'done')`,
    });
    const post = (path: string, body: unknown): Promise<{ id: string }> =>
      customer.json(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await post('/millrace/v1/flows', {
      ...{ name: 'New customers', kind: 'customer_lifecycle', enabled: true, starts: ['customer.created'] },
      nodes: [
        { id: 'start', type: 'start', next: 'adult' },
        {
          ...{ id: 'adult', type: 'filter', on_pass: 'ask', on_fail: null },
          conditions: [{ path: 'item_details.age', operator: 'greater', value: 17 }],
        },
        {
          ...{ id: 'ask', type: 'function', function_id: first.function_id },
          branches: [{ when: { path: 'response.score', operator: 'equals', value: 7 }, next: 'wait' }],
        },
        { id: 'wait', type: 'wait', delay_s: 1, next: 'end' },
        { id: 'end', type: 'function', function_id: second.function_id },
      ],
    });
    const happen = (age: number): Promise<unknown> =>
      post('/millrace/v1/events', {
        notations: ['customer.created'],
        ...{ item_type: 'customer', item_id: `${age}`, data: { age, score: 7 } },
      });
    await happen(5);
    await happen(30);
    const log = await logOf(await endedRun(second.function_id));
    const source = JSON.parse(/\{.*\}/.exec(log)?.[0] ?? '{}') as Record<string, string>;
    assert.equal(source.trigger, 'flow');
    assert.equal(source.name, 'New customers');
    assert.equal(source.node_id, 'end');
    assert.match(source.prior_process_id ?? '', /^[0-9a-f-]{36}$/);
    const { data } = await customer.json<{ data: { status: string; item_id: string }[] }>(
      '/millrace/v1/flow-runs',
    );
    const child = data.find(({ item_id: id }) => id === '5');
    assert.equal(child?.status, 'completed');
  });

  test('is a tool of the account for assistants, with a schema of its arguments', async () => {
    await make({
      ...{ name: 'Look up a card', description: 'Tells what card it is.', event_source: 'ai_assistant' },
      custom_arguments: [
        { name: 'customer_card_type', type: 'string', description: 'VISA, ...', required: true },
        { name: 'digits', type: 'integer' },
      ],
      function_code: `callback(null, {
        alias: event.data.custom_arguments.customer_card_type,
        documented: event.data.ai_data.custom_arguments.customer_card_type,
        prose: event.data.item_details.ai_data.custom_arguments.customer_card_type,
        item: event.data.item_id,
        trigger: context.source.trigger,
      })`,
    });
    const client = new Client({ name: 'promise', version: '1.0.0' });
    const requestInit = { headers: { authorization: `Bearer ${millrace.token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', millrace.url), { requestInit }));
    const { tools } = await client.listTools();
    const tool = tools.find(({ name }) => name === 'lookUpACard_Action');
    assert.equal(tool?.description, 'Tells what card it is.');
    assert.deepEqual(tool?.inputSchema.required, ['customer_card_type']);
    const given = { customer_card_type: 'VISA', item_id: 'nbO1jv0On1ukzvdg1lNz' };
    const answer = await client.callTool({ name: 'lookUpACard_Action', arguments: given });
    assert.deepEqual(answer.structuredContent, {
      ...{ alias: 'VISA', documented: 'VISA', prose: 'VISA', item: 'nbO1jv0On1ukzvdg1lNz' },
      trigger: 'ai_assistant',
    });
    const wrong = await client
      .callTool({ name: 'lookUpACard_Action', arguments: { digits: 'x' } })
      .catch(String);
    assert.match(JSON.stringify(wrong), /customer_card_type|digits|invalid/i);
    // What can't be known isn't announced.
    assert.equal(client.getServerCapabilities()?.tools?.listChanged ?? false, false);
    await client.close();
    assert.deepEqual(await assistantsOf(), ['promise']);
    const stranger = await fetch(`${millrace.url}/mcp`, { method: 'POST', body: '{}' });
    assert.equal(stranger.status, 401);
  });

  test('names the assistant that calls it, also one that says its name at first alone', async () => {
    const rpc = (method: string, params: object, session: string | null): Promise<Response> =>
      customer.request('/mcp', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(session === null ? {} : { 'mcp-session-id': session }),
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
    const clientInfo = { name: 'older assistant', version: '0.9' };
    const first = await rpc(
      'initialize',
      { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
      null,
    );
    const session = first.headers.get('mcp-session-id');
    assert.match(session ?? '', /^[\w.-]{40,}$/);
    const { capabilities } = await resultOf<{ capabilities: { tools: { listChanged?: boolean } } }>(first);
    assert.equal(capabilities.tools.listChanged ?? false, false);
    const given = { name: 'lookUpACard_Action', arguments: { customer_card_type: 'VISA' } };
    for (const one of [
      session,
      null,
      'no.session-of-ours',
      Buffer.from('{"name":5}').toString('base64url'),
    ]) {
      assert.equal((await rpc('tools/call', given, one)).status, 200);
    }
    const nobody = ['assistant', 'assistant', 'assistant'];
    assert.deepEqual(await assistantsOf(), [...nobody, 'older assistant', 'promise']);
  });

  /** Newest first. */
  async function assistantsOf(): Promise<string[]> {
    type Runs = { data: { cause: { assistant: string } }[] };
    const { data } = await customer.json<Runs>('/millrace/v1/runs?trigger=ai_assistant');
    return data.map(({ cause }) => cause.assistant);
  }

  async function resultOf<T>(answer: Response): Promise<T> {
    const line = (await answer.text()).split('\n').find((one) => one.startsWith('data: '));
    return (JSON.parse(line?.slice('data: '.length) ?? '') as { result: T }).result;
  }
});
