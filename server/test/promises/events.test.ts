// What a publisher of account events, and the owner of functions that react to them, can rely on: through the
// public port, with real jails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Customer, type HostedFunction } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const MOST_DEPTH = 3;

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace({ env: { MILLRACE_EVENT_DEPTH: String(MOST_DEPTH) } });
  customer = new Customer(millrace);
});
after(() => millrace?.close());

type Accepted = { id: string; notations: string[]; runs: string[]; duplicate: boolean };
type Trigger = { id: string; paused_at: string | null; settings: Record<string, unknown> };
type QueuedRun = {
  id: string;
  function_id: string;
  status: string;
  trigger: string;
  cause: Record<string, unknown>;
};
type EventView = {
  id: string;
  item_id: string;
  depth: number;
  state: string;
  cause_run_id: string | null;
  data: Record<string, unknown>;
  runs: { id: string; function_id: string; trigger_id: string; notation: string; status: string }[];
};
type Refusal = { error: { code: string; field: string; message: string } };

const ENDED = ['succeeded', 'failed', 'timed_out', 'out_of_memory', 'crashed', 'cancelled', 'dead'];

function send(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function publish(body: unknown): Promise<Accepted[]> {
  const answer = await customer.request('/millrace/v1/events', send('POST', body));
  assert.equal(answer.status, 202, await answer.clone().text());
  return ((await answer.json()) as { data: Accepted[] }).data;
}

async function publishOne(body: unknown): Promise<Accepted> {
  const [accepted] = await publish(body);
  return accepted ?? assert.fail();
}

function listen(fn: HostedFunction, notations: string[], more: object = {}): Promise<Trigger> {
  const fields = { function_id: fn.id, kind: 'account_event', settings: { notations }, ...more };
  return customer.json('/millrace/v1/triggers', send('POST', fields));
}

async function refusal(path: string, init: RequestInit): Promise<[number, string, string]> {
  const answer = await customer.request(path, init);
  const { error } = (await answer.json()) as Refusal;
  return [answer.status, error.field, error.message];
}

async function ended(runId: string | undefined): Promise<QueuedRun> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const run = await customer.json<QueuedRun>(`/millrace/v1/runs/${runId}`);
    if (ENDED.includes(run.status)) return run;
    if (Date.now() > giveUpAt) assert.fail(`run ${runId} is still ${run.status}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const printing = (): Promise<HostedFunction> =>
  customer.uploadCode(
    `exports.handler = async (event) => { console.log('told ' + event.body); return { statusCode: 200 }; };`,
  );

test('an event starts the functions that listen, which are told of it', { skip }, async () => {
  const fn = await printing();
  const { id: triggerId } = await listen(fn, ['order:created']);
  const event = {
    type: 'order:created',
    item_id: 'OR1',
    data: { order_id: 'OR1', total: 12.5 },
    id: 'evt-1',
  };
  const accepted = await publishOne(event);
  assert.deepEqual(
    [accepted.id, accepted.notations, accepted.duplicate],
    ['evt-1', ['order:created'], false],
  );
  assert.equal(accepted.runs.length, 1);
  const run = await ended(accepted.runs[0]);
  assert.deepEqual([run.status, run.trigger, run.function_id], ['succeeded', 'account_event', fn.id]);
  assert.equal(run.cause.notation, 'order:created');
  const lines = await customer.logOf(run as never);
  const told = JSON.parse(lines.find((line) => line.includes('told '))?.replace(/^.*told /, '') ?? 'null');
  assert.deepEqual(told.data, { order_id: 'OR1', total: 12.5 });
  const view = await customer.json<EventView>('/millrace/v1/events/evt-1');
  assert.deepEqual(view.runs, [
    {
      ...{ id: run.id, function_id: fn.id, trigger_id: triggerId },
      notation: 'order:created',
      status: 'succeeded',
    },
  ]);
  const { data } = await customer.json<{ data: EventView[] }>('/millrace/v1/events?item_id=OR1');
  assert.deepEqual(
    data.map(({ id }) => id),
    ['evt-1'],
  );
});

test('the same id again, even at the same time, runs nothing twice', { skip }, async () => {
  await listen(await printing(), ['sale.created']);
  const event = { notations: ['sale.created.success'], item_id: 'S1', id: 'twice' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => publishOne(event)));
  assert.equal(answers.filter(({ duplicate }) => !duplicate).length, 1);
  assert.equal(new Set(answers.flatMap(({ runs }) => runs)).size, 1);
  await ended(answers[0]?.runs[0]);
});

test('a function runs once per event, for the most specific of its notations', { skip }, async () => {
  const fn = await printing();
  await listen(fn, ['customer.created', 'sale.created.success']);
  await listen(fn, ['sale.created']);
  const { runs } = await publishOne({
    ...{ notations: ['sale.created.success.paid', 'customer.created'], item_id: 'S1', item_type: 'sale' },
  });
  const views = await Promise.all(runs.map((id) => ended(id)));
  const own = views.filter((run) => run.function_id === fn.id);
  assert.deepEqual(
    own.map((run) => run.cause.notation),
    ['sale.created.success'],
  );
});

test('a batch is accepted whole, or refused with the event and the field that are wrong', {
  skip,
}, async () => {
  const events = Array.from({ length: 1000 }, (_, at) => ({ type: 'user:created', item_id: `U${at}` }));
  assert.equal((await publish({ events })).length, 1000);
  const bad = [...events.slice(0, 3), { type: 'usr:created', item_id: 'U', id: 'bad' }];
  const [status, field, message] = await refusal('/millrace/v1/events', send('POST', bad));
  assert.deepEqual([status, field], [400, '3.type']);
  assert.match(message, /near it are user:created/);
  assert.equal((await customer.request('/millrace/v1/events/bad')).status, 404);
  const tooMany = await refusal('/millrace/v1/events', send('POST', [...events, events[0]]));
  assert.deepEqual(tooMany.slice(0, 2), [413, 'events']);
});

test('a paused trigger holds its runs until it is resumed', { skip }, async () => {
  const trigger = await listen(await printing(), ['invoice:paid']);
  const paused = await customer.json<Trigger>(`/millrace/v1/triggers/${trigger.id}/pause`, {
    method: 'POST',
  });
  assert.ok(paused.paused_at !== null);
  const { runs } = await publishOne({ type: 'invoice:paid', item_id: 'I1' });
  const other = await listen(await printing(), ['invoice:created']);
  const { runs: others } = await publishOne({ type: 'invoice:created', item_id: 'I1' });
  assert.equal((await ended(others[0])).status, 'succeeded');
  assert.equal((await customer.json<QueuedRun>(`/millrace/v1/runs/${runs[0]}`)).status, 'queued');
  await customer.json(`/millrace/v1/triggers/${trigger.id}/resume`, { method: 'POST' });
  assert.equal((await ended(runs[0])).status, 'succeeded');
  const gone = await customer.request(`/millrace/v1/triggers/${other.id}`, { method: 'DELETE' });
  assert.equal(gone.status, 204);
  assert.deepEqual((await publishOne({ type: 'invoice:created', item_id: 'I1' })).runs, []);
});

test('a delayed trigger’s run waits', { skip }, async () => {
  await listen(await printing(), ['refund:deleted'], { delay_ms: 300_000 });
  const { runs } = await publishOne({ type: 'refund:deleted', item_id: 'R1' });
  assert.equal((await customer.json<QueuedRun>(`/millrace/v1/runs/${runs[0]}`)).status, 'queued');
});

test('a trigger that could never fire is refused with what may have been meant', { skip }, async () => {
  const fn = await printing();
  const fields = { function_id: fn.id, kind: 'account_event', settings: { notations: ['sale.creatd'] } };
  const [status, field, message] = await refusal('/millrace/v1/triggers', send('POST', fields));
  assert.deepEqual([status, field], [400, 'settings.notations']);
  assert.match(message, /near it are sale\.created/);
  const added = await customer.json<Record<string, unknown>>(
    '/millrace/v1/event-types',
    send('POST', { name: 'parcel.lost', description: 'Lost' }),
  );
  assert.deepEqual([added.builtin, added.platform_only], [false, false]);
  const trigger = await listen(fn, ['parcel.lost']);
  const own = await customer.json<{ data: Trigger[] }>(`/millrace/v1/triggers?function_id=${fn.id}`);
  assert.deepEqual(
    own.data.map(({ id }) => id),
    [trigger.id],
  );
  assert.equal((await publishOne({ notations: ['parcel.lost'], item_id: 'P' })).runs.length, 1);
  const removed = await customer.request('/millrace/v1/event-types/parcel.lost', { method: 'DELETE' });
  assert.equal(removed.status, 204);
  assert.equal(
    (await refusal('/millrace/v1/events', send('POST', { type: 'parcel.lost', item_id: 'P' })))[0],
    400,
  );
});

test('a changed trigger counts from the next event on', { skip }, async () => {
  const trigger = await listen(await printing(), ['gateway:created']);
  const settings = { notations: ['gateway:modified'], campaigns: ['spring'] };
  await customer.json(`/millrace/v1/triggers/${trigger.id}`, send('PATCH', { settings }));
  const startedBy = async (event: object): Promise<number> =>
    (await publishOne({ item_id: 'G', ...event })).runs.length;
  assert.equal(await startedBy({ type: 'gateway:created' }), 0);
  assert.equal(await startedBy({ type: 'gateway:modified' }), 0);
  assert.equal(await startedBy({ type: 'gateway:modified', campaign: 'spring' }), 1);
});

test('a failed run is an event, which an alarm hears and which doesn’t feed itself', { skip }, async () => {
  const broken = await customer.uploadCode(
    `exports.handler = async () => { throw new Error('no \\0 more'); };`,
  );
  const alarm = await customer.uploadCode(
    `exports.handler = async () => { throw new Error('alarm, too'); };`,
  );
  await listen(broken, ['shipment:created']);
  await listen(alarm, ['function.failed']);
  const { runs } = await publishOne({ type: 'shipment:created', item_id: 'SH1' });
  await ended(runs[0]);
  const events = async (itemId: string): Promise<EventView[]> =>
    (await customer.json<{ data: EventView[] }>(`/millrace/v1/events?type=function.failed&item_id=${itemId}`))
      .data;
  /** The latest event about it, once it has started something. */
  const heard = async (itemId: string): Promise<EventView> => {
    for (const giveUpAt = Date.now() + 30_000; Date.now() < giveUpAt; ) {
      const [event] = await events(itemId);
      const whole = event && (await customer.json<EventView>(`/millrace/v1/events/${event.id}`));
      if (whole?.runs[0] !== undefined) return whole;
    }
    return assert.fail('nobody hears it');
  };
  const first = await heard(broken.id);
  assert.deepEqual([first.data.run_id, first.depth], [runs[0], 1]);
  assert.equal((await ended(first.runs[0]?.id)).function_id, alarm.id);
  // The alarm failed at that, which is said once: its own failure at its own alarm isn't.
  assert.equal((await ended((await heard(alarm.id)).runs[0]?.id)).function_id, alarm.id);
  assert.equal((await events(alarm.id)).length, 1);
});

test('publishing needs its permission, and events are not seen from the test world', { skip }, async () => {
  const { token } = await customer.json<{ token: string }>(
    '/api/v1/auths/secret?test=true',
    send('POST', { permissions: [{ resource: 'events', methods: ['read'], allow: true }] }),
  );
  const reader = new Customer(millrace, token);
  const refused = await reader.request(
    '/millrace/v1/events',
    send('POST', { type: 'order:created', item_id: 'x' }),
  );
  assert.equal(refused.status, 403);
  assert.equal((await reader.request('/millrace/v1/events/evt-1')).status, 404);
});

test('a function that publishes what starts it, and says which run it is, comes to rest', {
  skip,
}, async () => {
  await customer.json(
    '/millrace/v1/event-types',
    send('POST', { name: 'parcel.again', item_type: 'parcel' }),
  );
  const echo = await customer.uploadCode(
    `exports.handler = async (event, context) => {
       const answer = await fetch(process.env.PLATFORM + '/millrace/v1/events', {
         method: 'POST',
         headers: {
           authorization: 'Bearer ' + process.env.TOKEN,
           'content-type': 'application/json',
           'millrace-run': context.awsRequestId,
         },
         body: JSON.stringify({ type: 'parcel.again', item_id: 'P1' }),
       });
       console.log('ANSWERED ' + answer.status + ' ' + await answer.text());
     };`,
    { variables: { PLATFORM: millrace.url, TOKEN: customer.token } },
  );
  await listen(echo, ['parcel.again']);
  await publishOne({ type: 'parcel.again', item_id: 'P1' });
  const path = '/millrace/v1/events?type=parcel.again&state=routed';
  let events: EventView[] = [];
  for (const giveUpAt = Date.now() + 20_000; events.length <= MOST_DEPTH; ) {
    assert.ok(Date.now() < giveUpAt, `${events.length} events`);
    events = (await customer.json<{ data: EventView[] }>(path)).data;
  }
  assert.deepEqual(
    events.map(({ depth, state }) => [depth, state]),
    [3, 2, 1, 0].map((depth) => [depth, 'routed']),
  );
  const [last, before] = await Promise.all(
    events.slice(0, 2).map(({ id }) => customer.json<EventView>(`/millrace/v1/events/${id}`)),
  );
  assert.equal(last?.cause_run_id, before?.runs[0]?.id);
  assert.equal(events.at(-1)?.cause_run_id, null);
  const refused = await logOf(last?.runs[0]?.id ?? '', /ANSWERED/);
  assert.match(refused, /ANSWERED 422 .*"field":"Millrace-Run".*"limit":3/);
});

async function logOf(runId: string, sought: RegExp): Promise<string> {
  for (const giveUpAt = Date.now() + 10_000; Date.now() < giveUpAt; ) {
    const answer = await customer.request(`/millrace/v1/runs/${runId}/logs?limit=500`);
    const text = await answer.text();
    if (sought.test(text)) return text.replaceAll('\\"', '"');
  }
  return assert.fail(`run ${runId} didn't print ${sought}`);
}

test('a run that is not the publisher’s own, or over, is no cause; what is no id is refused', {
  skip,
}, async () => {
  const event = { type: 'order:created', item_id: 'OR-lineage' };
  const by = (run: string) =>
    customer.request('/millrace/v1/events', {
      ...send('POST', event),
      headers: { 'content-type': 'application/json', 'millrace-run': run },
    });
  const stranger = await by('0190b3a0-0000-7000-8000-000000000000');
  assert.equal(stranger.status, 202);
  const { data } = (await stranger.json()) as { data: Accepted[] };
  const kept = await customer.json<EventView>(`/millrace/v1/events/${data[0]?.id}`);
  assert.deepEqual([kept.depth, kept.cause_run_id], [0, null]);
  const malformed = await by('me');
  assert.equal(malformed.status, 400);
  assert.match(await malformed.text(), /Millrace-Run: must be the id of a run/);
});

test('an event that was routed has nothing to be routed again, and states are refused by name', {
  skip,
}, async () => {
  const { id } = await publishOne({ type: 'order:created', item_id: 'OR-routed' });
  const again = await customer.request(`/millrace/v1/events/${id}/route`, { method: 'POST' });
  assert.equal(again.status, 422, await again.text());
  const unknown = await customer.request('/millrace/v1/events/no-such/route', { method: 'POST' });
  assert.equal(unknown.status, 404, await unknown.text());
  const [status, field] = await refusal('/millrace/v1/events?state=lost', {});
  assert.deepEqual([status, field], [400, 'state']);
});
