// Numbers of runs as their owner reads them, beside the runs themselves: after calls, faults, retries and a
// kill -9 of the server in the middle. Through the public port, with real jails.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunView } from './customer.ts';
import { type Json, OwnCustomer } from './own-customer.ts';
import { processOf } from './remains.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const DAY_MS = 86_400_000;
const CODE = `
  exports.handler = async ({ data }) => {
    if (data.ms) await new Promise((r) => setTimeout(r, data.ms));
    if (data.fails) throw new TypeError('no');
    return { ok: true };
  };`;

type Point = Json & {
  at: string;
  function_id?: string;
  trigger?: string;
  runs: Record<string, number>;
  duration_ms: Record<string, number> | null;
  attempts: number;
  cold_starts: number;
  execution_seconds: number;
  gb_seconds: number;
  bytes_in: number;
  bytes_out: number;
};
type Metrics = { data: Point[]; step: string };
type Usage = {
  data: (Json & { date: string; runs: number; account_id: string; mode: string })[];
  next: string | null;
};

let millrace: Millrace;
let customer: OwnCustomer;
before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace({ env: { MILLRACE_NODE_LEASE_MS: '1000' } });
  customer = new OwnCustomer(millrace);
});
after(() => millrace?.close());

const days = (from = 0, to = 0): string => {
  const day = (n: number): string => new Date(Date.now() + n * DAY_MS).toISOString().slice(0, 10);
  return `from=${day(from)}&to=${day(to)}`;
};
/** Yesterday until tomorrow, in one: a test may run at midnight. */
const whole = (): string => {
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const at = (ms: number): string => new Date(ms).toISOString();
  return `from=${at(midnight - DAY_MS)}&to=${at(midnight + 2 * DAY_MS)}&step=all`;
};

async function runsOf(fn: { id: string }): Promise<RunView[]> {
  const runs: RunView[] = [];
  for (let after = ''; ; ) {
    const page = await customer.v1<{ data: RunView[]; next: string | null }>(
      'GET',
      `/functions/${fn.id}/runs?limit=500${after}`,
    );
    runs.push(...page.data);
    if (page.next === null) return runs;
    after = `&after=${page.next}`;
  }
}

type Timeline = { attempts: { attempt: number; status: string; sandbox: string; init_ms: number | null }[] };

const timelineOf = (run: RunView | undefined): Promise<Timeline> =>
  customer.v1<Timeline>('GET', `/runs/${run?.id}/timeline`);

async function pointOf(fn: { id: string }): Promise<Point> {
  const { data } = await customer.v1<Metrics>('GET', `/metrics/runs?${whole()}&function_id=${fn.id}`);
  assert.equal(data.length, 1, JSON.stringify(data));
  return data[0] as Point;
}

function assertAgreement(point: Point, runs: readonly RunView[]): void {
  const byStatus: Record<string, number> = {};
  for (const { status } of runs) byStatus[status] = (byStatus[status] ?? 0) + 1;
  const { total, ...told } = point.runs;
  assert.equal(total, runs.length);
  assert.deepEqual(Object.fromEntries(Object.entries(told).filter(([, count]) => count > 0)), byStatus);
}

