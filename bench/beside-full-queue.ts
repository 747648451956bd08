// What one account's full queue costs another: a single event of the second account to its function's first
// line, without and beside 100,000 queued runs of the first that are being worked on. Called by durable.ts.
import { embeddedDatabaseOf, makeSecondAccount } from '../server/test/promises/second-account.ts';
import { type DurableScene, FIRST_LINE, NO_OP, percentile } from './durable-scene.ts';
import { sleep } from './sleep.ts';

/** So many that one stall is not the p99. */
const SAMPLES = 400;
const PAUSE_MS = 25;
const FUNCTIONS = 4;
const BATCH = 500;
/**
 * What the queue is filled with, and what is left when the last sample was taken: in between it was never
 * empty.
 */
type Backlog = { queued: number; left: number };

export async function besideFullQueue(
  scene: DurableScene,
  queued: number,
): Promise<Record<string, string>[]> {
  const database = embeddedDatabaseOf(scene.millrace);
  try {
    const second = await makeSecondAccount(scene.millrace);
    const other = scene.as(second.token);
    await other.listen(await other.upload(FIRST_LINE), 'order:created');
    await eventsToStart(other, 10);
    const without = await eventsToStart(other, SAMPLES);
    await fillQueue(scene, queued);
    const beside = await eventsToStart(other, SAMPLES);
    const [row] = await database.query<{ left: number }>(
      `select count(*) as left from runs where account_id <> $1 and status = 'queued'`,
      [second.id],
    );
    return rowsOf(without, beside, { queued, left: row?.left ?? 0 });
  } finally {
    await database.close();
  }
}

/** Held back while they are made, then let go all at once. */
async function fillQueue(scene: DurableScene, queued: number): Promise<void> {
  const fns = [];
  for (let number = 0; number < FUNCTIONS; number += 1) {
    const fn = await scene.upload(NO_OP, `queued ${number}`);
    await scene.listen(fn, 'product:created');
    await scene.post(`/millrace/v1/functions/${fn.id}/pause`, {});
    fns.push(fn);
  }
  const events = Array.from({ length: BATCH }, (_, at) => ({ type: 'product:created', item_id: `P${at}` }));
  for (let made = 0; made < queued; made += BATCH * FUNCTIONS) await scene.publish(events);
  for (const fn of fns) await scene.post(`/millrace/v1/functions/${fn.id}/resume`, {});
}

/** @returns ms from before each event was sent to the first line of the function that it starts */
async function eventsToStart(scene: DurableScene, samples: number): Promise<number[]> {
  const ms: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const sentAt = process.hrtime.bigint();
    const [runId] = await scene.publish({ type: 'order:created', item_id: 'one' });
    const startedAt = BigInt(await scene.result(runId as string));
    ms.push(Number(startedAt - sentAt) / 1e6);
    await sleep(PAUSE_MS);
  }
  return ms;
}

function rowsOf(
  without: readonly number[],
  beside: readonly number[],
  { queued, left }: Backlog,
): Record<string, string>[] {
  const at = (share: number): [number, number] => [percentile(without, share), percentile(beside, share)];
  const row = (
    name: string,
    pick: (pair: [number, number]) => number,
    more: string,
  ): Record<string, string> => ({
    '': name,
    'p50 ms': pick(at(0.5)).toFixed(2),
    'p90 ms': pick(at(0.9)).toFixed(2),
    'p99 ms': pick(at(0.99)).toFixed(2),
    'still queued': more,
  });
  return [
    row('without', ([calm]) => calm, '0'),
    row(`beside ${queued} queued runs`, ([, busy]) => busy, String(left)),
    row('later by', ([calm, busy]) => busy - calm, ''),
  ];
}
