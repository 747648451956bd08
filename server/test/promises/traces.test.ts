// A trace that a caller begins goes through the platform: into the run, to the function, and on to what it
// causes; and whatever is part of it is found by it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Json, type Own, OwnCustomer } from './own-customer.ts';
import { openReceiver, type Receiver } from './receivers.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const ROOT = 'Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=';

type Run = { id: string; trigger: string; trace_id: string; event_id: string | null; cause: Json };

let millrace: Millrace;
let customer: OwnCustomer;
let receiver: Receiver;

before(async () => {
  if (skip !== false) return;
  receiver = await openReceiver();
  millrace = await startMillrace({ env: { MILLRACE_EGRESS_ALLOW: '127.0.0.0/8' } });
  customer = new OwnCustomer(millrace);
});
after(async () => {
  await millrace?.close();
  await receiver?.close();
});

const NODE = `exports.handler = async (event, context) =>
  ({ env: process.env._X_AMZN_TRACE_ID ?? null, context: context.xRayTraceId ?? null });`;
const PYTHON = `import os
def handler(event, context):
    return {"env": os.environ.get("_X_AMZN_TRACE_ID")}`;

/** Another caller's span for each call. */
function traceparent(span: number, trace = TRACE): string {
  return `00-${trace}-${String(span).padStart(16, '0')}-01`;
}

async function call(fn: Own, headers: Record<string, string>): Promise<{ run: Run; result: Json }> {
  const answer = await customer.request(`/millrace/v1/functions/${fn.id}/runs`, {
    ...{ method: 'POST', body: '{}' },
    headers: { 'content-type': 'application/json', ...headers },
  });
  return (await answer.json()) as { run: Run; result: Json };
}

function runs(query: string, count: number): Promise<Run[]> {
  const read = async () => (await customer.v1<{ data: Run[] }>('GET', `/runs?${query}`)).data;
  return customer.until(read, (found) => found.length >= count);
}

test('a function sees the trace of its run, and the next run none of it', { skip }, async () => {
  const fn = await customer.make({ name: 'shows', code: { inline: NODE } });
  const traced = await call(fn, { traceparent: traceparent(1) });
  assert.equal(traced.run.trace_id, TRACE);
  assert.ok(String(traced.result.env).startsWith(ROOT), JSON.stringify(traced.result));
  assert.equal(traced.result.context, traced.result.env);
  assert.doesNotMatch(String(traced.result.env), /Parent=0+1;/);
  const { run, result } = await call(fn, {});
  assert.deepEqual([result, run.trace_id], [{ env: null, context: null }, run.id.replaceAll('-', '')]);
});

test('so does one that reuses nothing, one that runs side by side, and one in Python', { skip }, async () => {
  const shown = { runtime: 'nodejs24.x', code: { inline: NODE } };
  const fresh = await customer.make({ name: 'fresh', reuse: 'none', ...shown });
  const many = await customer.make({ name: 'many', concurrency: 4, ...shown });
  const python = await customer.make({ name: 'snake', runtime: 'python3.11', code: { inline: PYTHON } });
  const header = { traceparent: traceparent(2) };
  for (const [fn, field] of [
    [fresh, 'env'],
    [many, 'context'],
    [python, 'env'],
  ] as const) {
    const { result } = await call(fn, header);
    assert.ok(String(result[field]).startsWith(ROOT), `${field}: ${JSON.stringify(result)}`);
  }
});

test('what a run causes is part of its trace: events, their runs and deliveries', { skip }, async () => {
  const trace = 'aaaa651916cd43dd8448eb211c80319c';
  const listens = await customer.make({ name: 'listens', code: { inline: NODE } });
  const settings = { notations: ['order:created'] };
  const trigger = { kind: 'account_event', function_id: listens.id, settings };
  await customer.v1('POST', '/triggers', trigger, 201);
  const to = { event_type: 'order:created', destination: `${receiver.url}/parcels` };
  await customer.v1('POST', '/subscriptions', to, 201);
  const publishes = `exports.handler = async (event, context) => { const answer = await fetch(process.env.EVENTS, {
    method: 'POST', body: JSON.stringify({ type: 'order:created', item_id: 'o1', data: {} }),
    headers: { authorization: 'Bearer ' + process.env.TOKEN, 'content-type': 'application/json',
      'millrace-run': context.awsRequestId } });
    return answer.status; };`;
  const fn = await customer.make({
    name: 'publishes',
    code: { inline: publishes },
    variables: { EVENTS: `${millrace.url}/millrace/v1/events`, TOKEN: millrace.token },
  });
  const { run, result } = await call(fn, { traceparent: traceparent(3, trace) });
  assert.equal(result as unknown, 202);
  const found = await runs(`trace_id=${trace}`, 2);
  assert.deepEqual(found.map(({ trigger: kind, trace_id: id }) => [kind, id]).sort(), [
    ['account_event', trace],
    ['api_direct', trace],
  ]);
  const [delivered] = await receiver.arrived('/parcels');
  const header = String(delivered?.headers.traceparent);
  assert.match(header, new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  const caused = found.find(({ trigger: kind }) => kind === 'account_event');
  assert.notEqual(header, caused?.cause.traceparent);
  assert.equal(
    found.some(({ id }) => id === run.id),
    true,
  );
});

test('runs are found by the id of the request that caused them, and one by its own trace', {
  skip,
}, async () => {
  const fn = await customer.make({ name: 'found', code: { inline: NODE } });
  const url = await customer.urlOf(fn);
  await fetch(url, { headers: { 'x-request-id': 'order-77', traceparent: traceparent(4) } });
  await fetch(url, { headers: { 'X-Request-Id': 'order-78' } });
  const [one, ...others] = await runs('request_id=order-77', 1);
  assert.deepEqual([one?.trigger, one?.trace_id, others], ['function_url', TRACE, []]);
  assert.equal((await runs(`request_id=order-77&trace_id=${TRACE}&function_id=${fn.id}`, 1)).length, 1);
  const [alone] = await runs('request_id=order-78', 1);
  assert.deepEqual(
    (await runs(`trace_id=${alone?.trace_id}`, 1)).map(({ id }) => id),
    [alone?.id],
  );
  const none = await customer.v1<{ data: Run[] }>('GET', `/runs?request_id=order-78&trace_id=${TRACE}`);
  assert.deepEqual(none.data, []);
  const refused = await customer.refused('GET', '/runs?trace_id=7', undefined);
  assert.equal(refused.error.field, 'trace_id');
});

test('a queued run is part of its caller’s trace as soon as it is accepted', { skip }, async () => {
  const trace = 'bbbb651916cd43dd8448eb211c80319c';
  const fn = await customer.make({ name: 'later', code: { inline: NODE } });
  const headers = { prefer: 'respond-async', traceparent: traceparent(5, trace) };
  const accepted = (await call(fn, headers)) as unknown as Run;
  assert.equal(accepted.trace_id, trace);
  const [found] = await runs(`trace_id=${trace}`, 1);
  assert.equal(found?.id, accepted.id);
});
