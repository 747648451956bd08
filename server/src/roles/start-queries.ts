// Starts queries: a ticker writes their executions, a claim engine answers them and queues their functions'
// runs; and Millrace's own API. Queries read the platform's records over connections of their own, so that a
// slow one delays nothing else.
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { queryEndpoints } from '../api/query-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { createTimetableCache } from '../cron/timetable-cache.ts';
import { newItemId, newRunId } from '../ids/ids.ts';
import { openDatabase } from '../postgres/database.ts';
import { startClaimEngine } from '../queue/claim-engine.ts';
import { type AnswerQuery, createQueryAnswerer, databasesFor } from '../sources/queries/answer-query.ts';
import { EXECUTIONS } from '../sources/queries/execution-store.ts';
import { askOwn } from '../sources/queries/query-databases.ts';
import { QUERIES_CHANNEL } from '../sources/queries/query-store.ts';
import { startQueryTicker } from '../sources/queries/tick-queries.ts';
import { createExecutionWorker } from '../sources/queries/work-execution.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'database' | 'hearing' | 'queue'> & {
  /** Of the platform's own database. */
  url: string;
  firstAccountId: string;
};

const TIMETABLES = 2_000;

export function startQueries(parts: Parts): ApiEndpoint[] {
  const { config, database, firstAccountId } = parts;
  const { queryGroups: mostGroups, queryTimeoutMs: timeoutMs, queriesAtOnce: mostAtOnce } = config.limits;
  const timetables = createTimetableCache(TIMETABLES);
  const reading = openReading(parts);
  const facts = { databases: config.querySources, firstAccountId };
  const answererOf = (most: number): AnswerQuery =>
    createQueryAnswerer({ ...facts, askOwn: reading, mostGroups, timeoutMs, mostAtOnce: most });
  // The engine bounds itself: what is asked by hand doesn't keep it waiting, nor the other way round.
  startEngines(parts, { timetables, answer: answererOf(2 * mostAtOnce), mostAtOnce });
  return queryEndpoints({
    ...{ database, timetables, answer: answererOf(mostAtOnce), clock: systemClock },
    ...{ newQueryId: newItemId, newExecutionId: () => newRunId(systemClock()) },
    connectionsOf: (world) => databasesFor(facts, world).map(({ name, kind }) => ({ name, kind })),
    mostQueries: config.limits.queriesPerAccount,
  });
}

function openReading({ config, log, endings, url }: Parts): ReturnType<typeof askOwn> {
  const warn = (error: Error): void =>
    log.warn({ reason: error.message }, 'a database connection of queries was lost');
  const reader = openDatabase(url, warn, 2 * config.limits.queriesAtOnce);
  endings.push(() => reader.close());
  return askOwn(reader);
}

type Going = { timetables: ReturnType<typeof createTimetableCache>; answer: AnswerQuery; mostAtOnce: number };

function startEngines(
  { config, log, endings, database, hearing, queue }: Parts,
  { timetables, answer, mostAtOnce }: Going,
): void {
  if (config.roles.includes('scheduler')) {
    const ticker = startQueryTicker({ database, timetables, newExecutionId: newRunId, log });
    endings.push(() => ticker.stop());
    hearing.on(QUERIES_CHANNEL, ticker.wake, ticker.wake);
  }
  if (!config.roles.includes('worker')) return;
  const engine = startClaimEngine({
    ...{ sql: database, table: EXECUTIONS, subject: 'executions of queries', log },
    work: createExecutionWorker({ database, queue, answer, newRunId, clock: systemClock, log }),
    ...{ most: mostAtOnce, retentionDays: config.limits.runRetentionDays },
  });
  endings.push(() => engine.stop());
  hearing.on(QUERIES_CHANNEL, engine.wake, engine.wake);
}
