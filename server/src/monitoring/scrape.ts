// The numbers as text, for one that asks: reads what has to be read, at most one reader at a time, the
// database at most once in some seconds. Called by metrics-server.ts.
import { Registry, type RegistryContentType } from 'prom-client';
import type { Gauges, NodeFacts } from './gauges.ts';
import type { QueueFacts } from './queue-facts-store.ts';

export type Scrape = (isOpenMetrics: boolean) => Promise<{ text: string; contentType: string }>;

type Parts = {
  registry: Registry<RegistryContentType>;
  gauges: Gauges;
  nodeFacts(): Promise<NodeFacts>;
  wholeFacts(): Promise<QueueFacts>;
  /** Called with why the database didn't answer. */
  onError(error: unknown): void;
};

/** How long what the database said is believed. ms */
const BELIEVED_MS = 5_000;
/** A scrape has to be answered before its reader gives up, also when the database says nothing. ms */
const PATIENCE_MS = 3_000;

export function createScrape({ registry, gauges, nodeFacts, wholeFacts, onError }: Parts): Scrape {
  let last: { atMs: number; facts: QueueFacts | null } = { atMs: Number.NEGATIVE_INFINITY, facts: null };
  const whole = async (): Promise<QueueFacts | null> => {
    if (performance.now() - last.atMs > BELIEVED_MS) {
      const read = wholeFacts().catch((error: unknown) => {
        onError(error);
        return null;
      });
      const facts = await Promise.race([read, patience()]);
      last = { atMs: performance.now(), facts };
    }
    return last.facts;
  };
  let queue: Promise<unknown> = Promise.resolve();
  return (isOpenMetrics) => {
    const scraped = queue.then(async () => {
      gauges.fill(await nodeFacts(), await whole());
      return await textOf(registry, isOpenMetrics);
    });
    queue = scraped.catch(() => {});
    return scraped;
  };
}

/** The library takes `_total` from its counters' names to write OpenMetrics, and leaves them so. */
async function textOf(
  registry: Registry<RegistryContentType>,
  isOpenMetrics: boolean,
): Promise<{ text: string; contentType: string }> {
  const { OPENMETRICS_CONTENT_TYPE, PROMETHEUS_CONTENT_TYPE } = Registry;
  registry.setContentType(isOpenMetrics ? OPENMETRICS_CONTENT_TYPE : PROMETHEUS_CONTENT_TYPE);
  const metrics = registry.getMetricsAsArray() as { name: string }[];
  const names = metrics.map(({ name }) => name);
  try {
    return { text: await registry.metrics(), contentType: registry.contentType };
  } finally {
    for (const [at, metric] of metrics.entries()) metric.name = names[at] as string;
  }
}

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS).unref());
}