describe('numbers of runs', { skip }, () => {
  test('agree with the runs after calls, faults and retries, whatever they are grouped by', async () => {
    const fn = await customer.make({
      name: 'counted',
      code: { inline: CODE },
      memory_mb: 128,
      retry: { delays_s: [0.01] },
    });
    for (let n = 0; n < 20; n += 1) {
      await customer.v1('POST', `/functions/${fn.id}/runs`, n % 4 === 0 ? { fails: true } : { ms: 20 });
    }
    const queued = await customer.request(`/millrace/v1/functions/${fn.id}/runs`, {
      method: 'POST',
      headers: { prefer: 'respond-async', 'content-type': 'application/json' },
      body: '{"fails":true}',
    });
    const { id } = (await queued.json()) as { id: string };
    await customer.until(
      () => customer.v1<RunView>('GET', `/runs/${id}`),
      ({ status }) => status === 'dead',
    );
    const runs = await runsOf(fn);
    const [first, warm] = [runs.at(-1), runs.at(-2)];
    assert.notEqual((await timelineOf(first)).attempts[0]?.sandbox, 'warm');
    assert.ok(((await timelineOf(first)).attempts[0]?.init_ms ?? 0) > 0);
    assert.deepEqual(
      (await timelineOf(warm)).attempts.map(({ attempt, sandbox, init_ms: initMs }) => [
        attempt,
        sandbox,
        initMs,
      ]),
      [[1, 'warm', null]],
    );
    assert.deepEqual(
      (await timelineOf(runs[0])).attempts.map(({ attempt, status }) => [attempt, status]),
      [
        [1, 'failed'],
        [2, 'dead'],
      ],
    );
    const point = await pointOf(fn);
    assertAgreement(point, runs);
    assert.equal(runs.length, 21);
    assert.equal(point.attempts, 22, 'the queued run was tried twice');
    assert.ok(point.cold_starts >= 1);
    assert.ok((point.duration_ms?.p95 ?? 0) >= 19.6, JSON.stringify(point.duration_ms));
    assert.ok((point.duration_ms?.max ?? 0) * 1.02 >= (point.duration_ms?.p99 ?? 0));
    assert.ok(Math.abs(point.gb_seconds - point.execution_seconds / 8) < 0.001, 'an eighth of a GB');
    assert.ok(point.bytes_in > 0 && point.bytes_out > 0);
    const grouped = await customer.v1<Metrics>(
      'GET',
      `/metrics/runs?${whole()}&group_by=trigger&function_id=${fn.id}`,
    );
    assert.deepEqual(
      grouped.data.map(({ trigger, runs: { total } }) => [trigger, total]),
      [['api_direct', 21]],
    );
    const minutes = await customer.v1<Metrics>('GET', `/metrics/runs?step=1m&function_id=${fn.id}`);
    assert.equal(
      minutes.data.reduce((sum, { runs: { total } }) => sum + (total ?? 0), 0),
      21,
    );
  });

  test('count every run once although the server is killed in the middle', async () => {
    const fn = await customer.make({ name: 'killed', code: { inline: CODE } });
    const call = (n: number): Promise<unknown> =>
      customer
        .request(`/millrace/v1/functions/${fn.id}/runs`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(n % 2 === 0 ? { prefer: 'respond-async' } : {}),
          },
          body: JSON.stringify({ ms: 30, fails: n % 5 === 0 }),
        })
        .then((answer) => answer.arrayBuffer())
        .catch(() => null);
    for (let n = 0; n < 40; n += 1)
      await Promise.race([call(n), new Promise((resolve) => setTimeout(resolve, 10))]);
    process.kill(processOf(millrace, 'serve'), 'SIGKILL');
    await millrace.printed(/serve ended/);
    await customer.until(
      async () => (await customer.request('/healthz').catch(() => null))?.status ?? 0,
      (status) => status === 200,
    );
    await Promise.all(Array.from({ length: 10 }, (_, n) => call(n)));
    const runs = await customer.until(
      () => runsOf(fn),
      (all) => all.every(({ status }) => status !== 'queued' && status !== 'running'),
    );
    assert.ok(runs.length >= 10);
    assertAgreement(await pointOf(fn), runs);
  });

  test('of a day are what usage says, as JSON, as CSV, and to the operator over all accounts', async () => {
    const { data: all } = await customer.v1<Metrics>('GET', `/metrics/runs?${whole()}`);
    const { data } = await customer.v1<Usage>('GET', `/metrics/usage?${days(-1, 1)}`);
    const sum = (name: string): number => data.reduce((total, day) => total + Number(day[name]), 0);
    assert.equal(sum('runs'), all[0]?.runs.total);
    assert.ok(Math.abs(sum('gb_seconds') - (all[0]?.gb_seconds ?? 0)) < 1e-4);
    const csv = await customer.request(`/millrace/v1/metrics/usage?${days(-1, 1)}&format=csv`);
    assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
    const [head = '', ...lines] = (await csv.text()).trim().split('\r\n');
    assert.deepEqual(head.split(','), Object.keys(data[0] ?? {}));
    assert.deepEqual(
      lines.map((line) => line.split(',')),
      data.map((day) => Object.values(day).map(String)),
    );
    const operated = await customer.v1<Usage>('GET', `/operator/usage?${days(-1, 1)}&limit=1`);
    assert.equal(operated.data.length, 1);
    assert.ok(operated.data[0]?.account_id !== undefined);
  });

  test('are refused with the reason where the question has no good answer', async () => {
    const refusals: Record<string, string> = {
      'step=2m': 'step',
      'from=yesterday': 'from',
      'from=2026-01-02&to=2026-01-01': 'from',
      'from=2020-01-01T00:00:00Z&step=1m': 'step',
      'from=2020-01-01T00:00:30Z&to=2020-02-01T00:00:30Z&step=all': 'from',
      'group_by=colour': 'group_by',
    };
    for (const [query, field] of Object.entries(refusals)) {
      const { error } = await customer.refused('GET', `/metrics/runs?${query}`, undefined);
      assert.deepEqual([error.code, error.field], ['invalid_input', field], query);
    }
    for (const query of ['from=2026-01-01&to=2028-01-01', 'from=x', 'format=xml', 'after=x']) {
      await customer.refused('GET', `/metrics/usage?${query}`, undefined);
    }
  });
});
