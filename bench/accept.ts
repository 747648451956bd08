// How many causes a second are accepted, that is: answered after their commit, with the runs that they start.
// 16 clients, events and webhooks; the function is paused, so that nothing but accepting is measured. Beside
// it what the same database commits at all.
import autocannon from 'autocannon';
import { DurableScene, NO_OP, percentile } from './durable-scene.ts';
import { commitsPerSecond } from './floor.ts';
import { processorTime } from './processor-time.ts';
import { printTable } from './table.ts';

const CLIENTS = 16;
const SECONDS = 6;
const WARM_UP_SECONDS = 2;

const scene = await DurableScene.open({ MILLRACE_QUEUED_RUNS: '5000000' });
try {
  const fn = await scene.upload(NO_OP);
  await scene.post(`/millrace/v1/functions/${fn.id}/pause`, {});
  const hook = await scene.post<{ url: string }>('/millrace/v1/triggers', {
    ...{ function_id: fn.id, kind: 'webhook', settings: {} },
  });
  await scene.listen(fn, 'order:created');
  const event = JSON.stringify({
    type: 'order:created',
    item_id: 'OR1',
    data: { order_id: 'OR1', total: 12.5 },
  });
  printTable(`accepted and committed, ${CLIENTS} clients, ${SECONDS} s each`, [
    await accepted('webhooks', new URL(hook.url).pathname, '{"order_id":"OR1","total":12.5}'),
    await accepted('events', '/millrace/v1/events', event),
    await accepted(
      'events that nobody hears',
      '/millrace/v1/events',
      event.replace('order:created', 'order:fulfilled'),
    ),
    ...(await floor()),
  ]);
} finally {
  await scene.close();
}

async function accepted(name: string, path: string, body: string): Promise<Record<string, string>> {
  await drive(path, body, WARM_UP_SECONDS);
  const before = processorTime(scene.millrace);
  const { latencies, seconds } = await drive(path, body, SECONDS);
  const after = processorTime(scene.millrace);
  const each = (ms: number): string => (ms / latencies.length).toFixed(3);
  return {
    '': name,
    'per second': (latencies.length / seconds).toFixed(0),
    'p50 ms': percentile(latencies, 0.5).toFixed(2),
    'p99 ms': percentile(latencies, 0.99).toFixed(2),
    'server CPU ms each': each(after.server - before.server),
    'PostgreSQL CPU ms each': each(after.database - before.database),
  };
}

/** @throws Error when anything was answered but 2xx */
async function drive(
  path: string,
  body: string,
  duration: number,
): Promise<{ latencies: number[]; seconds: number }> {
  const latencies: number[] = [];
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${scene.millrace.token}` };
  const url = `${scene.millrace.url.replace('localhost', '127.0.0.1')}${path}`;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options = { url, method: 'POST', headers, body, connections: CLIENTS, duration } as const;
    const instance = autocannon(options, (error, done) => (error ? reject(error as Error) : resolve(done)));
    instance.on('response', (_client, _status, _bytes, ms) => latencies.push(ms));
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${path}: ${result.non2xx} refused, ${result.errors} errors`);
  return { latencies, seconds: result.duration };
}

async function floor(): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = [];
  for (const connections of [1, CLIENTS]) {
    const perSecond = await commitsPerSecond(scene, connections);
    rows.push({
      '': `PostgreSQL, one row a commit, ${connections} at a time`,
      'per second': perSecond.toFixed(0),
    });
  }
  return rows;
}
