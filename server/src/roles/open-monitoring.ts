// What operators' monitoring reads: the instruments, the seams that they are put into, and the port at which
// they are read. Without MILLRACE_METRICS_PORT there is none of it, and nothing is measured. Called by
// open-foundation.ts, and by serve.ts once there is something to read.
import { stat, statfs } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry, type RegistryContentType } from 'prom-client';
import { explain } from '../../../process/explain.ts';
import type { BuildFollower } from '../builds/settle-builds.ts';
import type { Config } from '../config/config.ts';
import { ENDPOINT_PREFIXES } from '../dialects/hubspot/catalog/endpoint-path.ts';
import type { EventPublishing } from '../events/publish-events.ts';
import { createGauges, type NodeFacts } from '../monitoring/gauges.ts';
import { createInstruments, type Instruments } from '../monitoring/instruments.ts';
import { openMetricsServer } from '../monitoring/metrics-server.ts';
import { readQueueFacts } from '../monitoring/queue-facts-store.ts';
import { createScrape } from '../monitoring/scrape.ts';
import { watchRequests } from '../monitoring/watch-requests.ts';
import { createRunCounter } from '../monitoring/watch-runs.ts';
import type { ObserveStatement } from '../postgres/observe-statements.ts';
import { waitOfWal } from '../postgres/wal-archive.ts';
import type { Settler } from '../queue/settler.ts';
import type { RunWatch } from '../runs/run-watch.ts';
import type { SandboxDriver } from '../sandbox/sandbox-driver.ts';
import type { SandboxPool } from '../sandbox/sandbox-pool.ts';
import type { AttemptDelivery } from '../subscriptions/attempt-delivery.ts';
import { lastBackupFile } from './make-copy.ts';
import type { Foundation } from './open-foundation.ts';
import { ownVersion } from './own-version.ts';

export type Monitoring = {
  statement: ObserveStatement;
  runs: RunWatch;
  pool: { onStart(result: 'ready' | 'failed', ms: number): void; onWaited(ms: number): void };
  settled(ms: number): void;
  rejected(): void;
  requests(http: FastifyInstance): void;
  /** The same, counted. */
  publishing(publishing: EventPublishing): EventPublishing;
  deliveries(attempt: AttemptDelivery): AttemptDelivery;
  builds(follower: BuildFollower): BuildFollower;
  /** Resolves once it can be read. */
  listen(read: Read): Promise<void>;
};

type Read = Pick<Foundation, 'config' | 'log' | 'endings' | 'stopping' | 'urgent'> & {
  pool: SandboxPool;
  driver: SandboxDriver;
  http: FastifyInstance;
  /** Of a node that executes queued runs. */
  settler: Pick<Settler, 'backlog'> | null;
};

/** @returns null where nothing is to be measured */
export function openMonitoring({ metricsPort }: Config): Monitoring | null {
  if (metricsPort === null) return null;
  const registry = new Registry<RegistryContentType>();
  collectDefaultMetrics({ register: registry });
  const instruments = createInstruments(registry);
  return { ...seamsOf(instruments), listen: (read) => listen(registry, read) };
}

/** What the beginning of a route's pattern says of its purpose; the first that fits counts. */
const DOORS: readonly (readonly [prefix: string, door: string])[] = [
  ...['/func/', '/fn/', ...ENDPOINT_PREFIXES].map((prefix) => [prefix, 'call'] as const),
  ['/hook/', 'webhook'],
  ['/mcp', 'assistants'],
  ['/millrace/v1/events', 'events'],
  ['/', 'api'],
];

function seamsOf(instruments: Instruments): Omit<Monitoring, 'listen'> {
  const { statements, sandboxStart, sandboxWait, settle, events, deliveries, deliveryDuration } = instruments;
  return {
    statement: (name, ms) => statements.observe({ statement: name ?? 'other' }, ms / 1000),
    runs: createRunCounter(instruments),
    pool: {
      onStart: (result, ms) => sandboxStart.observe({ result }, ms / 1000),
      onWaited: (ms) => sandboxWait.observe(ms / 1000),
    },
    settled: (ms) => settle.observe(ms / 1000),
    rejected: () => instruments.rejections.inc(),
    requests: (http) => watchRequests(http, DOORS, instruments),
    publishing: (publishing) => ({
      ...publishing,
      publish: async (world, given, by) => {
        const accepted = await publishing.publish(world, given, by);
        events.inc({ mode: world.mode }, accepted.filter(({ isDuplicate }) => !isDuplicate).length);
        return accepted;
      },
    }),
    deliveries: (attempt) => async (claim, signal) => {
      const since = performance.now();
      const result = await attempt(claim, signal);
      deliveries.inc({ end: result.ended.end });
      deliveryDuration.observe((performance.now() - since) / 1000);
      return result;
    },
    builds: (follower) => async (sql, build) => {
      const followed = await follower(sql, build);
      instruments.builds.inc({ result: build.status });
      return followed;
    },
  };
}

async function listen(registry: Registry<RegistryContentType>, read: Read): Promise<void> {
  const { config, log, endings, urgent } = read;
  const onError = (error: unknown): void => log.warn({ err: error }, 'the metrics could not be read');
  const server = await explain('MILLRACE_METRICS_PORT', () =>
    openMetricsServer({
      ...{ port: config.metricsPort ?? 0, host: config.metricsHost },
      scrape: createScrape({
        ...{ registry, gauges: createGauges(registry, ownVersion()) },
        nodeFacts: () => nodeFacts(read),
        wholeFacts: () => readQueueFacts(urgent),
        onError,
      }),
      onError,
    }),
  );
  endings.push(() => server.close());
}

const MIB = 1024 * 1024;

async function nodeFacts({ config, pool, driver, http, settler, stopping }: Read): Promise<NodeFacts> {
  const { instances, idle, waiting, promisedMb } = pool.stats();
  const { bavail, bsize } = await statfs(config.dataDir);
  return {
    isReady: !stopping.aborted,
    busySandboxes: instances - idle,
    idleSandboxes: idle,
    blankSandboxes: driver.blanks?.() ?? 0,
    waitingRuns: waiting,
    promisedBytes: promisedMb * MIB,
    budgetBytes: config.limits.memoryBudgetMb * MIB,
    connections: await connectionsOf(http),
    backlog: settler?.backlog ?? 0,
    freeDiskBytes: bavail * bsize,
    walWaitS: config.walArchive === null ? null : (await waitOfWal(config.dataDir)).waitMs / 1000,
    lastBackupS: await stat(lastBackupFile(config.dataDir)).then(
      ({ mtimeMs }) => mtimeMs / 1000,
      () => null,
    ),
  };
}

function connectionsOf({ server }: FastifyInstance): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error === null ? count : 0));
  });
}
