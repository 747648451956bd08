// Durable work from its cause to its end: an event to the first line of the function that it starts, runs a
// second, 1,000 schedules that are due in the same minute, a chain of three runs of which each publishes the
// event that starts the next, and what one account's full queue costs another. Beside them, in the same run,
// the synchronous call of a function, and what the database commits.
import type { HostedFunction } from '../server/test/promises/customer.ts';
import { besideFullQueue } from './beside-full-queue.ts';
import { DurableScene, FIRST_LINE, NO_OP, percentile } from './durable-scene.ts';
import { commitsPerSecond, syncCallP50 } from './floor.ts';
import { leanCall } from './lean-client.ts';
import { processorTime } from './processor-time.ts';
import { sleep } from './sleep.ts';
import { printTable } from './table.ts';

const SAMPLES = 200;
const PAUSE_MS = 25;
const CHAINS = 50;
const RUNS = 6_000;
const FUNCTIONS = 4;
const BATCH = 500;
const SCHEDULES = 1_000;
const QUEUED = 100_000;
const LINKS = ['subscription:created', 'subscription:modified', 'subscription:completed'];

const scene = await DurableScene.open();
try {
  printTable('floors of this run', [
    {
      'warm call, p50 ms': (await syncCallP50(scene)).toFixed(2),
      'commits/s, one at a time': (await commitsPerSecond(scene, 1)).toFixed(0),
      'commits/s, 16 at a time': (await commitsPerSecond(scene, 16)).toFixed(0),
    },
  ]);
  printTable(`published -> first line of the function, ${SAMPLES} times, one at a time`, [
    await eventToStart(),
  ]);
  printTable(`three runs, each publishes the event of the next, ${CHAINS} times`, [await chains()]);
  printTable(`${RUNS} no-op runs of ${FUNCTIONS} functions, from the first event to the last end`, [
    await runs(),
  ]);
  printTable(`${SCHEDULES} schedules of one minute: late by`, await schedules());
  printTable(
    `another account's single run beside ${QUEUED} queued ones, published -> first line`,
    await besideFullQueue(scene, QUEUED),
  );
} finally {
  await scene.close();
}

function distribution(ms: readonly number[]): Record<string, string> {
  return {
    'p50 ms': percentile(ms, 0.5).toFixed(2),
    'p90 ms': percentile(ms, 0.9).toFixed(2),
    'p99 ms': percentile(ms, 0.99).toFixed(2),
  };
}

/** @returns ms from before the event was sent to the first line of the last function that it leads to */
async function oneEvent(type: string, last: () => Promise<string>): Promise<number> {
  const sentAt = process.hrtime.bigint();
  await scene.publish({ type, item_id: 'one' });
  return Number(BigInt(await last()) - sentAt) / 1e6;
}

async function eventToStart(): Promise<Record<string, string>> {
  const fn = await scene.upload(FIRST_LINE);
  await scene.listen(fn, 'order:created');
  const { url, token } = scene.millrace;
  const body = JSON.stringify({ type: 'order:created', item_id: 'one' });
  const request = { url: `${url}/millrace/v1/events`, token, body };
  const ms: number[] = [];
  for (let sample = -10; sample < SAMPLES; sample += 1) {
    const sentAt = process.hrtime.bigint();
    const { data } = JSON.parse(await leanCall(request)) as { data: { runs: string[] }[] };
    const runId = data[0]?.runs[0];
    const startedAt = BigInt(await scene.result(runId as string));
    if (sample >= 0) ms.push(Number(startedAt - sentAt) / 1e6);
    await sleep(PAUSE_MS);
  }
  return distribution(ms);
}

