// Schedules through the public port: validated, made, ticked for real at the turn of a minute, changed and
// paused.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Customer, type HostedFunction, type RunView } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

type ScheduleView = { id: string; next_tick_at: string | null; settings: Record<string, unknown> };
type Run = { at: string; local: string; clock_change: string | null };
type Validated = { cron: string; time_zone: string; next_runs: Run[] };
type TickedRun = RunView & { cause: Record<string, string>; created_at: string };

let millrace: Millrace;
let customer: Customer;
let teller: HostedFunction;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
  teller = await customer.uploadCode(
    `exports.handler = async (event) => { console.log('TOLD ' + event.body); return { statusCode: 200, body: '' }; };`,
  );
});
after(() => millrace?.close());

const json = (method: string, body: unknown): RequestInit => ({
  ...{ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

const addSchedule = (settings: unknown): Promise<ScheduleView> =>
  customer.json<ScheduleView>(
    '/millrace/v1/triggers',
    json('POST', { function_id: teller.id, kind: 'schedule', settings }),
  );

const validate = (body: unknown): Promise<Response> =>
  customer.request('/millrace/v1/schedules/validate', json('POST', body));

async function refusalOf(answer: Response): Promise<string> {
  assert.equal(answer.status, 400);
  return ((await answer.json()) as { error: { message: string } }).error.message;
}

describe('a schedule', { skip }, () => {
  test('is validated with its next five runs, or as many as are asked for', async () => {
    const five = (await (await validate({ cron: '0 8 * * *', time_zone: 'US/Eastern' })).json()) as Validated;
    assert.deepEqual([five.cron, five.time_zone, five.next_runs.length], ['0 8 * * *', 'US/Eastern', 5]);
    for (const { at, local } of five.next_runs) {
      assert.ok(Date.parse(at) > Date.now());
      assert.match(local, /^\d{4}-\d\d-\d\d 08:00/);
    }
    const many = (await (await validate({ cron: '*/5 * * * *', count: 100 })).json()) as Validated;
    assert.deepEqual([many.time_zone, many.next_runs.length], ['UTC', 100]);
  });

  test('shows from a time on which runs the moved clocks change, written down or made', async () => {
    const timetable = { cron: '30 2 * * *', time_zone: 'Europe/Berlin' };
    const spring = { ...timetable, from: '2027-03-27T00:00:00Z', count: 3 };
    const written = (await (await validate(spring)).json()) as Validated;
    assert.deepEqual(
      written.next_runs.map(({ at, clock_change }) => [at.slice(0, 16), clock_change]),
      [
        ['2027-03-27T01:30', null],
        ['2027-03-28T01:00', 'skipped'],
        ['2027-03-29T00:30', null],
      ],
    );
    const { id } = await addSchedule(timetable);
    const of = `/millrace/v1/triggers/${id}/next-runs`;
    const autumn = await customer.json<Validated>(`${of}?count=2&from=2027-10-30T12:00:00%2B02:00`);
    assert.deepEqual(
      autumn.next_runs.map(({ at, clock_change }) => [at.slice(0, 16), clock_change]),
      [
        ['2027-10-31T00:30', 'repeated'],
        ['2027-11-01T01:30', null],
      ],
    );
    assert.match(await refusalOf(await customer.request(`${of}?count=101`)), /count/);
    assert.match(await refusalOf(await customer.request(`${of}?from=tomorrow`)), /from/);
    const address = json('POST', { function_id: teller.id, kind: 'function_url' });
    const other = await customer.json<ScheduleView>('/millrace/v1/triggers', address);
    assert.equal((await customer.request(`/millrace/v1/triggers/${other.id}/next-runs`)).status, 422);
    for (const made of [id, other.id])
      await customer.request(`/millrace/v1/triggers/${made}`, { method: 'DELETE' });
  });

  for (const [body, rule] of [
    [{ cron: '@daily' }, /cron: must be a standard five-part cron expression.*@ syntax is not supported/],
    [{ cron: '0 0 L * *' }, /L, W, #, \? and \+ are not supported/],
    [{ cron: '0 0 0 * * *' }, /seconds and years are not supported/],
    [{ cron: '0 8 * * *', time_zone: 'Europe/Berln' }, /time_zone: .*did you mean Europe\/Berlin/],
    [{ cron: '0 8 * * *', count: 101 }, /count/],
    [{}, /cron: is required/],
  ] as const) {
    test(`is refused as ${JSON.stringify(body)}, with the rule`, async () =>
      assert.match(await refusalOf(await validate(body)), rule));
  }

  test('that can’t be understood isn’t made', async () => {
    const fields = { function_id: teller.id, kind: 'schedule', settings: { cron: '61 * * * *' } };
    const answer = await customer.request('/millrace/v1/triggers', json('POST', fields));
    assert.match(await refusalOf(answer), /settings\.cron: minute "61"/);
  });

  test('shows its next tick from the start, a new one when its timetable changes, none while it is paused', async () => {
    const made = await addSchedule({ cron: '0 8 1 1 *' });
    assert.match(made.next_tick_at ?? '', /-01-01T08:00:00\.000Z$/);
    const path = `/millrace/v1/triggers/${made.id}`;
    const changed = await customer.json<ScheduleView>(
      path,
      json('PATCH', { settings: { cron: '0 9 1 1 *' } }),
    );
    assert.match(changed.next_tick_at ?? '', /-01-01T09:00:00\.000Z$/);
    const paused = await customer.json<ScheduleView>(`${path}/pause`, { method: 'POST' });
    assert.equal(paused.next_tick_at, null);
    const resumed = await customer.json<ScheduleView>(`${path}/resume`, { method: 'POST' });
    assert.equal(resumed.next_tick_at, changed.next_tick_at);
    const off = await customer.json<ScheduleView>(path, json('PATCH', { enabled: false }));
    assert.equal(off.next_tick_at, null);
  });

  test('runs its function at the turn of the minute, once, and tells it when and why', {
    timeout: 90_000,
  }, async () => {
    const { id, next_tick_at } = await addSchedule({ cron: '* * * * *', time_zone: 'Asia/Kolkata' });
    const find = async (): Promise<TickedRun[]> =>
      (
        await customer.json<{ data: (TickedRun & { trigger: string })[] }>(
          `/millrace/v1/functions/${teller.id}/runs`,
        )
      ).data.filter((run) => run.trigger === 'schedule');
    let runs = await find();
    while (runs.length === 0 || runs[0]?.status !== 'succeeded') {
      await new Promise((resolve) => setTimeout(resolve, 100));
      runs = await find();
    }
    await customer.request(`/millrace/v1/triggers/${id}`, { method: 'DELETE' });
    assert.equal(runs.length, 1);
    const [run] = runs as [TickedRun];
    assert.equal(run.cause.scheduled_at, next_tick_at);
    const lateMs = Date.parse(run.created_at) - Date.parse(run.cause.scheduled_at as string);
    // How late on a quiet machine: bench/durable.ts.
    assert.ok(lateMs >= 0 && lateMs < 30_000, `${lateMs} ms late`);
    const told = (await customer.logOf(run)).find((line) => line.includes('TOLD ')) ?? '';
    assert.deepEqual(JSON.parse(told.slice(told.indexOf('TOLD ') + 5)), {
      ...{ scheduled_at: next_tick_at, cron: '* * * * *', time_zone: 'Asia/Kolkata' },
    });
  });
});
