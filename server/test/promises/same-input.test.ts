// Whatever starts a run: the dialect makes the same event of the same input. Through the public door.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Customer, type RunView } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const REPLAY = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
});
after(() => millrace?.close());

async function endOf(id: string): Promise<RunView> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const run = await customer.json<RunView>(`/millrace/v1/runs/${id}`);
    if (run.status !== 'queued' && run.status !== 'running') return run;
    assert.ok(Date.now() < giveUpAt, JSON.stringify(run));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a call, the same run later, and both run again are told the same', { skip }, async () => {
  const fn = await customer.uploadCode(
    `exports.handler = async (event) => { console.log(JSON.stringify(event)); return { statusCode: 200 }; };`,
  );
  type Told = { headers: Record<string, string>; requestContext: Record<string, unknown> };
  const toldOf = async (id: string): Promise<unknown> => {
    const lines = await customer.logOf(await endOf(id));
    const line = lines.find((text) => text.includes('httpMethod')) ?? '';
    const event = line.slice(line.indexOf('{'));
    const {
      headers,
      multiValueHeaders: _,
      requestContext,
      ...others
    } = JSON.parse(event) as Told & {
      multiValueHeaders: unknown;
    };
    const { requestId: _id, requestTime: _time, requestTimeEpoch: _epoch, ...context } = requestContext;
    // What asks for a run later, and what the client says of its connection.
    const { Prefer: _p, prefer: _q, connection: _c, Connection: _d, ...sent } = headers;
    return { headers: sent, context, ...others };
  };
  const runAgain = async (id: string): Promise<string> =>
    (await customer.json<RunView>(`/millrace/v1/runs/${id}/replay`, REPLAY)).id;
  for (const body of ['{"a":"ü"}', Buffer.from([0xff, 0xfe, 0])]) {
    const request = { method: 'POST', body, headers: { 'content-type': 'text/x-odd', 'x-mine': 'yes' } };
    const query = `${fn.invokeUrl}?a=1&a=2`;
    const called = await customer.request(query, request);
    const later = await customer.request(query, {
      ...request,
      headers: { ...request.headers, prefer: 'respond-async' },
    });
    const ids = [called, later].map(({ headers }) => headers.get('x-run-id') ?? '');
    // A run is run again once it has ended, and that is written behind its answer.
    await Promise.all(ids.map(endOf));
    const again = [await runAgain(ids[0] as string), await runAgain(ids[1] as string)];
    const [first, ...others] = await Promise.all([...ids, ...again].map(toldOf));
    for (const other of others) assert.deepEqual(other, first);
    assert.match(JSON.stringify(first), typeof body === 'string' ? /"isBase64Encoded":false/ : /"\/\/4A"/);
  }
});