async function chains(): Promise<Record<string, string>> {
  const fns: HostedFunction[] = [];
  for (const [at, type] of LINKS.entries()) {
    const fn = await scene.upload(at === LINKS.length - 1 ? FIRST_LINE : linkCode(LINKS[at + 1] as string));
    await scene.listen(fn, type);
    fns.push(fn);
  }
  const ms: number[] = [];
  for (let sample = -3; sample < CHAINS; sample += 1) {
    const took = await oneEvent(LINKS[0] as string, () =>
      newestResult(fns.at(-1) as HostedFunction, sample + 4),
    );
    if (sample >= 0) ms.push(took);
    await sleep(PAUSE_MS);
  }
  return distribution(ms);
}

/** What the newest of so many runs returned. */
async function newestResult(fn: HostedFunction, count: number): Promise<string> {
  const done = await scene.succeeded(fn, count);
  const newest = done.reduce((one, other) => (one.created_at > other.created_at ? one : other));
  return await scene.result(newest.id);
}

function linkCode(next: string): string {
  const { url, token } = scene.millrace;
  return `exports.handler = async () => {
    const answer = await fetch('${url}/millrace/v1/events', { method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer ${token}' },
      body: '{"type":"${next}","item_id":"one"}' });
    if (!answer.ok) throw new Error(String(answer.status));
    await answer.arrayBuffer();
    return null;
  };`;
}

async function runs(): Promise<Record<string, string>> {
  const fns: HostedFunction[] = [];
  for (let number = 0; number < FUNCTIONS; number += 1) {
    const fn = await scene.upload(NO_OP, `no-op ${number}`);
    await scene.listen(fn, 'invoice:created');
    fns.push(fn);
  }
  const events = Array.from({ length: BATCH }, (_, at) => ({ type: 'invoice:created', item_id: `I${at}` }));
  await scene.publish(events.slice(0, 10));
  for (const fn of fns) await scene.succeeded(fn, 10);
  const before = processorTime(scene.millrace);
  const startedAt = Date.now();
  for (let sent = 0; sent < RUNS / FUNCTIONS; sent += BATCH) await scene.publish(events);
  const acceptedAt = Date.now();
  const ends: number[] = [];
  for (const fn of fns) {
    const done = await scene.succeeded(fn, RUNS / FUNCTIONS + 10);
    ends.push(...done.map((run) => Date.parse(run.ended_at as string)));
  }
  const after = processorTime(scene.millrace);
  const tookS = (Math.max(...ends) - startedAt) / 1000;
  return {
    'runs/s': (RUNS / tookS).toFixed(0),
    'accepted within ms': String(acceptedAt - startedAt),
    'server CPU ms each': ((after.server - before.server) / RUNS).toFixed(3),
    'PostgreSQL CPU ms each': ((after.database - before.database) / RUNS).toFixed(3),
  };
}

async function schedules(): Promise<Record<string, string>[]> {
  const fns: HostedFunction[] = [];
  for (let number = 0; number < 10; number += 1) fns.push(await scene.upload(NO_OP, `due ${number}`));
  // Time enough to make them all before the minute turns.
  const minute = new Date(Math.ceil((Date.now() + 20_000) / 60_000) * 60_000);
  const cron = `${minute.getUTCMinutes()} ${minute.getUTCHours()} * * *`;
  for (let number = 0; number < SCHEDULES; number += 20) {
    const some = Array.from({ length: 20 }, (_, at) => fns[(number + at) % fns.length] as HostedFunction);
    await Promise.all(
      some.map((fn) =>
        scene.post('/millrace/v1/triggers', { function_id: fn.id, kind: 'schedule', settings: { cron } }),
      ),
    );
  }
  if (Date.now() > minute.getTime()) throw new Error('the schedules were not made before their minute');
  const done = (await Promise.all(fns.map((fn) => scene.ended(fn, SCHEDULES / fns.length)))).flat();
  const succeeded = String(done.filter(({ status }) => status === 'succeeded').length);
  const late = (at: 'created_at' | 'started_at'): number[] =>
    done.map((run) => Date.parse(run[at] as string) - minute.getTime());
  return [
    { '': 'its run is accepted', ...distribution(late('created_at')), succeeded },
    { '': 'its run has started', ...distribution(late('started_at')), succeeded },
  ];
}
