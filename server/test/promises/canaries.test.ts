// A part of a function's runs for another version: who gets which, the way on and the way back. Through the
// public port, with real jails.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunView } from './customer.ts';
import { type Own, OwnCustomer } from './own-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Canary = { version: number; percent: number; sticky_header: string | null };
type Shown = Own & { previous_version: number | null; canary: Canary | null };

const CALLS = 24;

describe('a canary', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: OwnCustomer;
  before(async () => {
    millrace = await startMillrace();
    customer = new OwnCustomer(millrace);
  });
  after(() => millrace?.close());

  const codeOf = (number: number) => ({ inline: `exports.handler = async () => ${number};` });
  const make = (): Promise<Own> => customer.make({ code: codeOf(1) });
  const deploy = (fn: Own, number: number, further: object = {}): Promise<Shown> =>
    customer.v1<Shown>('PUT', `/functions/${fn.id}/code`, { code: codeOf(number), ...further });
  const shown = ({ id }: Own): Promise<Shown> => customer.v1<Shown>('GET', `/functions/${id}`);
  const setCanary = (fn: Own, canary: object, status = 200): Promise<Canary> =>
    customer.v1<Canary>('PUT', `/functions/${fn.id}/canary`, canary, status);
  const results = async (fn: Own, calls = CALLS): Promise<number[]> =>
    (await Promise.all(Array.from({ length: calls }, () => customer.resultOf<number>(fn)))).toSorted();
  const only = (number: number, calls = CALLS): number[] => Array(calls).fill(number);

  test('gets its part of the calls, and each run shows its version', async () => {
    const fn = await make();
    const deployed = await deploy(fn, 2, { canary_percent: 50 });
    assert.deepEqual(
      [deployed.version, deployed.canary],
      [1, { version: 2, percent: 50, sticky_header: null }],
    );
    const seen = await results(fn);
    const canaries = seen.filter((result) => result === 2).length;
    // All 24 by one of them would be chance once in eight million times.
    assert.ok(canaries > 0 && canaries < CALLS, String(canaries));
    const runsOf = async (): Promise<RunView[]> =>
      (await customer.v1<{ data: RunView[] }>('GET', `/functions/${fn.id}/runs?limit=500`)).data;
    const runs = await customer.until(runsOf, ({ length }) => length === CALLS);
    assert.equal(runs.filter(({ version }) => version === 2).length, canaries);
    await setCanary(fn, { version: 2, percent: 0 });
    assert.deepEqual(await results(fn, 8), only(1, 8));
    await setCanary(fn, { version: 2, percent: 100 });
    assert.deepEqual(await results(fn, 8), only(2, 8));
  });

  test('is promoted, and stepped back from, for the next call', async () => {
    const fn = await make();
    await deploy(fn, 2, { canary_percent: 0 });
    assert.deepEqual(await results(fn, 4), only(1, 4));
    const promoted = await customer.v1<Shown>('POST', `/functions/${fn.id}/canary/promote`);
    assert.deepEqual([promoted.version, promoted.previous_version, promoted.canary], [2, 1, null]);
    assert.deepEqual(await results(fn, 4), only(2, 4));
    await deploy(fn, 3, { canary_percent: 100 });
    assert.deepEqual(await results(fn, 4), only(3, 4));
    const rollback = () => customer.v1<Shown>('POST', `/functions/${fn.id}/rollback`);
    const back = await rollback();
    assert.deepEqual([back.version, back.canary], [2, null], 'a canary ends first');
    assert.deepEqual(await results(fn, 4), only(2, 4));
    assert.equal((await rollback()).version, 1);
    assert.deepEqual(await results(fn, 4), only(1, 4));
    assert.equal((await deploy(fn, 4)).version, 4);
    assert.equal((await rollback()).version, 1);
  });

  test('that sticks to a header gives one caller one version', async () => {
    const fn = await make();
    await deploy(fn, 2);
    await setCanary(fn, { version: 1, percent: 50, sticky_header: 'X-Shopper' });
    const url = await customer.urlOf(fn);
    const of = async (shopper: number): Promise<string> =>
      await (await fetch(url, { headers: { 'x-shopper': `shopper ${shopper}` } })).text();
    const first = await Promise.all(Array.from({ length: 24 }, (_, n) => of(n)));
    assert.deepEqual([...new Set(first)].toSorted(), ['1', '2']);
    assert.deepEqual(await Promise.all(Array.from({ length: 24 }, (_, n) => of(n))), first);
  });

  test('gets its part of queued runs, all attempts of one by the same version', async () => {
    const fn = await customer.make({
      code: { inline: `exports.handler = async () => { throw new Error('1'); };` },
      retry: { delays_s: [1], jitter: 0, faults: ['failed'] },
    });
    await customer.v1('PUT', `/functions/${fn.id}/code`, {
      code: { inline: `exports.handler = async () => { throw new Error('2'); };` },
      canary_percent: 50,
    });
    const headers = { 'content-type': 'application/json', prefer: 'respond-async' };
    const queued = await Promise.all(
      Array.from({ length: 24 }, async () => {
        const init = { method: 'POST', headers, body: '{}' };
        return await customer.json<RunView>(`/millrace/v1/functions/${fn.id}/runs`, init);
      }),
    );
    const versions = new Set<number>();
    for (const { id } of queued) {
      type Tried = RunView & { history: { error: { message: string } | null }[] };
      const run = await customer.until(
        () => customer.v1<Tried>('GET', `/runs/${id}`),
        ({ status }) => status === 'dead',
      );
      const tried = [...run.history.map(({ error }) => error?.message), run.error?.message];
      assert.deepEqual(tried, [String(run.version), String(run.version)]);
      versions.add(run.version);
    }
    assert.deepEqual([...versions].toSorted(), [1, 2]);
  });

  test('that can not be is refused, and a deploy or an activation ends one', async () => {
    const fn = await make();
    const path = `/functions/${fn.id}`;
    await customer.v1('GET', `${path}/canary`, undefined, 404);
    await customer.v1('DELETE', `${path}/canary`, undefined, 404);
    await customer.v1('POST', `${path}/canary/promote`, undefined, 422);
    await customer.v1('POST', `${path}/rollback`, undefined, 422);
    await setCanary(fn, { version: 9, percent: 10 }, 404);
    await setCanary(fn, { version: 1, percent: 10 }, 400);
    await setCanary(fn, { version: 1, percent: 101 }, 400);
    await setCanary(fn, { version: 1, percent: 10, sticky_header: 'a b' }, 400);
    await deploy(fn, 2, { canary_percent: 10 });
    assert.equal((await deploy(fn, 3)).canary, null);
    await setCanary(fn, { version: 2, percent: 10 });
    assert.equal((await customer.v1<Shown>('POST', `${path}/versions/1/activate`)).canary, null);
    await setCanary(fn, { version: 2, percent: 10 });
    const etag = async () => (await customer.request(`/millrace/v1${path}/canary`)).headers.get('etag');
    const seen = await etag();
    await setCanary(fn, { version: 3, percent: 20 });
    const late = await customer.request(`/millrace/v1${path}/canary`, {
      ...{ method: 'DELETE', headers: { 'if-match': seen ?? '' } },
    });
    assert.equal(late.status, 412);
    await customer.v1('DELETE', `${path}/canary`, undefined, 204);
    assert.equal((await shown(fn)).canary, null);
  });
});
