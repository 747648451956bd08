// What operators' monitoring reads: numbers that are what happened, alert rules and a dashboard that name
// what there is, conditions of alerts brought about for real, and readiness that ends before the server does.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pidOf } from '../faults/processes.ts';
import { until } from '../until.ts';
import { Customer, type HostedFunction } from './customer.ts';
import { freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const OPERATE = path.resolve(import.meta.dirname, '../../../docs/operate');
const RULES = readFileSync(path.join(OPERATE, 'alerts.yml'), 'utf8');
const ANSWERS = 'exports.handler = async () => ({ statusCode: 200, body: "fine" });';
const SLEEPS = 'exports.handler = async () => { await new Promise((go) => setTimeout(go, 2000)); };';
const BREAKS = 'throw new Error("not loaded");';

type Sample = { name: string; labels: Record<string, string>; value: number };

/** Lines of Prometheus' text. */
function samplesOf(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value] = /^([a-zA-Z0-9_:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      assert.ok(value, `not a sample: ${line}`);
      const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key, one]) => [key, one]);
      return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
    });
}

/** Names in an expression of Prometheus', each with the labels that are asked of it. */
function selectorsOf(expression: string): { name: string; labels: string[] }[] {
  const bare = expression.replaceAll(/\b(by|without) \([^)]*\)/g, '');
  return [...bare.matchAll(/\b((?:millrace|nodejs|process)_[a-z0-9_]+)(\{[^}]*\})?/g)].map(
    ([, name, labels]) => ({
      name: name as string,
      labels: [...(labels ?? '').matchAll(/([a-z_]+)=/g)].map(([, label]) => label as string),
    }),
  );
}

