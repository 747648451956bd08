// What is as it is at the moment when it is asked for: of this node, and of the whole installation as the
// database shows it. Of the latter every node says the same. Reads nothing itself: it is given what was read.
// Called by scrape.ts.
import { Gauge, type Registry, type RegistryContentType } from 'prom-client';
import type { QueueFacts } from './queue-facts-store.ts';

/** All in memory, or one look at the disk. */
export type NodeFacts = {
  isReady: boolean;
  busySandboxes: number;
  idleSandboxes: number;
  blankSandboxes: number;
  /** Runs that wait for a place in one. */
  waitingRuns: number;
  promisedBytes: number;
  budgetBytes: number;
  connections: number;
  /** Ends of runs that wait to be written. */
  backlog: number;
  freeDiskBytes: number;
  /** For how long the first segment waits to be archived; null: there is no archive. */
  walWaitS: number | null;
  /** Unix time of the newest backup that was made here; null: none was. s */
  lastBackupS: number | null;
};

export type Gauges = {
  /** @param whole null: the database didn't answer */
  fill(node: NodeFacts, whole: QueueFacts | null): void;
};

type Filled<Facts> = readonly [name: string, help: string, value: (facts: Facts) => number | null];

const OF_NODE: readonly Filled<NodeFacts>[] = [
  ['ready', 'Whether this node takes requests (1), or ends (0)', ({ isReady }) => Number(isReady)],
  ['sandbox_waiting_runs', 'Runs that wait for a place in an instance', (facts) => facts.waitingRuns],
  ['sandbox_memory_promised_bytes', 'Memory that instances are promised', (facts) => facts.promisedBytes],
  ['sandbox_memory_budget_bytes', 'Memory that instances may be promised', (facts) => facts.budgetBytes],
  ['http_connections', 'Open connections at the public port', (facts) => facts.connections],
  ['unwritten_ends', 'Attempts of the queue whose end is not written yet', (facts) => facts.backlog],
  ['disk_free_bytes', 'Free for the data directory', (facts) => facts.freeDiskBytes],
  ['wal_archive_wait_seconds', 'How long the log of changes waits to be archived', (facts) => facts.walWaitS],
  ['last_backup_timestamp_seconds', 'When the newest backup was made here', (facts) => facts.lastBackupS],
];

const OF_WHOLE: readonly Filled<QueueFacts>[] = [
  [
    'queue_oldest_due_seconds',
    'How long the run that is due for longest is due',
    (facts) => facts.run_late_s,
  ],
  ['dead_letters', 'Runs whose retries are spent, still on the list', (facts) => facts.dead_letters],
  ['deliveries_due', 'Deliveries that are due', (facts) => facts.deliveries_due],
  [
    'delivery_oldest_due_seconds',
    'How long the delivery that is due for longest is due',
    (f) => f.delivery_late_s,
  ],
  ['builds_open', 'Builds of packages that wait or go on', (facts) => facts.builds_open],
  ['events_unmatched', 'Events that are not matched yet', (facts) => facts.events_unmatched],
  ['nodes', 'Nodes whose lease is good', (facts) => facts.nodes],
  [
    'certificate_expiry_timestamp_seconds',
    'When the first of the certificates by ACME ends',
    (facts) => facts.certificate_expires_s,
  ],
  ['database_bytes', 'Size of the database', (facts) => facts.database_bytes],
];

export function createGauges(registry: Registry<RegistryContentType>, version: string): Gauges {
  const of = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `millrace_${name}`, help, labelNames, registers: [registry] });
  of('build_info', 'Which Millrace this is', ['version', 'node']).set({ version, node: process.version }, 1);
  const isUp = of('database_up', 'Whether the database answered this node when it was asked last');
  const sandboxes = of('sandboxes', 'Sandboxes of this node', ['state']);
  const runs = of('queue_runs', 'Runs of the queue, at most 100000 counted', ['state']);
  const ofNode = OF_NODE.map(([name, help, value]) => ({ gauge: of(name, help), value }));
  const ofWhole = OF_WHOLE.map(([name, help, value]) => ({ gauge: of(name, help), value }));
  return {
    fill: (node, whole) => {
      fillAll(ofNode, node);
      sandboxes.set({ state: 'busy' }, node.busySandboxes);
      sandboxes.set({ state: 'idle' }, node.idleSandboxes);
      sandboxes.set({ state: 'blank' }, node.blankSandboxes);
      isUp.set(whole === null ? 0 : 1);
      fillAll(ofWhole, whole);
      runs.reset();
      if (whole === null) return;
      runs.set({ state: 'queued' }, whole.queued - whole.held);
      runs.set({ state: 'held' }, whole.held);
      runs.set({ state: 'running' }, whole.running);
    },
  };
}

type Made<Facts> = { gauge: Gauge; value: Filled<Facts>[2] }[];

function fillAll<Facts>(gauges: Made<Facts>, facts: Facts | null): void {
  for (const { gauge, value } of gauges) {
    const read = facts === null ? null : value(facts);
    // What isn't known isn't shown as it was.
    if (read === null) gauge.remove();
    else gauge.set(read);
  }
}
