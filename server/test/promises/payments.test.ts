// Payment profiles through the public door: functions decide while the caller waits, within their deadline.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Customer } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Decision = {
  request_id: string;
  result: unknown;
  responses: Record<string, unknown>;
  steps: { node_id: string; run_id: string | null; used: string; error: string | null }[];
};

describe('a payment profile', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  before(async () => {
    millrace = await startMillrace();
    customer = new Customer(millrace);
  });
  after(() => millrace?.close());

  const post = <T>(path: string, body: unknown): Promise<T> =>
    customer.json(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  async function makeFunction(name: string, code: string): Promise<string> {
    const fields = { name, event_source: 'payment_profile', function_code: code };
    return (await post<{ function_id: string }>('/v2/functions', fields)).function_id;
  }

  async function decide(nodes: unknown[], request: unknown): Promise<Decision> {
    const { id } = await post<{ id: string }>('/millrace/v1/payment-profiles', {
      name: `p${Math.random()}`,
      nodes,
    });
    return await post(`/millrace/v1/payment-profiles/${id}/requests`, { payment_request: request });
  }

  /** A graph that asks one function, and ends by what it responded. */
  const asking = (node: Record<string, unknown>): unknown[] =>
    [
      { id: 'start', type: 'start_payment_request', next: 'ask' },
      { id: 'ask', type: 'run_function', next: 'is low', on_error: 'broken', ...node },
      {
        ...{ id: 'is low', type: 'filter', on_pass: 'accept', on_fail: 'review' },
        conditions: [{ path: 'response.risk', operator: 'less', value: 50 }],
      },
      { id: 'accept', type: 'result', result: { gateway: 'first' } },
      { id: 'review', type: 'result', result: 'review' },
      { id: 'broken', type: 'result', result: 'broken' },
    ].map((one) => JSON.parse(JSON.stringify(one).replaceAll('is low', 'is_low')) as unknown);

  test('goes on by what a function responded', async () => {
    const id = await makeFunction(
      'Risk',
      `const { amount } = event.data.item_details;
       callback(null, { risk: amount > 100 ? 90 : 10, source: context.source });`,
    );
    const cheap = await decide(asking({ function_id: id }), { amount: 5 });
    assert.deepEqual(cheap.result, { gateway: 'first' });
    const { source } = cheap.responses.ask as { source: Record<string, string> };
    assert.equal(source.trigger, 'payment_profile');
    assert.equal(source.node_id, 'ask');
    assert.equal(source.request_id, cheap.request_id);
    assert.equal((await decide(asking({ function_id: id }), { amount: 500 })).result, 'review');
  });

  test('takes the fallback of a function that fails or is late', async () => {
    const failing = await makeFunction('Failing', `callback('no idea')`);
    const fallback = { risk: 1 };
    const decided = await decide(asking({ function_id: failing, fallback }), {});
    assert.deepEqual(decided.result, { gateway: 'first' });
    assert.deepEqual(
      decided.steps.map(({ used, error }) => [used, error]),
      [['fallback', 'no idea']],
    );
    const late = await makeFunction('Late', `setTimeout(() => callback(null, { risk: 1 }), 20000)`);
    const inTime = await decide(asking({ function_id: late, deadline_ms: 300, fallback: { risk: 99 } }), {});
    assert.equal(inTime.result, 'review');
    assert.match(inTime.steps[0]?.error ?? '', /timed out/i);
  });

  test('goes another way where a function fails without a fallback', async () => {
    const failing = await makeFunction('Failing hard', `throw new Error('broken')`);
    assert.equal((await decide(asking({ function_id: failing }), {})).result, 'broken');
    // Of the API whose functions can be deleted.
    const { id: gone } = await customer.uploadCode('exports.handler = async () => ({ statusCode: 200 });');
    const { id } = await post<{ id: string }>('/millrace/v1/payment-profiles', {
      ...{ name: 'gone', nodes: asking({ function_id: gone }) },
    });
    const removed = await customer.request(`/api/v1/hosted_functions/${gone}`, { method: 'DELETE' });
    assert.equal(removed.status, 204);
    const decided = await post<Decision>(`/millrace/v1/payment-profiles/${id}/requests`, {
      payment_request: {},
    });
    assert.equal(decided.result, 'broken');
  });

  test('starts a separate function and doesn’t wait for it', async () => {
    const id = await makeFunction('Apart', `console.log('apart'); callback(null, 1)`);
    const decided = await decide(
      [
        { id: 'start', type: 'start_payment_request', next: 'apart' },
        { id: 'apart', type: 'run_function', manner: 'separate', function_id: id, next: 'end' },
        { id: 'end', type: 'result', result: 'ok' },
      ],
      {},
    );
    assert.equal(decided.result, 'ok');
    const runId = decided.steps[0]?.run_id;
    for (;;) {
      const run = await customer.json<{ status: string; trigger: string }>(`/millrace/v1/runs/${runId}`);
      if (run.status === 'queued' || run.status === 'running') continue;
      assert.deepEqual([run.status, run.trigger], ['succeeded', 'payment_profile']);
      break;
    }
  });

  test('that leads nowhere is refused', async () => {
    const answer = await customer.request('/millrace/v1/payment-profiles', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x', nodes: [{ id: 's', type: 'start_payment_request', next: 'gone' }] }),
    });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /leads from s to gone/);
  });
});