describe('monitoring', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  let metricsUrl: string;
  let fn: HostedFunction;

  before(async () => {
    const port = String(await freePort());
    const env = {
      MILLRACE_METRICS_PORT: port,
      ...{ MILLRACE_DRAIN_S: '8', MILLRACE_RUNS_PER_ACCOUNT: '2', MILLRACE_WORKER_RUNS: '2' },
    };
    millrace = await startMillrace({ env });
    metricsUrl = `http://127.0.0.1:${port}/metrics`;
    customer = new Customer(millrace);
    fn = await customer.uploadCode(ANSWERS);
  });
  after(() => millrace?.close());

  const scrape = async (accept = 'text/plain'): Promise<string> => {
    const answer = await fetch(metricsUrl, { headers: { accept } });
    assert.equal(answer.status, 200);
    return await answer.text();
  };
  const numberOf = async (name: string, labels: Record<string, string> = {}): Promise<number> =>
    samplesOf(await scrape())
      .filter(
        (one) =>
          one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
      )
      .reduce((sum, { value }) => sum + value, 0);
  const statusOf = async (id: string): Promise<number> => (await customer.request(`/func/v1/${id}`)).status;

  test('counts what happened, as text and as OpenMetrics, without a word of whose it was', async () => {
    for (let calls = 0; calls < 5; calls += 1) assert.equal(await statusOf(fn.id), 200);
    assert.equal(await statusOf('nowhere'), 404);
    const ran = { outcome: 'succeeded', language: 'node', trigger: 'http' };
    await until('runs are counted', async () => (await numberOf('millrace_runs_total', ran)) === 5);
    assert.equal(await numberOf('millrace_run_duration_seconds_count', { language: 'node' }), 5);
    assert.equal(await numberOf('millrace_cold_starts_total', { language: 'node' }), 1);
    assert.equal(
      await numberOf('millrace_http_request_duration_seconds_count', { door: 'call', status: '2xx' }),
      5,
    );
    assert.equal(await numberOf('millrace_refusals_total', { code: 'not_found' }), 1);
    assert.ok(
      (await numberOf('millrace_database_statement_duration_seconds_count', { statement: 'record runs' })) >
        0,
    );
    assert.equal(await numberOf('millrace_nodes'), 1);
    const open = await scrape('application/openmetrics-text; version=1.0.0');
    assert.match(open, /^# TYPE millrace_runs counter$[^#]*^millrace_runs_total\{/m);
    assert.match(open, /# EOF\n?$/);
    const text = await scrape();
    assert.match(text, /^# TYPE millrace_runs_total counter$/m);
    assert.ok(samplesOf(text).length < 3_000);
    const account = /account +(\w+)/.exec(millrace.output())?.[1];
    assert.ok(account);
    for (const owner of [fn.id, account]) {
      assert.ok(!text.includes(owner), `${owner} is in the metrics`);
    }
  });

  test('answers nothing but GET /metrics, and only at its own port', async () => {
    assert.equal((await fetch(metricsUrl.replace('/metrics', '/'))).status, 404);
    assert.equal((await fetch(metricsUrl, { method: 'POST', body: 'x' })).status, 405);
    assert.equal((await fetch(`${millrace.url}/metrics`)).status, 404);
  });

  test('alert rules and dashboard ask for metrics and labels that there are; every alert has its page', async () => {
    // What only an archive or a backup brings is not here; its name is in the text all the same.
    const text = await scrape();
    const samples = samplesOf(text);
    const dashboard = JSON.parse(readFileSync(path.join(OPERATE, 'dashboard.json'), 'utf8')) as {
      panels: { targets: { expr: string }[] }[];
    };
    const inRules = [...RULES.matchAll(/expr: (.*)/g)].map(([, expression]) => expression as string);
    const expressions = [
      ...inRules,
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ];
    assert.ok(expressions.length > 30);
    for (const { name, labels } of expressions.flatMap(selectorsOf)) {
      const family = name.replace(/_(bucket|sum|count)$/, '');
      assert.match(text, new RegExp(`^# TYPE (${name}|${family}) `, 'm'), `${name} is not served`);
      const known = new Set(
        samples.filter((one) => one.name === name).flatMap((one) => Object.keys(one.labels)),
      );
      // Nothing of it has happened yet in this test: its labels were compared where they are declared.
      if (known.size === 0) continue;
      for (const label of labels.filter((one) => one !== 'job'))
        assert.ok(known.has(label), `${name} has no ${label}`);
    }
    const alerts = [...RULES.matchAll(/alert: (\w+)/g)].map(([, name]) => name as string);
    const runbooks = [...RULES.matchAll(/runbook: docs\/operate\/alerts\/([a-z-]+)\.md/g)].map(
      ([, name]) => name,
    );
    const pages = alerts.map(pageOf);
    assert.deepEqual(runbooks, pages);
    assert.deepEqual(
      readdirSync(path.join(OPERATE, 'alerts')).sort(),
      pages.map((name) => `${name}.md`).sort(),
    );
    const page = readFileSync(path.join(OPERATE, 'monitoring.md'), 'utf8');
    for (const alert of alerts) assert.ok(page.includes(`[${alert}](alerts/${pageOf(alert)}.md)`), alert);
    for (const family of new Set(
      [...text.matchAll(/^# TYPE (millrace_\w+)/gm)].map(([, name]) => name as string),
    )) {
      assert.ok(page.includes(`\`${family}\``), `${family} is not on the page`);
    }
  });

  test('MillraceSandboxesDontStart: starts that fail are counted as such', async () => {
    const broken = await customer.uploadCode(BREAKS);
    assert.equal(await statusOf(broken.id), 502);
    assert.equal(await numberOf('millrace_sandbox_start_seconds_count', { result: 'failed' }), 1);
  });

  test('MillraceCallersRefused and MillraceQueueLate: full places refuse calls and make runs late', async () => {
    const slow = await customer.uploadCode(SLEEPS);
    const runs = `/millrace/v1/functions/${slow.id}/runs`;
    for (let queued = 0; queued < 6; queued += 1) {
      const answer = await customer.request(runs, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json', prefer: 'respond-async' } },
        body: JSON.stringify({ event: {} }),
      });
      assert.equal(answer.status, 202, await answer.text());
    }
    await until('a run is late', async () => (await numberOf('millrace_queue_oldest_due_seconds')) > 0);
    assert.ok((await numberOf('millrace_queue_runs', { state: 'queued' })) > 0);
    const statuses = await Promise.all([1, 2, 3, 4].map(() => statusOf(slow.id)));
    assert.ok(statuses.includes(429), `no call was refused: ${statuses}`);
    assert.ok((await numberOf('millrace_refusals_total', { code: 'too_many_runs' })) > 0);
    await until('all have ended', async () => (await numberOf('millrace_queue_runs')) === 0, 500);
    assert.equal(await numberOf('millrace_queue_oldest_due_seconds'), 0);
  });

  test('MillraceDatabaseUnreachable: a database that says nothing is told within seconds, and its numbers go', async () => {
    const database = await pidOf(millrace, 'database');
    assert.equal(await numberOf('millrace_database_up'), 1);
    const connections = readdirSync('/proc')
      .filter((name) => /^[0-9]+$/.test(name))
      .map(Number)
      .filter((pid) => parentOf(pid) === database);
    for (const pid of [database, ...connections]) process.kill(pid, 'SIGSTOP');
    try {
      await until('it is noticed', async () => (await numberOf('millrace_database_up')) === 0, 200);
      assert.doesNotMatch(await scrape(), /^millrace_nodes /m);
    } finally {
      for (const pid of [...connections, database]) process.kill(pid, 'SIGCONT');
    }
    await until('it is back', async () => (await numberOf('millrace_database_up')) === 1, 200);
  });

  test('/readyz says that the end is near while calls are still answered, then the server ends', async () => {
    const readiness = async (): Promise<[number, unknown]> => {
      const answer = await fetch(`${millrace.url}/readyz`);
      return [answer.status, await answer.json()];
    };
    assert.deepEqual(await readiness(), [200, { status: 'ready' }]);
    const stopped = millrace.stop();
    await until('it is not ready', async () => (await readiness())[0] === 503);
    assert.deepEqual(await readiness(), [503, { status: 'stopping' }]);
    assert.equal(await statusOf(fn.id), 200);
    assert.equal(await numberOf('millrace_ready'), 0);
    assert.equal(await stopped, 0);
  });
});

/** `MillraceQueueLate` has `queue-late.md`. */
function pageOf(alert: string): string {
  return alert
    .replace('Millrace', '')
    .replaceAll(/(?<!^)([A-Z])/g, '-$1')
    .toLowerCase();
}

function parentOf(pid: number): number | null {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /, '')
        .split(' ')[1],
    );
  } catch {
    return null;
  }
}
