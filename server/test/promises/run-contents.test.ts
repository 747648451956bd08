// What an owner has a run forget: its contents go, its record stays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Customer, type RunView } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const JSON_TYPE = { 'content-type': 'application/json' };

type Run = RunView & { cause: Record<string, unknown> };

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
});
after(() => millrace?.close());

async function ended(id: string): Promise<Run> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const run = await customer.json<Run>(`/millrace/v1/runs/${id}`);
    if (run.status !== 'queued' && run.status !== 'running') return run;
    assert.ok(Date.now() < giveUpAt, `${JSON.stringify(run)}\n${millrace.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a run that has ended forgets its contents when asked: it stays, and can’t be run again as it was', {
  skip,
}, async () => {
  const fn = await customer.uploadCode(
    `exports.handler = async (e) => { console.log('printed-4711'); throw new RangeError('thrown-4711'); };`,
  );
  await customer.settings(fn, { retry: { delays_s: [0.01] } });
  const start = (data: unknown): Promise<Run> =>
    customer.json<Run>(`/millrace/v1/functions/${fn.id}/runs`, {
      ...{ method: 'POST', headers: { ...JSON_TYPE, prefer: 'respond-async' }, body: JSON.stringify(data) },
    });
  const { id } = await ended((await start({ given: 'given-4711' })).id);
  const called = await customer.call(fn, { method: 'POST', body: 'given-4711' });
  const waited = (await customer.runOf(called)) as Run;
  const contentsOf = (run: string): string => `/millrace/v1/runs/${run}/contents`;
  const allOf = async (run: string): Promise<string> => {
    const parts = ['', '/input', '/logs', '/error'].map((part) => `/millrace/v1/runs/${run}${part}`);
    return (await Promise.all(parts.map(async (path) => (await customer.request(path)).text()))).join('\n');
  };
  for (const run of [id, waited.id]) {
    assert.match(await allOf(run), /given-4711[\s\S]*printed-4711/);
    assert.match(await allOf(run), /thrown-4711/);
    assert.equal((await customer.request(contentsOf(run), { method: 'DELETE' })).status, 204);
    assert.doesNotMatch(await allOf(run), /4711/);
    assert.deepEqual((await ended(run)).cause, {});
    const replayed = { method: 'POST', headers: JSON_TYPE, body: '{}' };
    const answer = await customer.request(`/millrace/v1/runs/${run}/replay`, replayed);
    assert.equal(answer.status, 422, 'its input is not kept');
    assert.equal((await customer.request(contentsOf(run), { method: 'DELETE' })).status, 204);
  }
  assert.equal((await ended(id)).status, 'dead');
  await customer.json(`/millrace/v1/functions/${fn.id}/pause`, { method: 'POST' });
  const waits = await start(null);
  assert.equal((await customer.request(contentsOf(waits.id), { method: 'DELETE' })).status, 422);
  assert.equal(
    (await customer.request(contentsOf('01a22f0b-a1c2-7bfb-a64e-8f2c4eeddf2f'), { method: 'DELETE' })).status,
    404,
  );
});
