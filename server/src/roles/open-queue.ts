// Opens the queue of runs: this node's life in the database, the call that wakes workers, and the way in for
// new runs. What takes runs out again is start-worker.ts.
import { hostname } from 'node:os';
import { installationName } from '../../../contract/paths.ts';
import { systemClock } from '../clock/clock.ts';
import type { KeptBytes } from '../limits/kept-bytes.ts';
import type { NearWatch } from '../limits/near-watch.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { observeStatements } from '../postgres/observe-statements.ts';
import { createDurableQueue } from '../queue/durable-queue.ts';
import { NodeLife } from '../queue/node-life.ts';
import { QueueDepth } from '../queue/queue-depth.ts';
import { WAKE_CHANNEL, WakeCall } from '../queue/wake-call.ts';
import type { RunChanges } from '../run-streams/run-changes.ts';
import type { Monitoring } from './open-monitoring.ts';
import type { Platform } from './platform.ts';

/** Connections that requests can't take: a lease that isn't renewed in time costs every run in hand. */
const URGENT_CONNECTIONS = 4;
/** A silent connection must not cost more than a lease. ms */
const URGENT_TIMEOUT_MS = 10_000;

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'hearing' | 'keys'> & {
  /** Of the database. */
  url: string;
  near: NearWatch;
  kept: KeptBytes;
  changes: Pick<RunChanges, 'announce'>;
  monitoring: Monitoring | null;
};

export type OpenedQueue = Pick<Platform, 'node' | 'queue' | 'wakeCall'> & { urgent: Database };

export async function openQueue(parts: Parts): Promise<OpenedQueue> {
  const { config, log, endings, hearing, keys, url } = parts;
  const opened = openDatabase(
    url,
    (error) => log.warn({ reason: error.message }, 'a database connection was lost'),
    URGENT_CONNECTIONS,
    URGENT_TIMEOUT_MS,
  );
  const { monitoring } = parts;
  const urgent = monitoring === null ? opened : observeStatements(opened, monitoring.statement);
  endings.push(() => urgent.close());
  const node = await NodeLife.begin({
    ...{ sql: urgent, roles: config.roles, leaseMs: config.limits.nodeLeaseMs, log },
    keyMark: keys.masterMark,
    place: `${hostname()}/${config.installation ?? installationName(config.dataDir)}`,
  });
  endings.push(() => node.end());
  const wakeCall = new WakeCall({ sql: urgent, log, node: () => node.id, others: () => node.others });
  endings.push(async () => wakeCall.close());
  hearing.on(
    WAKE_CHANNEL,
    (sender) => wakeCall.heard(sender),
    () => wakeCall.heard(''),
  );
  const queue = createDurableQueue({
    keys,
    depth: new QueueDepth(config.limits.queuedRuns, systemClock, parts.near),
    inputLimitBytes: config.limits.inputBytes,
    kept: parts.kept,
    announce: (sql, runs) => parts.changes.announce(sql, runs),
    wake: () => wakeCall.call(),
  });
  return { urgent, node, queue, wakeCall };
}
