// What becomes of runs besides being executed: run again, dead, held, refused; and of faulty functions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Customer, type HostedFunction, type RunView, zipOf } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const JSON_TYPE = { 'content-type': 'application/json' };
const ASYNC = { ...JSON_TYPE, prefer: 'respond-async' };

type Run = RunView & {
  trigger: string;
  cause: Record<string, unknown>;
  due_at: string | null;
  held: boolean;
  replay_of: string | null;
  replays: string[];
  dead_letter: string | null;
};
type Batch = {
  replayed: { run_id: string; replay_id: string }[];
  skipped: { run_id: string; reason: string }[];
  next: string | null;
};
type FunctionView = {
  enabled: boolean;
  paused_at: string | null;
  disabled_reason: string | null;
  faults_in_a_row: number;
};

const ECHO = `exports.handler = async (event) => ({ statusCode: 200, body: 'one ' + event.body });`;
const THROWS = `exports.handler = async () => { throw new RangeError('no'); };`;

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace({ env: { MILLRACE_KEPT_INPUT_BYTES: '2000' } });
  customer = new Customer(millrace);
});
after(() => millrace?.close());

function post(path: string, body: unknown, headers: Record<string, string> = JSON_TYPE): Promise<Response> {
  return customer.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function accepted<T>(path: string, body: unknown, headers?: Record<string, string>): Promise<T> {
  const answer = await post(path, body, headers);
  assert.equal(answer.status, 202, await answer.clone().text());
  return (await answer.json()) as T;
}

async function refusal(
  path: string,
  body: unknown,
): Promise<{ status: number; code: string; field?: string }> {
  const answer = await post(path, body);
  const { code, field } = ((await answer.json()) as { error: { code: string; field?: string } }).error;
  return field === undefined ? { status: answer.status, code } : { status: answer.status, code, field };
}

const start = (fn: HostedFunction, data: unknown = null): Promise<Run> =>
  accepted<Run>(`/millrace/v1/functions/${fn.id}/runs`, data, ASYNC);
const seen = (id: string): Promise<Run> => customer.json<Run>(`/millrace/v1/runs/${id}`);
const settings = (fn: HostedFunction): Promise<FunctionView> =>
  customer.json<FunctionView>(`/millrace/v1/functions/${fn.id}`);

async function until<T>(look: () => Promise<T>, isReached: (seen: T) => boolean): Promise<T> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const now = await look();
    if (isReached(now)) return now;
    assert.ok(Date.now() < giveUpAt, `${JSON.stringify(now)}\n${millrace.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const ended = (id: string): Promise<Run> =>
  until(
    () => seen(id),
    ({ status }) => status !== 'queued' && status !== 'running',
  );

async function resultOf(id: string): Promise<unknown> {
  return (await customer.json<{ result: unknown }>(`/millrace/v1/runs/${id}/result`)).result;
}

/** A function whose run has just ended dead. */
async function deadRun(): Promise<{ fn: HostedFunction; run: Run }> {
  const fn = await customer.uploadCode(THROWS);
  await customer.settings(fn, { retry: { delays_s: [0.01] } });
  const run = await ended((await start(fn)).id);
  assert.deepEqual([run.status, run.dead_letter], ['dead', 'open']);
  return { fn, run };
}

async function repair(fn: HostedFunction): Promise<void> {
  const form = new FormData();
  form.set('undefined', new Blob([new Uint8Array(zipOf({ 'index.js': ECHO }))]), 'function.zip');
  await customer.json(`/api/v1/hosted_functions/${fn.id}`, { method: 'POST', body: form });
}

test('a call that somebody waited for is run again as it was, and both runs know each other', {
  skip,
}, async () => {
  const fn = await customer.uploadCode(ECHO);
  const answer = await customer.call(fn, { method: 'POST', body: 'a body' });
  const original = (await customer.runOf(answer)) as Run;
  const replay = await accepted<Run>(`/millrace/v1/runs/${original.id}/replay`, {});
  assert.deepEqual([replay.status, replay.replay_of, replay.trigger], ['queued', original.id, 'http']);
  assert.equal((await ended(replay.id)).status, 'succeeded');
  assert.deepEqual(await resultOf(replay.id), { statusCode: 200, body: 'one a body' });
  assert.deepEqual((await seen(original.id)).replays, [replay.id]);
  assert.equal(
    (await customer.request(`/millrace/v1/runs/${original.id}/replay`, { method: 'POST' })).status,
    202,
  );
});

test('what a run was told is edited, and what is wrong with it is named', { skip }, async () => {
  const fn = await customer.uploadCode(ECHO);
  const original = await ended((await start(fn, { order: 7 })).id);
  const input = await customer.json<Record<string, unknown>>(`/millrace/v1/runs/${original.id}/input`);
  const path = `/millrace/v1/runs/${original.id}/replay`;
  const replay = await accepted<Run>(path, { input: { ...input, data: { order: 8 } } });
  assert.equal(replay.cause.edited, true);
  await ended(replay.id);
  assert.deepEqual(await resultOf(replay.id), { statusCode: 200, body: 'one {"order":8}' });
  const told = await customer.json<{ data: unknown }>(`/millrace/v1/runs/${replay.id}/input`);
  assert.deepEqual(told.data, { order: 8 });
  const wrong: [Record<string, unknown>, string][] = [
    [{ ...input, trigger: 'http' }, 'input.trigger'],
    [{ ...input, source: { id: 7, name: null } }, 'input.source.id'],
    [{ ...input, dta: 1 }, 'input.dta'],
    [{ ...input, request: { method: 'GET' } }, 'input.request.path'],
  ];
  for (const [edited, field] of wrong) {
    assert.deepEqual(await refusal(path, { input: edited }), { status: 400, code: 'invalid_input', field });
  }
  assert.deepEqual((await seen(original.id)).replays, [replay.id]);
});

test('a run is run again on the same, the active or a named version', { skip }, async () => {
  const fn = await customer.uploadCode(`exports.handler = async () => 'old';`);
  const original = await ended((await start(fn)).id);
  await repair(fn);
  const path = `/millrace/v1/runs/${original.id}/replay`;
  const versions: [unknown, number][] = [
    ['same', 1],
    ['active', 2],
    [1, 1],
    [2, 2],
  ];
  for (const [version, number] of versions) {
    const replay = await ended((await accepted<Run>(path, { version })).id);
    assert.deepEqual([replay.status, replay.version], ['succeeded', number], JSON.stringify(replay.error));
  }
  const refused = { status: 400, code: 'invalid_input', field: 'version' };
  assert.deepEqual(await refusal(path, { version: 9 }), refused);
  assert.deepEqual(await refusal(path, { version: 'newest' }), refused);
});

test('what isn’t kept, hasn’t ended or isn’t there can’t be run again', { skip }, async () => {
  const fn = await customer.uploadCode(
    `exports.handler = (event) => new Promise((resolve) => setTimeout(resolve, event.path === '/' ? 0 : 60_000));`,
  );
  const large = (await customer.runOf(
    await customer.call(await customer.uploadCode(ECHO), { method: 'POST', body: 'x'.repeat(3000) }),
  )) as Run;
  assert.deepEqual(await refusal(`/millrace/v1/runs/${large.id}/replay`, {}), {
    status: 422,
    code: 'invalid_state',
    field: 'input',
  });
  await customer.settings(fn, { timeout_ms: 60_000 });
  const going = await start(fn);
  assert.equal((await refusal(`/millrace/v1/runs/${going.id}/replay`, {})).status, 422);
  await post(`/millrace/v1/runs/${going.id}/cancel`, {});
  const nobodys = '00000000-0000-7000-8000-000000000000';
  assert.equal((await refusal(`/millrace/v1/runs/${nobodys}/replay`, {})).status, 404);
  await customer.settings(fn, { enabled: false });
  await ended(going.id);
  assert.equal((await refusal(`/millrace/v1/runs/${going.id}/replay`, {})).code, 'function_disabled');
});

test('many runs are run again by a filter, page after page, none of them twice', { skip }, async () => {
  const fn = await customer.uploadCode(
    `exports.handler = async (event) => { if (JSON.parse(event.body) < 5) throw new RangeError('low'); };`,
  );
  const runs = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => start(fn, n)));
  for (const { id } of runs) await ended(id);
  const failed = runs.slice(0, 5).map(({ id }) => id);
  const filter = { function_id: fn.id, status: ['failed'], trigger: 'api_direct', error_type: 'RangeError' };
  const replayed: string[] = [];
  let next: string | null = null;
  let pages = 0;
  do {
    const batch: Batch = await accepted<Batch>('/millrace/v1/runs/replay', { filter, limit: 2, after: next });
    assert.ok(batch.replayed.length <= 2);
    replayed.push(...batch.replayed.map(({ run_id }) => run_id));
    for (const { replay_id } of batch.replayed) await ended(replay_id);
    next = batch.next;
    pages += 1;
  } while (next !== null && pages < 10);
  assert.deepEqual(replayed.sort(), failed.sort());
  const refused = await refusal('/millrace/v1/runs/replay', { filter: { status: ['lost'] } });
  assert.deepEqual(refused, { status: 400, code: 'invalid_input', field: 'filter.status.0' });
  const unnamed = await refusal('/millrace/v1/runs/replay', { filter: {}, version: 1 });
  assert.equal(unnamed.field, 'filter.function_id');
});

test('a dead run is redriven once, keeps its state and leaves the list', { skip }, async () => {
  const { fn, run } = await deadRun();
  const listed = async (state: string): Promise<string[]> =>
    (
      await customer.json<{ data: Run[] }>(`/millrace/v1/dead-letters?function_id=${fn.id}&state=${state}`)
    ).data.map(({ id }) => id);
  assert.deepEqual(await listed('open'), [run.id]);
  const redrive = { filter: { function_id: fn.id, error_type: 'RangeError' } };
  await customer.settings(fn, { enabled: false });
  const { skipped } = await accepted<Batch>('/millrace/v1/dead-letters/redrive', redrive);
  assert.deepEqual(skipped, [{ run_id: run.id, reason: 'function_disabled' }]);
  assert.deepEqual(await listed('open'), [run.id]);
  await customer.settings(fn, { enabled: true });
  await repair(fn);
  const batches = await Promise.all(
    [1, 2, 3].map(() => accepted<Batch>('/millrace/v1/dead-letters/redrive', redrive)),
  );
  const replays = batches.flatMap(({ replayed }) => replayed.map(({ replay_id }) => replay_id));
  assert.equal(replays.length, 1);
  assert.equal((await ended(replays[0] as string)).status, 'succeeded');
  const after = await seen(run.id);
  assert.deepEqual([after.status, after.dead_letter, after.replays], ['dead', 'redriven', replays]);
  assert.deepEqual([await listed('open'), await listed('redriven')], [[], [run.id]]);
});

test('a dead run is discarded by a filter, and its record stays', { skip }, async () => {
  const { fn, run } = await deadRun();
  const answer = await post('/millrace/v1/dead-letters/discard', { filter: { run_ids: [run.id] } });
  assert.deepEqual(await answer.json(), { discarded: 1, more: false });
  assert.equal((await seen(run.id)).dead_letter, 'discarded');
  const redriven = await accepted<Batch>('/millrace/v1/dead-letters/redrive', {
    filter: { function_id: fn.id },
  });
  assert.deepEqual(redriven.replayed, []);
});

test('a paused function holds its runs, refuses calls, and lets them go as they were due', {
  skip,
}, async () => {
  const fn = await customer.uploadCode(ECHO);
  const paused = await customer.json<FunctionView>(`/millrace/v1/functions/${fn.id}/pause`, {
    method: 'POST',
  });
  assert.notEqual(paused.paused_at, null);
  const held = await start(fn, 1);
  assert.deepEqual([held.status, held.held], ['queued', true]);
  const refused = await customer.call(fn);
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '30']);
  assert.match(await refused.text(), /paused/);
  const resumed = await customer.json<FunctionView>(`/millrace/v1/functions/${fn.id}/resume`, {
    method: 'POST',
  });
  assert.equal(resumed.paused_at, null);
  const run = await ended(held.id);
  assert.deepEqual([run.status, run.due_at, run.held], ['succeeded', held.due_at, false]);
  assert.equal((await customer.call(fn)).status, 200);
});

test('a function that fails too often in a row is disabled, says why, and is told of', { skip }, async () => {
  const alarm = await customer.uploadCode(`exports.handler = async (event) => { console.log(event.body); };`);
  const listening = {
    kind: 'account_event',
    function_id: alarm.id,
    settings: { notations: ['function.disabled'] },
  };
  const trigger = await post('/millrace/v1/triggers', listening);
  assert.equal(trigger.status, 201, await trigger.text());
  const fn = await customer.uploadCode(
    `exports.handler = async (event) => { if (event.body !== 'good') throw new Error('no'); return { statusCode: 200 }; };`,
  );
  await customer.settings(fn, { disable_after_faults: 3 });
  const calls = async (...bodies: string[]): Promise<void> => {
    for (const body of bodies) await customer.runOf(await customer.call(fn, { method: 'POST', body }));
  };
  await calls('bad', 'bad', 'good', 'bad', 'bad');
  assert.deepEqual([(await settings(fn)).enabled, (await settings(fn)).faults_in_a_row], [true, 2]);
  await calls('bad');
  const disabled = await until(
    () => settings(fn),
    ({ enabled }) => !enabled,
  );
  assert.match(disabled.disabled_reason ?? '', /^3 runs in a row failed/);
  await until(
    async () => (await customer.call(fn)).status,
    (status) => status === 403,
  );
  const { data: alarms } = await until(
    () => customer.json<{ data: Run[] }>(`/millrace/v1/functions/${alarm.id}/runs`),
    ({ data }) => data.length > 0,
  );
  assert.equal(alarms.length, 1);
  const told = await customer.json<{ event: { itemId: string; data: { reason: string } } }>(
    `/millrace/v1/runs/${alarms[0]?.id}/input`,
  );
  assert.deepEqual([told.event.itemId, told.event.data.reason], [fn.id, disabled.disabled_reason]);
  await customer.settings(fn, { enabled: true });
  const enabled = await settings(fn);
  assert.deepEqual([enabled.enabled, enabled.disabled_reason, enabled.faults_in_a_row], [true, null, 0]);
});

test('a function whose code can’t be loaded is disabled at once, where it is to be disabled at all', {
  skip,
}, async () => {
  const fn = await customer.uploadCode('exports.handler = async ( => {};');
  await customer.runOf(await customer.call(fn));
  assert.equal((await settings(fn)).enabled, true);
  await customer.settings(fn, { disable_after_faults: 10 });
  await ended((await start(fn)).id);
  const disabled = await until(
    () => settings(fn),
    ({ enabled }) => !enabled,
  );
  assert.match(disabled.disabled_reason ?? '', /can not be loaded: .*SyntaxError/);
});

const limit = (change: Record<string, number | null>): Promise<Record<string, unknown>> =>
  customer.json('/millrace/v1/account/limits', {
    method: 'PATCH',
    headers: JSON_TYPE,
    body: JSON.stringify(change),
  });

/** Calls until one is refused; a new minute may begin meanwhile. */
async function callUntilRefused(fn: HostedFunction, most: number): Promise<Response> {
  for (let calls = 0; calls < most; calls += 1) {
    const answer = await customer.call(fn);
    if (answer.status === 429) return answer;
    assert.equal(answer.status, 200, await answer.text());
  }
  throw new Error(`${most} calls and none was refused`);
}

test('an account over its runs a minute is refused until the next, its queued runs wait', {
  skip,
}, async () => {
  const alarm = await customer.uploadCode(`exports.handler = async () => {};`);
  const listening = { kind: 'account_event', function_id: alarm.id, settings: { notations: ['limit.near'] } };
  assert.equal((await post('/millrace/v1/triggers', listening)).status, 201);
  const fn = await customer.uploadCode(`exports.handler = async () => ({ statusCode: 200 });`);
  try {
    const { runs_per_minute, queued_runs } = await limit({ runs_per_minute: 10 });
    assert.deepEqual([runs_per_minute, queued_runs], [10, 250_000]);
    await assert.rejects(limit({ runs_per_minute: -1 }), /400 .*"field":"runs_per_minute"/);
    const left = (refusal_: Response): number => Number(refusal_.headers.get('retry-after'));
    let refused = await callUntilRefused(fn, 21);
    // What follows is to be in the same minute.
    while (left(refused) < 10) refused = await callUntilRefused(fn, 21);
    assert.ok(left(refused) <= 60, `${left(refused)}`);
    assert.match(await refused.text(), /"type":"too_many_requests","code":"too_many_runs"/);
    assert.ok(
      Number((await post(`/millrace/v1/functions/${fn.id}/runs`, 1)).headers.get('retry-after')) >= 1,
    );
    const waiting = await start(fn);
    assert.equal((await seen(waiting.id)).status, 'queued');
    await limit({ runs_per_minute: null });
    assert.equal((await ended(waiting.id)).status, 'succeeded');
  } finally {
    await limit({ runs_per_minute: null });
  }
  const { data: alarms } = await until(
    () => customer.json<{ data: Run[] }>(`/millrace/v1/functions/${alarm.id}/runs`),
    ({ data }) => data.length > 0,
  );
  const told = await customer.json<{ event: { data: Record<string, unknown> } }>(
    `/millrace/v1/runs/${alarms[0]?.id}/input`,
  );
  assert.deepEqual([told.event.data.limit, told.event.data.allowed], ['runs_per_minute', 10]);
});

test('an account over its seconds a minute, or its runs at a time, is refused', { skip }, async () => {
  const slow = await customer.uploadCode(
    `exports.handler = ({ body }) => new Promise((resolve) => setTimeout(() => resolve({ statusCode: 200 }), Number(body) || 400));`,
  );
  assert.equal((await customer.call(slow)).status, 200);
  try {
    await limit({ execution_seconds_per_minute: 1 });
    assert.match(await (await callUntilRefused(slow, 9)).text(), /1 seconds/);
    await limit({ execution_seconds_per_minute: null, concurrent_runs: 2 });
    const twoSeconds = { method: 'POST', body: '2000' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => customer.call(slow, twoSeconds)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 429, 429]);
    const runs = await Promise.all([1, 2, 3, 4, 5].map(() => start(slow)));
    for (const { id } of runs) assert.equal((await ended(id)).status, 'succeeded');
  } finally {
    await limit({ execution_seconds_per_minute: null, concurrent_runs: null });
  }
  assert.equal((await customer.call(slow)).status, 200);
});
