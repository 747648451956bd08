// The floors of durable work: single rows committed to the same PostgreSQL, one at a time and from 16
// connections, and the call of a warm function that is recorded behind its answer.
import path from 'node:path';
import { type Database, openDatabase } from '../server/src/postgres/database.ts';
import { type DurableScene, percentile } from './durable-scene.ts';

const SECONDS = 3;

/** The embedded database of a Millrace: reached by root alone. */
export function databaseOf({ millrace }: DurableScene, connections: number): Database {
  const socketDir = encodeURIComponent(path.join(millrace.dataDir, 'pg'));
  return openDatabase(`postgres://millrace@localhost/postgres?host=${socketDir}`, () => {}, connections);
}

export async function commitsPerSecond(scene: DurableScene, connections: number): Promise<number> {
  const database = databaseOf(scene, connections);
  try {
    await database.query('create table if not exists bench_floor (id bigserial primary key, body text)');
    let commits = 0;
    const until = performance.now() + SECONDS * 1000;
    const commit = async (): Promise<void> => {
      for (; performance.now() < until; commits += 1) {
        await database.query('insert into bench_floor (body) values ($1)', ['x'.repeat(300)], 'floor');
      }
    };
    await Promise.all(Array.from({ length: connections }, commit));
    await database.query('drop table bench_floor');
    return commits / SECONDS;
  } finally {
    await database.close();
  }
}

/** ms */
export async function syncCallP50(scene: DurableScene): Promise<number> {
  const fn = await scene.upload(`exports.handler = async () => ({ statusCode: 200, body: '' });`, 'called');
  const latencies: number[] = [];
  for (let calls = 0; calls < 200; calls += 1) {
    const startedAt = performance.now();
    await (await scene.customer.call(fn)).arrayBuffer();
    latencies.push(performance.now() - startedAt);
  }
  return percentile(latencies, 0.5);
}
